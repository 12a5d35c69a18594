// sinapse softmax: scores as probabilities.
#include "ops/softmax.h"

#include <charconv>
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "cli/commands.h"
#include "cli/output.h"

namespace sinapse::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  sinapse softmax 0.9 0.4 0.2
  printf '1 2\n1 0\n' | sinapse softmax)";

// The scores are no declared option of CLI11, which would take negative ones for flags.
class ScoresFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: sinapse softmax [SCORE...]\n";
  }
};

using Matrix = std::vector<std::vector<double>>;

double parse_score(const std::string& text, const std::string& where, ErrorCode code) {
  double score = 0;
  const char* end = text.data() + text.size();
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto parsed = std::from_chars(first, end, score);
  if (parsed.ec != std::errc{} || parsed.ptr != end || std::isnan(score)) {
    throw Error(code, fmt::format("softmax: {}expected a number, got \"{}\".", where, text));
  }
  return score;
}

std::vector<std::string> split(const std::string& line) {
  const char* separators = " \t,;\r";
  std::vector<std::string> words;
  for (size_t at = line.find_first_not_of(separators); at != std::string::npos;) {
    const size_t end = std::min(line.find_first_of(separators, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(separators, end);
  }
  return words;
}

Matrix read_matrix(std::istream& input) {
  Matrix rows;
  std::string line;
  for (int number = 1; std::getline(input, line); ++number) {
    const auto words = split(line);
    if (words.empty()) continue;
    const std::string where = fmt::format("standard input:{}: ", number);
    auto& row = rows.emplace_back();
    for (const std::string& word : words) {
      row.push_back(parse_score(word, where, ErrorCode::data));
    }
    if (row.size() != rows[0].size()) {
      throw Error(ErrorCode::data,
                  fmt::format("softmax: {}expected {} numbers as on the lines before, got {}.",
                              where, rows[0].size(), row.size()));
    }
  }
  if (rows.empty()) {
    throw Error(ErrorCode::usage,
                "softmax: no scores. Give them as arguments or as the rows of a "
                "matrix on standard input.");
  }
  return rows;
}

void softmax_in_place(std::vector<double>& scores) {
  softmax<double>(scores, scores);
}

void softmax_columns(Matrix& matrix) {
  std::vector<double> column(matrix.size());
  for (size_t j = 0; j < matrix[0].size(); ++j) {
    for (size_t i = 0; i < matrix.size(); ++i) column[i] = matrix[i][j];
    softmax_in_place(column);
    for (size_t i = 0; i < matrix.size(); ++i) matrix[i][j] = column[i];
  }
}

// Eight digits: what a float holds.
std::string format_row(const std::vector<double>& row) {
  return fmt::format("{:.8g}\n", fmt::join(row, " "));
}

int run_softmax(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    Matrix matrix = read_matrix(std::cin);
    softmax_columns(matrix);
    for (const auto& row : matrix) print(format_row(row));
    return kSuccess;
  }
  std::vector<double> scores;
  for (const std::string& text : arguments) {
    scores.push_back(parse_score(text, "", ErrorCode::usage));
  }
  softmax_in_place(scores);
  print(format_row(scores));
  return kSuccess;
}

}  // namespace

void add_softmax(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand(
      "softmax",
      "Turn scores into probabilities: e^x / sum of all e^x. Without arguments a matrix is "
      "read from standard input; its rows are classes, its columns samples");
  command->footer(kExamples);
  command->formatter(std::make_shared<ScoresFormatter>());
  command->allow_extras();  // so that negative numbers are not taken for options
  command->callback([command, &action] {
    action = [scores = command->remaining()] { return run_softmax(scores); };
  });
}

}  // namespace sinapse::cli
