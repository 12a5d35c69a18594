#include "data/table_reader.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/arff.h"
#include "data/byte_stream.h"
#include "data/columns.h"
#include "data/csv.h"
#include "data/dialect.h"
#include "data/memory_limit.h"
#include "data/stored_table.h"
#include "data/table_text.h"
#include "data/text_check.h"

namespace sinapse {

namespace {

// Takes the names from row 1, or makes them up.
void name_columns(TextTable& table) {
  for (size_t i = 0; i < table.names.size(); ++i) {
    const bool named = table.has_header && table.cells[i].length > 0;
    table.names[i] =
        named ? std::string(table.text_of(table.cells[i])) : fmt::format("column_{}", i);
  }
  if (table.has_header) table.num_header_cells = table.names.size();
}

void reject_repeated_names(const TextTable& table) {
  std::map<std::string_view, size_t> seen;
  for (size_t i = 0; i < table.names.size(); ++i) {
    const auto [first, added] = seen.try_emplace(table.names[i], i);
    if (added) continue;
    const int64_t line = table.cells.empty() ? 1 : table.line(table.cells[0].begin);
    throw Error(ErrorCode::data,
                fmt::format("{}:{}: columns {} and {} are both called \"{}\". Rename one of them.",
                            table.source, line, first->second + 1, i + 1, table.names[i]));
  }
}

[[noreturn]] void reject_title(const TextTable& table) {
  const int64_t line = table.line(table.cells[0].begin);
  throw Error(ErrorCode::data,
              fmt::format("{}:{}: this line looks like a title above the header. Remove it: "
                          "tail -n +{} FILE > NEW_FILE.",
                          table.source, line, line + 1));
}

}  // namespace

void reject_repeated_header(const TextTable& table) {
  const auto line = repeated_header(table);
  if (!line) return;
  throw Error(ErrorCode::data, fmt::format("{}:{}: this line repeats the header. Remove it: "
                                           "sed -i {}d FILE.",
                                           table.source, *line, *line));
}

void require_usable(const TextTable& table) {
  reject_repeated_names(table);
  if (table.num_rows() > 0) return;
  throw Error(ErrorCode::data,
              fmt::format("{}: there is a header, but no rows below it. If line 1 is data, "
                          "write a line with the columns' names above it.",
                          table.source));
}

char delimiter_of(std::string_view text, const std::string& source, const ReadOptions& options) {
  if (options.delimiter) return *options.delimiter;
  if (const auto declared = separator_line(text)) return declared->delimiter;
  const bool tsv = source.ends_with(".tsv") || source.ends_with(".tsv.gz");
  return tsv ? '\t' : detect_delimiter(text);
}

TextTable parse_csv(std::string bytes, const std::string& source, size_t start,
                    const ReadOptions& options) {
  TextTable table;
  table.source = source;
  table.text = std::move(bytes);
  auto text = std::string_view(table.text).substr(start);
  table.delimiter = delimiter_of(text, source, options);
  if (const auto declared = separator_line(text)) text.remove_prefix(declared->length);
  split_cells(table, table.text.size() - text.size());
  if (!options.header && has_title(table)) reject_title(table);
  table.has_header = options.header ? *options.header : detect_header(table);
  if (table.has_header) reject_repeated_header(table);
  name_columns(table);
  return table;
}

namespace {

Table csv_table(std::string bytes, const std::string& source, size_t start,
                const ReadOptions& options) {
  auto text = std::make_shared<TextTable>(parse_csv(std::move(bytes), source, start, options));
  require_usable(*text);
  auto columns = read_columns(*text, options);
  return {std::move(columns), text_in_memory(std::move(text)), source};
}

Table arff_table(std::string bytes, const std::string& source, size_t start,
                 const ReadOptions& options) {
  const auto file = std::make_shared<ArffFile>(parse_arff(std::move(bytes), source, start));
  if (file->table.num_rows() == 0)
    throw Error(ErrorCode::data, fmt::format("{}: there are no rows below @data.", source));
  auto columns = read_columns(file->table, with_declared_kinds(options, *file));
  check_nominal_values(*file, columns);
  return {std::move(columns), text_in_memory(std::shared_ptr<const TextTable>(file, &file->table)),
          source};
}

}  // namespace

Table parse_table(std::string bytes, const std::string& source, const ReadOptions& options) {
  const size_t start = check_text(bytes, source);
  const bool arff = looks_like_arff(std::string_view(bytes).substr(start));
  return arff ? arff_table(std::move(bytes), source, start, options)
              : csv_table(std::move(bytes), source, start, options);
}

namespace {

// In memory there are the text, eight bytes for the place and eight for the value of each cell, and
// the encoded rows; gzip shrinks a table to a quarter or less.
uint64_t bytes_in_memory(const std::string& path) {
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size * (path.ends_with(".gz") ? 24 : 4);
}

bool belongs_on_disk(const std::string& path, uint64_t limit) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  if (bytes_in_memory(path) <= limit) return false;
  return !looks_like_arff(without_byte_order_mark(read_start(path, size_t{1} << 16)));
}

}  // namespace

Table read_table(const std::string& path, const ReadOptions& options) {
  ReadOptions limited = options;
  if (limited.memory == 0) limited.memory = free_memory() / 2;
  if (belongs_on_disk(path, limited.memory)) return read_stored_table(path, limited);
  const auto file = open_file(path);
  return parse_table(read_all(*file, path), path, options);
}

}  // namespace sinapse
