// What was learned from: columns with what is in them and what became of them, classes and parts.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "data/date.h"
#include "figures/svg.h"
#include "report/column_summary.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"
#include "train/split_rows.h"

namespace sinapse {

namespace {

constexpr int64_t kMostRows = 200'000, kMostCells = 10'000'000;  // that are looked at
constexpr size_t kMostColumns = 200, kMostClasses = 30;          // that are listed
constexpr size_t kShownColumns = 40;                             // without unfolding
constexpr size_t kNamedCategories = 3;
constexpr const char* kParts[] = {"train", "validation", "test"};

// Column → what became of it.
std::map<std::string, std::string> uses_of(const Report& report) {
  const TrainedNetwork& trained = report.result.model.trained();
  const DataOptions& data = report.result.resolved.data;
  std::map<std::string, std::string> uses;
  for (const Column& column : report.table->columns()) {
    const char* why = column.kind == ColumnKind::identifier ? "nearly every row differs"
                      : column.kind == ColumnKind::empty    ? "no cell has anything"
                                                            : "see above";
    uses[column.name] = tells_of_training(report) ? fmt::format("left out: {}", why) : "not read";
  }
  for (const std::string& name : data.ignore) {
    const Column* column = report.table->find(name);
    if (column != nullptr) uses[column->name] = "left out, as asked for";
  }
  for (const std::string& name : split_columns(data)) {
    const Column* column = report.table->find(name);
    if (column != nullptr) uses[column->name] = "says how rows are split or weighed";
  }
  if (trained.features) {
    for (const auto& one : trained.features->numbers()) uses[one.column] = "input, as a number";
    for (const auto& one : trained.features->categories())
      uses[one.column] = "input, as categories";
    for (const auto& one : trained.features->dates()) uses[one.column] = "input, as a date";
    for (const auto& one : trained.features->texts()) uses[one.column] = "input, as words";
    for (const auto& one : trained.features->tokens())
      uses[one.column] = fmt::format("input, as {} in order", one.unit());
  }
  if (trained.series) {
    const SeriesColumns& columns = trained.series->columns;
    uses[columns.time] = "the time";
    uses[columns.target] = "what is forecast";
    if (!columns.id.empty()) uses[columns.id] = "tells series apart";
    for (const std::string& name : columns.known) uses[name] = "input, known of the future, too";
  } else {
    for (const std::string& name : trained.target.names()) uses[name] = "the target";
  }
  if (!trained.weighting.column.empty()) uses[trained.weighting.column] = "the weight of a row";
  return uses;
}

std::string small_bars(const ColumnSummary& summary) {
  if (summary.bars.empty()) return "";
  constexpr double kWidth = 112, kHeight = 26;
  Drawing drawing{.width = kWidth, .height = kHeight, .title = "how often", .shapes = {}};
  const double most = *std::max_element(summary.bars.begin(), summary.bars.end());
  const double width = kWidth / std::max<double>(16, static_cast<double>(summary.bars.size()));
  for (size_t i = 0; i < summary.bars.size(); ++i) {
    if (summary.bars[i] == 0) continue;
    const double height = std::max(1.5, summary.bars[i] / most * (kHeight - 1));
    drawing.box({static_cast<double>(i) * width, kHeight - 1 - height}, width - 1, height,
                Paint::series(0));
  }
  drawing.line({0, kHeight - 0.5}, {kWidth, kHeight - 0.5}, Ink::axis);
  return to_inline_svg(drawing);
}

std::string values_text(const Column& column, const ColumnSummary& summary) {
  if (column.kind == ColumnKind::number && !summary.bars.empty()) {
    return fmt::format("{} to {}<br><span class=\"range\">mean {}, deviation {}</span>",
                       number_text(summary.low), number_text(summary.high),
                       number_text(summary.mean), number_text(summary.deviation));
  }
  if (column.kind == ColumnKind::date && !summary.bars.empty()) {
    return fmt::format("{} to {}", html_text(format_date(summary.low)),
                       html_text(format_date(summary.high)));
  }
  if (summary.frequent.empty() || column.kind == ColumnKind::identifier) return "";
  std::string html;
  for (size_t i = 0; i < std::min(kNamedCategories, summary.frequent.size()); ++i) {
    const auto& [name, count] = summary.frequent[i];
    const auto known = static_cast<double>(summary.rows - summary.missing);
    html += fmt::format("{}{} <span class=\"range\">{}</span>", i == 0 ? "" : ", ", html_text(name),
                        percent_text(static_cast<double>(count) / known));
  }
  if (summary.distinct > static_cast<int64_t>(kNamedCategories)) {
    html += fmt::format("<br><span class=\"range\">{} in all</span>", summary.distinct);
  }
  return html;
}

std::string columns_table(const Report& report) {
  const auto& columns = report.table->columns();
  const size_t shown = std::min(columns.size(), kMostColumns);
  const int64_t rows = std::min(kMostRows, kMostCells / static_cast<int64_t>(shown));
  const auto uses = uses_of(report);
  HtmlTable table{.head = {"column", "kind", "use", "missing", "values", "how often"},
                  .rows = {},
                  .numbers = {3}};
  HtmlTable more = table;
  int64_t looked_at = 0;
  for (size_t i = 0; i < shown; ++i) {
    const ColumnSummary summary = summarize(columns[i], rows, report.table->on_disk());
    looked_at = std::max(looked_at, summary.rows);
    const double missing = summary.rows == 0 ? 0
                                             : static_cast<double>(summary.missing) /
                                                   static_cast<double>(summary.rows);
    (i < kShownColumns ? table : more)
        .rows.push_back({html_text(columns[i].name), html_text(name_of(columns[i].kind)),
                         html_text(uses.at(columns[i].name)), percent_text(missing),
                         values_text(columns[i], summary),
                         columns[i].kind == ColumnKind::identifier ? "" : small_bars(summary)});
  }
  std::string html = note(fmt::format("{} rows, {} columns.",
                                      number_text(static_cast<double>(report.table->num_rows())),
                                      number_text(static_cast<double>(columns.size())))) +
                     to_html(table);
  if (!more.rows.empty()) {
    html += details(fmt::format("{} more columns", more.rows.size()), to_html(more));
  }
  if (shown < columns.size()) html += note(fmt::format("The first {} columns.", shown));
  if (looked_at < report.table->num_rows()) {
    html += note(fmt::format("Of {} rows.", number_text(static_cast<double>(looked_at))));
  }
  return html;
}

std::string samples_text(const Report& report) {
  const ArrayFeatures& pixels = *report.result.model.trained().pixels;
  const ArrayDataset& train = report.images->train;
  const double tests =
      report.images->test ? static_cast<double>(report.images->test->inputs.shape.front()) : 0;
  return note(fmt::format("{} samples{} of shape {}, {}.",
                          number_text(static_cast<double>(train.inputs.shape.front())),
                          tests > 0 ? fmt::format(" and {} for test", number_text(tests)) : "",
                          to_string(Shape(pixels.shape)), name_of(pixels.type)));
}

std::string share_cell(double share) {
  return fmt::format(
      "<span class=\"share\" aria-hidden=\"true\"><i style=\"width:{:.1f}%\"></i></span>{}",
      100 * share, percent_text(share));
}

// How many rows of each class are in each part.
std::string balance_table(const Report& report) {
  const Target& target = report.result.model.trained().target;
  if (!is_classification(target.task())) return "";
  HtmlTable table{.caption = "Rows of each class", .head = {"class"}};
  std::vector<std::vector<double>> counts;
  for (const char* name : kParts) {
    const KeptPart* part = report.answers.find(name);
    if (part == nullptr) continue;
    std::vector<double>& of_part = counts.emplace_back(target.classes().size());
    for (const float truth : part->answers.truth) ++of_part[static_cast<size_t>(truth)];
    table.numbers.insert(table.head.size());
    table.head.emplace_back(name);
  }
  if (counts.empty()) return "";
  table.head.insert(table.head.begin() + 1, "share");
  std::set<size_t> numbers;
  for (const size_t column : table.numbers) numbers.insert(column + 1);
  table.numbers = numbers;
  double all = 0;
  for (const auto& of_part : counts) {
    for (const double count : of_part) all += count;
  }
  for (size_t c = 0; c < std::min(target.classes().size(), kMostClasses); ++c) {
    double sum = 0;
    std::vector<std::string> cells;
    for (const auto& of_part : counts) {
      sum += of_part[c];
      cells.push_back(number_text(of_part[c]));
    }
    std::vector<std::string> row{html_text(target.classes()[c]), share_cell(sum / all)};
    row.insert(row.end(), cells.begin(), cells.end());
    table.rows.push_back(std::move(row));
  }
  std::string html = to_html(table);
  if (target.classes().size() > kMostClasses) {
    html += note(fmt::format("The first {} of {} classes.", kMostClasses, target.classes().size()));
  }
  return html;
}

}  // namespace

std::string data_section(const Report& report) {
  std::string html;
  if (report.table != nullptr) html += columns_table(report);
  if (report.images != nullptr) html += samples_text(report);
  return section("data", "Data", html + balance_table(report));
}

}  // namespace sinapse
