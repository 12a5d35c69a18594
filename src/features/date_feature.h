// A date column as several inputs: the elapsed time, the year, and the parts that come round again
// as points on a circle.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sinapse/features.h>

#include "data/column_cells.h"
#include "data/rows.h"
#include "features/calendar.h"

namespace sinapse {

/// The parts of a date that come round again; part k of n becomes the point
/// (sin 2 pi k / n, cos 2 pi k / n), so that December is next to January.
enum class Cycle : uint8_t { month, day_of_month, weekday, day_of_year, minute_of_day, hour };
inline constexpr int kNumCycles = 6;

struct CycleInfo {
  const char* name;  // in names of inputs: "month"
  int64_t length;    // 12
  int64_t shift;     // added to the counted part before the division: January is 0 on the circle
  int64_t CalendarParts::*part;
  const char* doc;
};
const CycleInfo& info_of(Cycle cycle);

/// sin and cos of every place of a cycle, the very floats that also stand in the model file.
const std::vector<float>& sines_of(Cycle cycle);
const std::vector<float>& cosines_of(Cycle cycle);

/// y = (x - mean) * scale in double, scale = 1 / standard deviation over the training rows.
struct Standardiser {
  double mean = 0, scale = 1;
  float operator()(double x) const { return static_cast<float>((x - mean) * scale); }
};

/// What a declaration may name: elapsed, year and the cycles, with _ for blanks.
struct DatePart {
  std::string name;
  std::string doc;
};
std::vector<DatePart> date_parts();

/// Parts that are the same in all training rows are left out. A date-only column is a text in the
/// model file, where a dictionary of the days first_day .. last_day takes the place of parsing; a
/// day outside counts as missing here too. Columns with a time of day are numbers there.
struct DateFeature {
  std::string column;
  std::string format = "%Y-%m-%d";
  bool has_time = false;                // the model file takes seconds since 1970-01-01 UTC
  int64_t first_day = 0, last_day = 0;  // since 1970-01-01; only without a time of day
  std::optional<Standardiser> elapsed;  // of seconds
  std::optional<Standardiser> year;
  std::array<bool, kNumCycles> cycles = {};
  std::array<std::optional<Standardiser>, kNumCycles> counted = {};  // as a number, not a circle
  bool marks_missing = false;

  bool is_known(double seconds) const;
  int64_t width() const;
  std::vector<std::string> names() const;  // width() of them, in the order of encode
  /// Writes one value per name; all 0 but the mark of missing cells where the date is not known.
  void encode(double seconds, float* out) const;

  /// The dictionary: each day as text, with leading zeros and without, and its number.
  std::vector<std::pair<std::string, float>> days_by_text() const;
};

/// Learns from the rows which of the declared parts vary, and their moments. Nothing, and the
/// reason in `remark`, if they tell nothing.
std::optional<DateFeature> fit_date(const ColumnCells& column, const Rows& rows,
                                    const ColumnDeclaration& declaration, std::string& remark);

}  // namespace sinapse
