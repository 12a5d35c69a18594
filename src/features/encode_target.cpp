// Target::encode, and the way back.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "features/match_columns.h"
#include "features/target.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr int64_t kRowsAtOnce = 4096;
constexpr double kShareTolerance = 1e-3;  // shares may have been rounded to three digits

void require_column(const Table& table, const std::string& target) {
  std::vector<std::string> names;
  for (const Column& column : table.columns()) names.push_back(column.name);
  if (std::find(names.begin(), names.end(), target) != names.end()) return;
  throw Error(ErrorCode::data,
              fmt::format("{}: the target column \"{}\" is missing, and without it nothing can be "
                          "compared.{}",
                          table.source().empty() ? "the table" : table.source(), target,
                          did_you_mean(target, names)));
}

// The class of each code, -1 for texts that are no class.
std::vector<int32_t> classes_of_codes(const std::vector<std::string>& classes,
                                      const Column& column) {
  std::unordered_map<std::string_view, int32_t> index;
  for (const std::string& name : classes) index.emplace(name, static_cast<int32_t>(index.size()));
  std::vector<int32_t> result;
  for (const std::string& text : column.categories) {
    const auto found = index.find(text);
    result.push_back(found == index.end() ? -1 : found->second);
  }
  return result;
}

constexpr size_t kMaxShown = 10;

[[noreturn]] void fail_unknown(const TargetColumn& target, const Table& table, int64_t row,
                               const std::string& text) {
  const std::vector<std::string>& known = target.classes;
  const auto end = known.begin() + static_cast<std::ptrdiff_t>(std::min(known.size(), kMaxShown));
  const auto nearest = nearest_name(text, known);
  throw Error(
      ErrorCode::data,
      fmt::format("{}: the target \"{}\" is \"{}\", a class the model does not know. It knows {} "
                  "classes: {}{}.{}",
                  table.location(row), target.name, text, known.size(),
                  fmt::join(known.begin(), end, ", "), end == known.end() ? "" : ", ...",
                  nearest ? fmt::format(" Did you mean \"{}\"?", *nearest) : ""));
}

float encoded(const TargetColumn& target, const Table& table, int64_t row, double x) {
  const std::string_view problem = objection(target.form, x);
  const float y = target.encode(x);
  if (problem.empty() && !std::isinf(y)) return y;
  throw Error(ErrorCode::data,
              fmt::format("{}: the target \"{}\" is {}; it {}", table.location(row), target.name, x,
                          problem.empty() ? "must be a finite number in the range of float"
                                          : fmt::format("{} for the model's loss", problem)));
}

/// One target column of a table.
class TargetCells {
 public:
  TargetCells(const TargetColumn& target, const Table& table, const Column& column)
      : target_(target), table_(table), cells_(column) {
    if (!target.classes.empty()) known_ = classes_of_codes(target.classes, column);
  }

  float encoded(int64_t row) const {
    if (target_.classes.empty()) return sinapse::encoded(target_, table_, row, cells_.number(row));
    const int32_t code = cells_.code(row);
    if (code >= 0 && known_[code] < 0) fail_unknown(target_, table_, row, cells_->categories[code]);
    return code < 0 ? kNaN : static_cast<float>(known_[code]);
  }

 private:
  const TargetColumn& target_;
  const Table& table_;
  const ColumnCells cells_;
  std::vector<int32_t> known_;
};

double sum_of(std::span<const float> row) {
  double sum = 0;
  for (const float x : row) sum += double{x};
  return sum;
}

double norm_of(std::span<const float> row) {
  double sum = 0;
  for (const float x : row) sum += double{x} * double{x};
  return std::sqrt(sum);
}

