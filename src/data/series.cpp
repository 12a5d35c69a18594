#include "data/series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/column_cells.h"

namespace sinapse {

namespace {

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kFewSteps = 100;  // may be missing in any series
constexpr double kLatest = 6e10;    // seconds from 1970, as of any date

Column column_as(const Table& table, const std::string& name, ColumnKind kind) {
  const Column& column = table.column(name);
  return column.kind == kind || column.kind == ColumnKind::empty
             ? column
             : table.reinterpret_as(column, kind);
}

Column time_column(const Table& table, const std::string& name) {
  const Column& column = table.column(name);
  return column.kind == ColumnKind::date ? column : column_as(table, name, ColumnKind::number);
}

// Rows of one series, by time.
struct SeriesRows {
  std::string id;
  std::vector<int64_t> rows;
  std::vector<double> times;
};

class SeriesReader {
 public:
  SeriesReader(const Table& table, const SeriesColumns& columns)
      : table_(table),
        time_(time_column(table, columns.time)),
        target_(column_as(table, columns.target, ColumnKind::number)) {
    set_.columns = {.time = time_.name, .target = target_.name};
    for (const std::string& name : columns.known) {
      known_.push_back(column_as(table, name, ColumnKind::number));
      set_.columns.known.push_back(known_.back().name);
    }
    if (columns.id.empty()) return;
    id_ = column_as(table, columns.id, ColumnKind::category);
    set_.columns.id = id_->name;
  }

  SeriesSet read(const std::optional<TimeStep>& expected) {
    std::vector<SeriesRows> all = rows_by_series();
    bool sorted = true;
    std::vector<std::vector<double>> times;
    for (SeriesRows& one : all) {
      sorted = sort_by_time(one) && sorted;
      times.push_back(one.times);
    }
    if (!sorted) {
      set_.remarks.push_back(fmt::format(
          "The rows are not in the order of \"{}\"; they are sorted by it.", time_.name));
    }
    const bool date = time_.kind == ColumnKind::date;
    set_.step = expected ? *expected : find_time_step(times, date);
    if (set_.step.date != date && time_.kind != ColumnKind::empty) {
      fail(0, time_,
           fmt::format("must hold {}, as in training", set_.step.date ? "dates" : "numbers"));
    }
    for (const SeriesRows& one : all) add_series(one);
    remark_missing();
    return std::move(set_);
  }

 private:
  [[noreturn]] void fail(int64_t row, const Column& column, const std::string& message) const {
    throw Error(ErrorCode::data,
                fmt::format("{}: column \"{}\" {}.", table_.location(row), column.name, message));
  }

  std::string named(const SeriesRows& series) const {
    return id_ ? fmt::format("the series \"{}\"", series.id) : "the series";
  }

  std::string text_of(double time) const { return format_time(time, set_.step.date); }

  std::vector<SeriesRows> rows_by_series() const {
    std::vector<SeriesRows> all(id_ ? id_->categories.size() : 1);
    for (size_t i = 0; id_ && i < all.size(); ++i) all[i].id = id_->categories[i];
    const ColumnCells times(time_);
    std::optional<ColumnCells> ids;
    if (id_) ids.emplace(*id_);
    for (int64_t row = 0; row < table_.num_rows(); ++row) {
      const int32_t code = ids ? ids->code(row) : 0;
      if (code < 0) fail(row, *id_, "tells the series apart, but its cell is missing");
      const double time = time_.kind == ColumnKind::empty ? kNotKnown : times.number(row);
      if (!std::isfinite(time) || (time_.kind == ColumnKind::date && std::abs(time) > kLatest)) {
        fail(row, time_, "must hold the time of every row, but this cell is missing or no time");
      }
      all[code].rows.push_back(row);
      all[code].times.push_back(time);
    }
    std::erase_if(all, [](const SeriesRows& one) { return one.rows.empty(); });
    return all;
  }

