#include "features/unknown_texts.h"

#include <algorithm>

#include <fmt/format.h>

#include "data/column_cells.h"

namespace sinapse {

namespace {

constexpr size_t kMaxShown = 5;

std::string quoted(const std::vector<std::string>& texts) {
  std::string list;
  for (size_t i = 0; i < std::min(texts.size(), kMaxShown); ++i)
    list += fmt::format("{}\"{}\"", i > 0 ? ", " : "", texts[i]);
  return texts.size() > kMaxShown ? list + ", ..." : list;
}

}  // namespace

UnknownTexts::UnknownTexts(const Features& features) {
  for (const CategoryFeature& feature : features.categories())
    watch(feature.column, feature.categories);
  for (const NumberFeature& feature : features.numbers())
    if (!feature.order.empty()) watch(feature.column, feature.order);
}

void UnknownTexts::watch(const std::string& column, const std::vector<std::string>& known) {
  watched_.push_back({.column = &column, .known = &known, .index = {known.begin(), known.end()}});
}

void UnknownTexts::count(const Table& part) {
  for (Watched& watched : watched_) {
    const Column* column = part.find(*watched.column);
    if (column != nullptr && column->kind == ColumnKind::category) count(watched, *column, part);
  }
}

void UnknownTexts::count(Watched& watched, const Column& column, const Table& part) {
  std::vector<bool> is_known;
  for (const std::string& text : column.categories)
    is_known.push_back(watched.index.contains(text));
  const ColumnCells cells(column);
  for (int64_t row = 0; row < part.num_rows(); ++row) {
    const int32_t code = cells.code(row);
    if (code < 0) continue;
    ++watched.cells;
    if (is_known[code]) continue;
    if (watched.unknown++ > 0) continue;
    watched.first_unknown = column.categories[code];
    watched.first_place = part.location(row);
  }
}

std::vector<std::string> UnknownTexts::remarks() const {
  std::vector<std::string> result;
  for (const Watched& watched : watched_) {
    if (2 * watched.unknown <= watched.cells) continue;
    result.push_back(fmt::format(
        "{}: column \"{}\": training has never seen \"{}\"; {} of {} cells hold texts that it has "
        "not seen, and count as unknown. It has seen: {}.",
        watched.first_place, *watched.column, watched.first_unknown, watched.unknown, watched.cells,
        quoted(*watched.known)));
  }
  return result;
}

}  // namespace sinapse
