#include "figures/history_figure.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

double number_of(const std::string& cell, const std::string& where) {
  if (cell.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  if (error == std::errc() && stop == end) return value;
  throw Error(ErrorCode::data, fmt::format("{}: expected a number, got \"{}\".", where, cell));
}

Chart chart_of(std::string title, Words words) {
  return {.title = std::move(title),
          .x_label = words("epoch"),
          .y_label = "",
          .series = {},
          .whole_x = true,
          .words = words};
}

// Runs have a colour each; of one run, training and validation have.
void add(Chart& chart, const History& run, const std::string& column, std::string name, int number,
         Series::Style style = Series::Style::line) {
  const auto* epochs = run.column("epoch");
  const auto* values = run.column(column);
  if (epochs == nullptr || values == nullptr) return;
  chart.series.push_back({.name = std::move(name),
                          .x = *epochs,
                          .y = *values,
                          .style = style,
                          .low = {},
                          .high = {},
                          .paint = Paint::series(number)});
}

// Losses that fall over decades show their end only on a logarithmic axis.
bool spans_decades(const Chart& chart) {
  Range range = Range::nothing();
  for (const Series& series : chart.series) {
    for (const double y : series.y) range.include(y);
  }
  return !range.empty() && range.low > 0 && range.high > 30 * range.low;
}

Chart loss_chart(const std::vector<History>& runs, Words words) {
  Chart chart = chart_of(words("Loss"), words);
  for (size_t i = 0; i < runs.size(); ++i) {
    const bool alone = runs.size() == 1;
    const int number = static_cast<int>(i);
    add(chart, runs[i], "loss", alone ? words("training") : words("{}, training", runs[i].name),
        number, alone ? Series::Style::line : Series::Style::dashed);
    add(chart, runs[i], "val_loss", alone ? words("validation") : runs[i].name, alone ? 1 : number);
  }
  chart.logarithmic_y = spans_decades(chart);
  return chart;
}

// The columns between the losses and the learning rate, of all runs.
std::vector<std::string> metric_columns(const std::vector<History>& runs) {
  std::vector<std::string> metrics;
  for (const History& run : runs) {
    for (const std::string& column : run.columns) {
      const bool known = column == "val_loss" || !column.starts_with("val_");
      if (!known && std::find(metrics.begin(), metrics.end(), column) == metrics.end()) {
        metrics.push_back(column);
      }
    }
  }
  metrics.emplace_back("learning_rate");
  return metrics;
}

// Whether two metrics say the same in every epoch, but for rounding.
bool are_twins(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double one, double other) {
    return std::abs(one - other) <= 1e-5 * std::abs(one);
  });
}

}  // namespace

const std::vector<double>* History::column(const std::string& wanted) const {
  const auto found = std::find(columns.begin(), columns.end(), wanted);
  return found == columns.end() ? nullptr : &values[static_cast<size_t>(found - columns.begin())];
}

History parse_history(const std::string& text, const std::string& source) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  History history{.name = source, .columns = cells_of(line), .values = {}};
  history.values.resize(history.columns.size());
  if (history.column("epoch") == nullptr) {
    throw Error(ErrorCode::data, fmt::format("{}:1: expected a history with the column \"epoch\", "
                                             "got the columns {}.",
                                             source, line));
  }
  for (int number = 2; std::getline(lines, line); ++number) {
    const auto cells = cells_of(line);
    const std::string where = fmt::format("{}:{}", source, number);
    if (cells.size() != history.columns.size()) {
      throw Error(ErrorCode::data, fmt::format("{}: expected {} cells, got {}.", where,
                                               history.columns.size(), cells.size()));
    }
    for (size_t i = 0; i < cells.size(); ++i) {
      history.values[i].push_back(number_of(cells[i], where));
    }
  }
  return history;
}

History read_history(const std::string& path) {
  const bool folder = std::filesystem::is_directory(path);
  const std::string file_name = folder ? path + "/history.csv" : path;
  std::ifstream file(file_name);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    throw Error(ErrorCode::file,
                fmt::format("{} cannot be read. Give the folder that `sinapse train` wrote, or its "
                            "history.csv.",
                            file_name));
  }
  History history = parse_history(text.str(), file_name);
  history.name = std::filesystem::path(path).lexically_normal().string();
  return history;
}

History history_of(const std::vector<EpochRecord>& records) {
  History history{.name = "", .columns = {"epoch", "loss"}, .values = {}};
  std::vector<std::string> metrics;
  for (const EpochRecord& record : records) {
    for (const auto& [name, value] : record.validation) {
      if (std::find(metrics.begin(), metrics.end(), name) == metrics.end()) metrics.push_back(name);
    }
  }
  for (const std::string& name : metrics) history.columns.push_back("val_" + name);
  history.columns.insert(history.columns.end(), {"learning_rate", "seconds"});
  history.values.resize(history.columns.size());
  for (const EpochRecord& record : records) {
    size_t column = 0;
    const auto add = [&](double value) { history.values[column++].push_back(value); };
    add(static_cast<double>(record.epoch));
    add(record.loss);
    for (const std::string& name : metrics) {
      const auto found = record.validation.find(name);
      add(found == record.validation.end() ? std::numeric_limits<double>::quiet_NaN()
                                           : found->second);
    }
    add(record.learning_rate);
    add(record.seconds);
  }
  return history;
}

History without_twins(History history) {
  const std::vector<double>* loss = history.column("val_loss");
  if (loss == nullptr) return history;
  const std::vector<double> values = *loss;
  for (size_t i = history.columns.size(); i-- > 0;) {
    if (history.columns[i] == "val_loss" || !are_twins(history.values[i], values)) continue;
    history.columns.erase(history.columns.begin() + static_cast<std::ptrdiff_t>(i));
    history.values.erase(history.values.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return history;
}

std::vector<Chart> history_charts(const std::vector<History>& runs, Words words) {
  std::vector<Chart> charts{loss_chart(runs, words)};
  for (const std::string& metric : metric_columns(runs)) {
    const bool rate = metric == "learning_rate";
    Chart chart =
        chart_of(rate ? words("Learning rate") : words("Validation: {}", metric.substr(4)), words);
    for (size_t i = 0; i < runs.size(); ++i) {
      const int number = runs.size() > 1 ? static_cast<int>(i) : rate ? 2 : 1;
      add(chart, runs[i], metric, runs.size() > 1 ? runs[i].name : "", number);
    }
    charts.push_back(std::move(chart));
  }
  return charts;
}

}  // namespace sinapse