  // Whether they were so; throws for two of one time.
  bool sort_by_time(SeriesRows& series) const {
    const auto& times = series.times;
    const bool sorted = std::is_sorted(times.begin(), times.end());
    if (!sorted) {
      std::vector<size_t> order(times.size());
      std::iota(order.begin(), order.end(), size_t{0});
      std::stable_sort(order.begin(), order.end(),
                       [&](size_t a, size_t b) { return times[a] < times[b]; });
      SeriesRows in_order{series.id, {}, {}};
      for (const size_t i : order) {
        in_order.rows.push_back(series.rows[i]);
        in_order.times.push_back(series.times[i]);
      }
      series = std::move(in_order);
    }
    for (size_t i = 1; i < series.times.size(); ++i) {
      if (series.times[i] != series.times[i - 1]) continue;
      fail(series.rows[i], time_,
           fmt::format("has {} a second time in {}, after {}; {}",
                       format_time(series.times[i], time_.kind == ColumnKind::date), named(series),
                       table_.location(series.rows[i - 1]),
                       id_ ? "keep one of the rows"
                           : "keep one of the rows, or name the column that tells several series "
                             "apart with --series"));
    }
    return sorted;
  }

  // For each row its step from the first, checked.
  std::vector<int64_t> steps_of(const SeriesRows& series) const {
    std::vector<int64_t> steps;
    for (size_t i = 0; i < series.rows.size(); ++i) {
      const auto step = set_.step.between(series.times.front(), series.times[i]);
      if (step && (steps.empty() || *step > steps.back())) {
        steps.push_back(*step);
        continue;
      }
      fail(series.rows[i], time_,
           fmt::format("has {}, which is no whole number of steps of {} after {} ({})",
                       text_of(series.times[i]), set_.step.to_text(),
                       text_of(series.times[i == 0 ? 0 : i - 1]),
                       table_.location(series.rows[i == 0 ? 0 : i - 1])));
    }
    const auto rows = static_cast<int64_t>(series.rows.size());
    const int64_t missing = steps.back() + 1 - rows;
    if (missing > rows + kFewSteps) {
      fail(series.rows.back(), time_,
           fmt::format("leaves more steps out than there are: from {} to {} there are {} steps of "
                       "{}, but {} rows. Is it a date in a form that is not understood, or is the "
                       "step of one row too small?",
                       text_of(series.times.front()), text_of(series.times.back()),
                       steps.back() + 1, set_.step.to_text(), rows));
    }
    return steps;
  }

  void add_series(const SeriesRows& found) {
    const std::vector<int64_t> steps = steps_of(found);
    const ColumnCells values(target_);
    size_t first = 0;
    const auto value_of = [&](size_t i) {
      return target_.kind == ColumnKind::empty ? kNotKnown : values.number(found.rows[i]);
    };
    while (first < steps.size() && std::isnan(value_of(first))) ++first;
    if (first == steps.size()) {
      fail(found.rows.front(), target_, fmt::format("has no value in {}", named(found)));
    }
    const auto num_steps = static_cast<size_t>(steps.back() - steps[first] + 1);
    TimeSeries series{.id = found.id, .start = found.times[first]};
    series.rows.assign(num_steps, -1);
    series.values.assign(num_steps, kNotKnown);
    for (size_t i = first; i < steps.size(); ++i) {
      const int64_t step = steps[i] - steps[first];
      series.rows[step] = found.rows[i];
      series.values[step] = value_of(i);
      if (!std::isnan(series.values[step])) series.length = step + 1;
    }
    series.filled = filled(series.values);
    for (const Column& column : known_) {
      const ColumnCells cells(column);
      std::vector<double> known(num_steps, kNotKnown);
      for (size_t s = 0; s < num_steps; ++s) {
        if (series.rows[s] >= 0 && column.kind != ColumnKind::empty)
          known[s] = cells.number(series.rows[s]);
      }
      series.known.push_back(filled(known));
    }
    set_.series.push_back(std::move(series));
  }

  static std::vector<double> filled(std::vector<double> values) {
    for (size_t i = 1; i < values.size(); ++i) {
      if (std::isnan(values[i])) values[i] = values[i - 1];
    }
    return values;
  }

  void remark_missing() {
    int64_t missing = 0, total = 0;
    for (const TimeSeries& series : set_.series) {
      total += series.length;
      missing += std::count_if(series.values.begin(), series.values.begin() + series.length,
                               [](double value) { return std::isnan(value); });
    }
    if (missing == 0) return;
    set_.remarks.push_back(
        fmt::format("{} of {} steps have no \"{}\": the last value before them stands in their "
                    "place, and they are not predicted.",
                    missing, total, target_.name));
  }

  const Table& table_;
  Column time_, target_;
  std::optional<Column> id_;
  std::vector<Column> known_;
  SeriesSet set_;
};

}  // namespace

SeriesSet read_series(const Table& table, const SeriesColumns& columns,
                      const std::optional<TimeStep>& expected) {
  return SeriesReader(table, columns).read(expected);
}

}  // namespace sinapse
