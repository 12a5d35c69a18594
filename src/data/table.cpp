#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/table.h>

#include "data/column_cells.h"
#include "data/columns.h"
#include "data/date.h"
#include "data/nearest.h"
#include "data/table_text.h"

namespace sinapse {

namespace {

void check_columns(const std::vector<Column>& columns) {
  std::set<std::string_view> names;
  for (const Column& column : columns) {
    if (!names.insert(column.name).second)
      throw Error(ErrorCode::usage,
                  fmt::format("Table: two columns are called \"{}\".", column.name));
    if (column.num_rows() != columns.front().num_rows())
      throw Error(ErrorCode::usage,
                  fmt::format("Table: column \"{}\" has {} rows, but \"{}\" has {}.", column.name,
                              column.num_rows(), columns.front().name, columns.front().num_rows()));
  }
}

std::string text_of(const Column& column, int64_t row) {
  const bool coded = column.numbers.empty();
  if (coded) return column.codes[row] < 0 ? "" : column.categories[column.codes[row]];
  const double value = column.numbers[row];
  if (std::isnan(value)) return "";
  return column.kind == ColumnKind::date ? format_date(value) : fmt::format("{}", value);
}

// A column built in memory as if it stood in a file.
TextTable written_out(const Column& column) {
  TextTable text;
  text.names = {column.name};
  for (int64_t row = 0; row < column.num_rows(); ++row) text.append_cell(text_of(column, row));
  return text;
}

std::optional<size_t> index_from(const std::string& name, size_t limit) {
  size_t index = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data(), end, index);
  const bool whole = error == std::errc() && stop == end;
  return whole && index < limit ? std::optional(index) : std::nullopt;
}

class TextInMemory : public TableText {
 public:
  explicit TextInMemory(std::shared_ptr<const TextTable> table) : table_(std::move(table)) {}

  Column read(const std::string& name, ColumnKind kind) const override {
    return read_column(*table_, table_->column_named(name), kind);
  }
  std::string location(int64_t row) const override { return table_->location(row); }

 private:
  std::shared_ptr<const TextTable> table_;
};

}  // namespace

std::shared_ptr<const TableText> text_in_memory(std::shared_ptr<const TextTable> table) {
  return std::make_shared<TextInMemory>(std::move(table));
}

std::string_view name_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::number:
      return "number";
    case ColumnKind::category:
      return "category";
    case ColumnKind::boolean:
      return "boolean";
    case ColumnKind::date:
      return "date";
    case ColumnKind::identifier:
      return "identifier";
    case ColumnKind::empty:
      return "empty";
  }
  return "unknown";
}

int64_t Column::num_rows() const {
  if (stored) return stored->num_rows();
  return static_cast<int64_t>(numbers.empty() ? codes.size() : numbers.size());
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  check_columns(columns_);
}

Table::Table(std::vector<Column> columns, std::shared_ptr<const TableText> text, std::string source)
    : columns_(std::move(columns)), text_(std::move(text)), source_(std::move(source)) {}

int64_t Table::num_rows() const {
  return columns_.empty() ? 0 : columns_.front().num_rows();
}

const Column* Table::find(const std::string& name) const {
  for (const Column& column : columns_)
    if (column.name == name) return &column;
  const auto index = index_from(name, columns_.size());
  return index ? &columns_[*index] : nullptr;
}

const Column& Table::column(const std::string& name) const {
  if (const Column* found = find(name)) return *found;
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  throw Error(ErrorCode::usage,
              fmt::format("{}: there is no column \"{}\".{}", source_.empty() ? "Table" : source_,
                          name, did_you_mean(name, names)));
}

Column Table::reinterpret_as(const Column& column, ColumnKind kind) const {
  if (column.kind == kind) return column;
  if (!text_) return read_column(written_out(column), 0, kind);
  return text_->read(column.name, kind);
}

bool Table::on_disk() const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [](const Column& column) { return column.stored != nullptr; });
}

std::string Table::location(int64_t row) const {
  return text_ ? text_->location(row) : fmt::format("row {}", row);
}

}  // namespace sinapse
