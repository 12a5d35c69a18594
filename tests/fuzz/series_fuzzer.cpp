// Any table as time series: what can be read can be cut into windows, or ends in an Error.
#include <cstdint>
#include <string>

#include <sinapse/error.h>

#include "data/table_reader.h"
#include "train/series_windows.h"

namespace {

using namespace sinapse;

// The first bytes choose the options; the columns are those in front.
void use(const std::string& text, uint8_t choices) {
  const Table table = parse_table(text, "fuzz.csv");
  const auto& columns = table.columns();
  if (columns.size() < 2 || table.num_rows() > 1000) return;
  SeriesColumns names{.time = columns[0].name, .target = columns[1].name};
  if (columns.size() > 2 && (choices & 1)) names.id = columns[2].name;
  if (columns.size() > 3 && (choices & 2)) names.known = {columns[3].name};
  const SeriesSet set = read_series(table, names);
  const int64_t horizon = 1 + (choices >> 2) % 4;
  const auto cuts = cut_series(set, 0.2, (choices & 64) ? 0.2 : 0, horizon);
  const auto features = SeriesFeatures::fit(set, training_ends(cuts),
                                            {.horizon = horizon, .gap = (choices & 128) ? 1 : 0});
  make_windows(set, features, cuts, 1);
  SeriesFeatures::from_json(features.to_json());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  try {
    use(std::string(reinterpret_cast<const char*>(data) + 1, size - 1), data[0]);
  } catch (const Error&) {
  }
  return 0;
}
