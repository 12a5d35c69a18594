// The rows and pictures that are predicted worst: often mislabelled, or worth a look.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "data/column_cells.h"
#include "data/date.h"
#include "data/take_samples.h"
#include "features/match_columns.h"
#include "figures/png.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"
#include "train/losses.h"
#include "train/metrics.h"

namespace sinapse {

namespace {

constexpr size_t kMostRows = 12, kMostPictures = 24;
constexpr size_t kMostColumns = 8;          // that are shown of a row
constexpr size_t kMostJudged = 200'000;     // rows whose loss is asked for
constexpr int64_t kMostPixels = 256 * 256;  // of a picture in the page

// The rows of largest loss, that first.
std::vector<size_t> worst_rows(const Report& report, const KeptPart& part, size_t count) {
  const TrainedNetwork& trained = report.result.model.trained();
  const size_t rows = std::min(part.rows.size(), kMostJudged);
  const auto outputs = static_cast<size_t>(trained.target.num_outputs());
  const auto width = static_cast<size_t>(trained.target.width());
  std::vector<double> losses =
      row_losses(parse_loss(trained.loss), std::span(part.answers.outputs).first(rows * outputs),
                 std::span(part.answers.truth).first(rows * width), trained.target.num_outputs());
  for (double& loss : losses) {
    if (std::isnan(loss)) loss = -1;  // a label that is not known
  }
  std::vector<size_t> order(rows);
  std::iota(order.begin(), order.end(), size_t{0});
  count = std::min(count, rows);
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](size_t a, size_t b) { return losses[a] != losses[b] ? losses[a] > losses[b] : a < b; });
  order.resize(count);
  return order;
}

std::string cell_text(const Column& column, int64_t row) {
  const ColumnCells cells(column);
  if (column.kind == ColumnKind::empty) return "";
  if (column.kind == ColumnKind::date) {
    const double seconds = cells.number(row);
    return std::isnan(seconds) ? "" : format_date(seconds);
  }
  if (has_numbers(column.kind)) return number_text(cells.number(row));
  const int32_t code = cells.code(row);
  return code < 0 ? "" : column.categories[static_cast<size_t>(code)];
}

// What is true, what was said, and how sure or how far off.
struct Verdicts {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  // HTML
  size_t right = 0;                            // of these rows have the right class
};

Verdicts verdicts_on_classes(const KeptPart& part, const std::vector<size_t>& rows) {
  const Target& target = part.target;
  const ClassOutcomes outcomes = class_outcomes(part.answers.outputs, part.answers.truth, target);
  const bool sure = target.form() != OutputForm::margin;
  Verdicts verdicts{.head = {"true", "predicted"}, .rows = {}};
  if (sure) verdicts.head.insert(verdicts.head.end(), {"its probability", "of the true one"});
  for (const size_t row : rows) {
    const int32_t truth = outcomes.truth[row], predicted = outcomes.predicted[row];
    if (truth == predicted) ++verdicts.right;
    auto& cells = verdicts.rows.emplace_back();
    cells = {html_text(target.classes()[static_cast<size_t>(truth)]),
             html_text(target.classes()[static_cast<size_t>(predicted)])};
    if (!sure) continue;
    const size_t first = row * static_cast<size_t>(outcomes.num_classes);
    for (const int32_t c : {predicted, truth}) {
      cells.push_back(percent_text(outcomes.probabilities[first + static_cast<size_t>(c)]));
    }
  }
  return verdicts;
}

Verdicts verdicts_on_number(const KeptPart& part, const std::vector<size_t>& rows) {
  const NumberAnswers answers = number_answers(part).front();
  Verdicts verdicts{.head = {"true", "predicted", "off by"}, .rows = {}};
  for (const size_t row : rows) {
    const double truth = answers.truth[row], predicted = answers.predicted[row];
    verdicts.rows.push_back({number_text(static_cast<float>(truth)),
                             number_text(static_cast<float>(predicted)),
                             number_text(static_cast<float>(predicted - truth))});
  }
  return verdicts;
}

