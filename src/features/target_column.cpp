#include "features/target_column.h"

#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "features/number_feature.h"

namespace sinapse {

namespace {

std::string place(const Table& table) {
  return table.source().empty() ? "" : table.source() + ": ";
}

void require_form(const TargetColumn& target, const Table& table, const ColumnCells& numbers,
                  const RowSet& rows) {
  for (const int64_t row : rows) {
    const std::string_view problem = objection(target.form, numbers.number(row));
    if (problem.empty()) continue;
    throw Error(ErrorCode::data,
                fmt::format("{}: the target \"{}\" {} for this loss, but is {}; choose another "
                            "loss",
                            table.location(row), target.name, problem, numbers.number(row)));
  }
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
                const RowSet& rows) {
  require_form(target, table, numbers, rows);
  Moments moments;
  for (const int64_t row : rows) {
    const double x = numbers.number(row);
    moments.add(target.form == OutputForm::log1p ? std::log1p(x) : x);
  }
  if (!moments.varies()) {
    throw Error(ErrorCode::data,
                fmt::format("{}the target \"{}\" is constant in the {} training rows: there is "
                            "nothing to learn",
                            place(table), target.name, rows.size()));
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

}  // namespace sinapse