// By what the row is divided. Throws where a row has no such form.
double scale_of(std::span<const float> row, OutputForm form, const Table& table, int64_t index,
                const std::vector<std::string>& names) {
  const auto fail = [&](const std::string& problem) {
    throw Error(ErrorCode::data, fmt::format("{}: the targets {} {}", table.location(index),
                                             quoted_names(names), problem));
  };
  if (form == OutputForm::direction) {
    const double norm = norm_of(row);
    if (norm == 0) fail("are all 0, which points in no direction; leave the row out");
    return norm;
  }
  const double sum = sum_of(row);
  const float smallest = *std::min_element(row.begin(), row.end());
  if (smallest < 0) fail(fmt::format("are shares of a whole, but one is {}", smallest));
  if (std::abs(sum - 1) > kShareTolerance)
    fail(fmt::format("are shares of a whole, but their sum is {:.6g} instead of 1", sum));
  return sum;
}

// Shares have the sum 1, directions the length 1. Rows that are not complete become NaN.
void encode_rows(std::vector<float>& values, OutputForm form, const Table& table, int64_t first_row,
                 const std::vector<std::string>& names) {
  const size_t width = names.size();
  for (size_t begin = 0; begin < values.size(); begin += width) {
    const std::span<float> row = std::span(values).subspan(begin, width);
    if (std::isnan(sum_of(row))) {
      std::fill(row.begin(), row.end(), kNaN);
      continue;
    }
    const double scale =
        scale_of(row, form, table, first_row + static_cast<int64_t>(begin / width), names);
    for (float& x : row) x = static_cast<float>(double{x} / scale);
  }
}

// In float, as the ONNX operators do it.
void decode_row(OutputForm form, std::span<float> row) {
  if (form == OutputForm::distribution) {
    std::vector<double> shares(row.size());
    softmax(row.data(), static_cast<int64_t>(row.size()), shares.data());
    std::transform(shares.begin(), shares.end(), row.begin(),
                   [](double share) { return static_cast<float>(share); });
    return;
  }
  const double norm = norm_of(row);
  for (float& x : row) x = norm > 0 ? static_cast<float>(double{x} / norm) : 0;
}

}  // namespace

void softmax(const float* logits, int64_t n, double* shares) {
  const double largest = *std::max_element(logits, logits + n);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += shares[i] = std::exp(logits[i] - largest);
  for (int64_t i = 0; i < n; ++i) shares[i] /= sum;
}

std::vector<float> Target::encode(const Table& table) const {
  std::vector<float> values;
  values.reserve(static_cast<size_t>(table.num_rows()) * columns_.size());
  encode(table, [&](std::span<const float> some) {
    values.insert(values.end(), some.begin(), some.end());
  });
  return values;
}

void Target::encode(const Table& table,
                    const std::function<void(std::span<const float>)>& take) const {
  std::map<std::string, ColumnKind> kinds;
  for (const TargetColumn& column : columns_) {
    require_column(table, column.name);
    kinds[column.name] = column.kind();
  }
  const MatchedColumns matched(table, kinds);
  std::vector<TargetCells> cells;
  for (const TargetColumn& column : columns_)
    cells.emplace_back(column, table, matched[column.name]);
  std::vector<float> values;
  for (int64_t first = 0; first < table.num_rows(); first += kRowsAtOnce) {
    const int64_t end = std::min(first + kRowsAtOnce, table.num_rows());
    values.clear();
    for (int64_t row = first; row < end; ++row) {
      for (const TargetCells& column : cells) values.push_back(column.encoded(row));
    }
    if (needs_all_targets(form())) encode_rows(values, form(), table, first, names());
    take(values);
  }
}

std::vector<float> Target::decode(std::span<const float> outputs) const {
  std::vector<float> values(outputs.begin(), outputs.end());
  if (needs_all_targets(form())) {
    for (size_t i = 0; i < values.size(); i += columns_.size())
      decode_row(form(), std::span(values).subspan(i, columns_.size()));
    return values;
  }
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = columns_[i % columns_.size()].decode(values[i]);
  return values;
}

std::vector<float> Target::restore(std::span<const float> encoded) const {
  std::vector<float> values;
  values.reserve(encoded.size());
  for (size_t i = 0; i < encoded.size(); ++i)
    values.push_back(columns_[i % columns_.size()].restore(encoded[i]));
  return values;
}

}  // namespace sinapse
