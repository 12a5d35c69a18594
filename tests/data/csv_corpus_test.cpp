// Nasty CSV files and what should come of each: tests/data/csv_corpus/NAME.csv and NAME.expected.
// An expectation opens with comments that say what is nasty, then either one line a column,
//     ["name", "kind", [cells], "remark"]    the remark only if there is one; null is missing
// or one JSON text that must be part of the error's message, in which FILE stands for the path.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sinapse/error.h>
#include <sinapse/table.h>

#include "data/column_cells.h"
#include "data/stored_table.h"
#include "data/temporary_folder.h"
#include "features/calendar.h"
#include "features/match_columns.h"
#include "paths.h"

namespace sinapse {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string corpus() {
  return source_path("tests/data/csv_corpus");
}

std::vector<std::string> corpus_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(corpus()))
    if (entry.path().extension() == ".csv") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

std::string with_file(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

json date_text(double seconds) {
  const auto day = static_cast<int64_t>(std::floor(seconds / kSecondsPerDay));
  std::string text = format_day(day, "%Y-%m-%d", true);
  const auto second = std::llround(seconds - static_cast<double>(day * kSecondsPerDay));
  if (second == 0) return text;
  return text + fmt::format(" {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
}

json cell(const ColumnCells& column, int64_t row) {
  if (!has_numbers(column->kind))
    return column.code(row) < 0 ? json() : json(column->categories[column.code(row)]);
  const double value = column.number(row);
  if (std::isnan(value)) return {};
  return column->kind == ColumnKind::date ? date_text(value) : json(value);
}

std::string described(const Table& table, const Column& column, const std::string& file) {
  const bool later = column.stored && column.kind == ColumnKind::identifier;
  const Column texts = later ? table.reinterpret_as(column, ColumnKind::category) : column;
  json cells = json::array();
  for (int64_t row = 0; row < column.num_rows(); ++row) cells.push_back(cell(texts, row));
  json line = {column.name, std::string(name_of(column.kind)), cells};
  if (!column.remark.empty()) line.push_back(with_file(column.remark, file, "FILE"));
  return line.dump();
}

// What the reader makes of the file, in the form of the expectations.
std::vector<std::string> outcome(const std::string& file, const std::function<Table()>& read) {
  std::vector<std::string> lines;
  try {
    const Table table = read();
    for (const Column& column : table.columns()) lines.push_back(described(table, column, file));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::data) << error.what();
    lines = {json(with_file(error.what(), file, "FILE")).dump()};
  }
  return lines;
}

class CsvCorpus : public testing::TestWithParam<std::string> {};

TEST_P(CsvCorpus, IsTheSameOnDisk) {
  const std::string file = corpus() + "/" + GetParam() + ".csv";
  EXPECT_EQ(outcome(file, [&] { return read_stored_table(file, {.memory = 1}); }),
            outcome(file, [&] { return read_table(file); }));
}

TEST_P(CsvCorpus, IsReadAsExpected) {
  const std::string file = corpus() + "/" + GetParam() + ".csv";
  const std::vector<std::string> lines = outcome(file, [&] { return read_table(file); });
  std::ifstream expectation(corpus() + "/" + GetParam() + ".expected");
  size_t next = 0;
  bool explained = false;
  for (std::string line; std::getline(expectation, line);) {
    const bool comment = line.starts_with('#');
    explained |= comment;
    if (comment) continue;
    ASSERT_LT(next, lines.size()) << "more is expected: " << line;
    const json expected = json::parse(line), actual = json::parse(lines[next++]);
    const bool both_errors = expected.is_string() && actual.is_string();
    EXPECT_TRUE(both_errors ? actual.get<std::string>().find(expected) != std::string::npos
                            : actual == expected)
        << "expected " << line << "\nfound    " << actual;
  }
  EXPECT_TRUE(explained) << "no comment says what is nasty about the file";
  for (; next < lines.size(); ++next) ADD_FAILURE() << "not expected:\n" << lines[next];
}

INSTANTIATE_TEST_SUITE_P(Files, CsvCorpus, testing::ValuesIn(corpus_names()),
                         [](const auto& name) { return name.param; });

TEST(CsvCorpusFiles, AreAtLeastSixty) {
  EXPECT_GE(corpus_names().size(), 60u);
}

}  // namespace
}  // namespace sinapse
