#include "explain/shuffle_cost.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/philox.h"
#include "train/student.h"

namespace sinapse {

namespace {

// How often each row stands in a resample (Efron 1979).
std::vector<double> draw(int64_t rows, uint64_t seed, int64_t repeat) {
  const RandomStream random(seed, Purpose::bootstrap, repeat);
  std::vector<double> times(rows);
  for (int64_t i = 0; i < rows; ++i) ++times[(uint64_t{random.bits(i)} * uint64_t(rows)) >> 32];
  return times;
}

// A resample for which the metric is not defined does not count.
double deviation_of(const std::vector<double>& values, int64_t& count) {
  double sum = 0, squares = 0;
  count = 0;
  for (const double value : values)
    if (std::isfinite(value)) sum += value, ++count;
  const double mean = sum / static_cast<double>(count);
  for (const double value : values)
    if (std::isfinite(value)) squares += (value - mean) * (value - mean);
  return count > 1 ? std::sqrt(squares / static_cast<double>(count - 1)) : 0;
}

void summarize(ColumnImportance& column, const std::vector<double>& resampled, double confidence) {
  double sum = 0;
  for (const double cost : column.repeats) sum += cost;
  column.importance = sum / static_cast<double>(column.repeats.size());
  int64_t count = 0;
  const double deviation = deviation_of(resampled, count);
  const double half = count > 1
                          ? student_quantile(0.5 + confidence / 2, double(count - 1)) * deviation
                          : std::numeric_limits<double>::infinity();
  column.interval = {column.importance - half, column.importance + half};
}

}  // namespace

ShuffleCost::ShuffleCost(Measure measure, const std::vector<float>& outputs, int64_t rows,
                         const ImportanceOptions& options)
    : measure_(std::move(measure)),
      rows_(rows),
      options_(options),
      plain_(measure_.of(outputs, {})) {
  if (!std::isfinite(plain_)) {
    throw Error(ErrorCode::data, fmt::format("The metric {} is not defined for these {} rows; "
                                             "take another one, such as loss.",
                                             measure_.name, rows));
  }
  for (int64_t repeat = 0; repeat < options.repeats; ++repeat) {
    times_.push_back(draw(rows, options.seed, repeat));
    resampled_.push_back(measure_.of(outputs, times_.back()));
  }
}

double ShuffleCost::worse(double before, double after) const {
  return measure_.larger_is_better ? before - after : after - before;
}

ColumnImportance ShuffleCost::of(
    const std::string& column,
    const std::function<std::vector<float>(const std::vector<int64_t>& order)>& shuffled) const {
  ColumnImportance result{.column = column, .repeats = {}};
  std::vector<double> resampled;
  for (size_t repeat = 0; repeat < times_.size(); ++repeat) {
    const RandomStream random(options_.seed, purpose_of("shuffle " + column), repeat);
    const std::vector<float> outputs = shuffled(random.permutation(rows_));
    result.repeats.push_back(worse(plain_, measure_.of(outputs, {})));
    resampled.push_back(worse(resampled_[repeat], measure_.of(outputs, times_[repeat])));
  }
  summarize(result, resampled, options_.confidence);
  return result;
}

}  // namespace sinapse
