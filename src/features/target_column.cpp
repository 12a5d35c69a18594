#include "features/target_column.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "features/match_columns.h"
#include "features/number_feature.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

std::string place(const Table& table) {
  return table.source().empty() ? "" : table.source() + ": ";
}

void require_form(const TargetColumn& target, const Table& table, const ColumnCells& numbers,
                  const Rows& rows) {
  for (const int64_t row : rows) {
    const std::string_view problem = objection(target.form, numbers.number(row));
    if (problem.empty()) continue;
    throw Error(ErrorCode::data,
                fmt::format("{}: the target \"{}\" {} for this loss, but is {}; choose another "
                            "loss",
                            table.location(row), target.name, problem, numbers.number(row)));
  }
}

std::optional<double> as_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole_text = error == std::errc() && end == text.data() + text.size();
  return whole_text && !std::isnan(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

float TargetColumn::encode(double x) const {
  const double y = form == OutputForm::log1p ? std::log1p(x) : x;
  return to_float((y - double{mean}) / double{deviation});
}

float TargetColumn::restore(float encoded) const {
  const float value = encoded * deviation + mean;
  return form == OutputForm::log1p ? std::exp(value) - 1 : value;
}

float TargetColumn::decode(float output) const {
  return form == OutputForm::log ? std::exp(output) * deviation : restore(output);
}

std::string_view objection(OutputForm form, double x) {
  if (form == OutputForm::relative && x == 0) return "must not be 0";
  if (form == OutputForm::log && x < 0) return "must be at least 0";
  if (form == OutputForm::log1p && x <= -1) return "must be above -1";
  return "";
}

void fit_number(TargetColumn& target, const Table& table, const ColumnCells& numbers,
                const Rows& rows) {
  require_form(target, table, numbers, rows);
  Moments moments;
  for (const int64_t row : rows) {
    const double x = numbers.number(row);
    if (std::isnan(x)) continue;
    moments.add(target.form == OutputForm::log1p ? std::log1p(x) : x);
  }
  if (needs_all_targets(target.form)) return;  // rows are encoded as a whole, and may be constant
  if (!moments.varies()) {
    throw Error(ErrorCode::data,
                fmt::format("{}the target \"{}\" is constant in the {} training row{}: there is "
                            "nothing to learn",
                            place(table), target.name, rows.size(), rows.size() == 1 ? "" : "s"));
  }
  const bool centred = target.form != OutputForm::relative && target.form != OutputForm::log;
  target.mean = centred ? to_float(moments.mean()) : 0;
  target.deviation = to_float(moments.deviation());
  if (target.form == OutputForm::log) target.deviation = to_float(moments.mean());
  if (target.form == OutputForm::relative) {
    target.deviation = to_float(std::hypot(moments.mean(), moments.deviation()));
  }
  const float scale = target.deviation;
  if (!std::isnormal(scale) || !std::isnormal(1 / scale) || !std::isfinite(target.mean)) {
    throw Error(ErrorCode::data,
                fmt::format("{}the target \"{}\", {} to {}, leaves the range of float; change its "
                            "unit",
                            place(table), target.name, moments.smallest(), moments.largest()));
  }
}

std::vector<std::string> classes_in(const Table& table, const Column& column) {
  const bool has_texts = !has_numbers(column.kind) && column.kind != ColumnKind::identifier;
  std::vector<std::string> classes =
      has_texts ? column.categories : table.reinterpret_as(column, ColumnKind::category).categories;
  std::sort(classes.begin(), classes.end());
  const auto is_number = [](const std::string& text) { return as_number(text).has_value(); };
  if (std::all_of(classes.begin(), classes.end(), is_number))
    std::stable_sort(classes.begin(), classes.end(),
                     [](const auto& a, const auto& b) { return *as_number(a) < *as_number(b); });
  return classes;
}

// A class may be 20 times rarer than in equal shares.
bool look_like_classes(const ColumnCells& numbers) {
  std::map<double, int64_t> counts;
  int64_t rows = 0;
  for (int64_t row = 0; row < numbers.num_rows(); ++row) {
    const double x = numbers.number(row);
    if (std::isnan(x)) continue;
    if (std::trunc(x) != x || (!counts.contains(x) && counts.size() == kMaxNumericClasses))
      return false;
    ++counts[x];
    ++rows;
  }
  if (counts.size() <= 2) return counts.size() == 2;
  const auto rarest = std::min_element(counts.begin(), counts.end(), [](auto& a, auto& b) {
                        return a.second < b.second;
                      })->second;
  return rarest >= 2 && rarest * 20 * static_cast<int64_t>(counts.size()) >= rows;
}

}  // namespace sinapse