std::string table_of_rows(const Report& report, const KeptPart& part,
                          const std::vector<size_t>& rows, const Verdicts& verdicts) {
  HtmlTable table{.head = {"row"}};
  table.head.insert(table.head.end(), verdicts.head.begin(), verdicts.head.end());
  const Table* data = part.of_test_data ? report.test_table : report.table;
  const auto targets = report.result.model.trained().target.names();
  std::vector<const Column*> shown;
  const std::vector<Column> none;
  for (const Column& column : data != nullptr ? data->columns() : none) {
    const bool is_target = std::find(targets.begin(), targets.end(), column.name) != targets.end();
    if (is_target || shown.size() == kMostColumns) continue;
    shown.push_back(&column);
    table.head.push_back(column.name);
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::string> cells{html_text(place_of(report, part, rows[i]))};
    if (i < verdicts.rows.size()) {
      cells.insert(cells.end(), verdicts.rows[i].begin(), verdicts.rows[i].end());
    }
    for (const Column* column : shown) {
      cells.push_back(html_text(cell_text(*column, part.rows[rows[i]])));
    }
    table.rows.push_back(std::move(cells));
  }
  return to_html(table);
}

// Height, width and channels of samples that are pictures; nothing of other arrays.
struct PictureShape {
  int64_t height = 0, width = 0, channels = 1;
};
std::optional<PictureShape> picture_shape(const ArrayFeatures& pixels) {
  const auto& shape = pixels.shape;
  if (pixels.type != ElementType::uint8) return std::nullopt;
  PictureShape picture;
  if (shape.size() == 2) picture = {shape[0], shape[1], 1};
  if (shape.size() == 3 && pixels.channels == Channels::last) {
    picture = {shape[0], shape[1], shape[2]};
  }
  const bool shows = picture.height > 0 && picture.height * picture.width <= kMostPixels &&
                     (picture.channels == 1 || picture.channels >= 3);
  return shows ? std::optional(picture) : std::nullopt;
}

std::string picture_data(const ArrayDataset& samples, int64_t sample, const PictureShape& shape) {
  Raster raster{.rows = shape.height, .columns = shape.width, .colours = {}};
  const int64_t size = shape.height * shape.width;
  const Array picture = take_samples(samples, std::array{sample});
  const std::byte* at = picture.bytes.data();
  for (int64_t i = 0; i < size; ++i, at += shape.channels) {
    const auto channel = [&](int64_t c) {
      return static_cast<uint8_t>(at[shape.channels >= 3 ? c : 0]);
    };
    raster.colours.push_back({channel(0), channel(1), channel(2)});
  }
  return "data:image/png;base64," + base64(png_of(raster));
}

std::string picture_list(const Report& report, const KeptPart& part,
                         const std::vector<size_t>& rows, const Verdicts& verdicts,
                         const PictureShape& shape) {
  const ArrayDataset& data = part.of_test_data ? *report.images->test : report.images->train;
  std::string items;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& said = verdicts.rows[i];
    const std::string place = html_text(place_of(report, part, rows[i]));
    std::string words = said[0] == said[1]
                            ? fmt::format("<b>{}</b>, rightly", said[0])
                            : fmt::format("<b>{}</b>, taken for <b>{}</b>", said[0], said[1]);
    if (said.size() > 2) words += fmt::format(" ({})", said[2]);
    items +=
        element("li", fmt::format("<img alt=\"{} is {}\" src=\"{}\">{}<br><span "
                                  "class=\"range\">{}</span>",
                                  place, said[0], picture_data(data, part.rows[rows[i]], shape),
                                  words, place)) +
        "\n";
  }
  return element("ul", items, "class=\"pictures\"");
}

Verdicts verdicts_of(const KeptPart& part, const std::vector<size_t>& rows) {
  const Target& target = part.target;
  if (is_classification(target.task())) return verdicts_on_classes(part, rows);
  if (target.task() == Task::regression && target.is_one()) return verdicts_on_number(part, rows);
  return {};
}

}  // namespace

std::string mistakes_section(const Report& report) {
  const KeptPart* part = judging_part(report);
  if (part == nullptr) return "";
  const TrainedNetwork& trained = report.result.model.trained();
  const auto shape = report.images ? picture_shape(*trained.pixels) : std::nullopt;
  const auto rows = worst_rows(report, *part, shape ? kMostPictures : kMostRows);
  const Verdicts verdicts = verdicts_of(*part, rows);
  const std::string judge = judge_of(report);
  const bool all_right = verdicts.right > 0 && verdicts.right == rows.size();
  return section(
      "mistakes", "Most wrong",
      note(fmt::format(
          "The {} rows of largest loss, that first. {}", judge == "train" ? "training" : judge,
          all_right ? "All of them are right." : "A wrong label or a damaged row shows here.")) +
          (shape ? picture_list(report, *part, rows, verdicts, *shape)
                 : table_of_rows(report, *part, rows, verdicts)));
}

}  // namespace sinapse
