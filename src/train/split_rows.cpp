#include "train/split_rows.h"

#include <cctype>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "data/column_cells.h"
#include "data/nearest.h"
#include "features/match_columns.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

[[noreturn]] void fail_cell(const Table& table, int64_t row, const std::string& column,
                            const std::string& expected) {
  throw Error(ErrorCode::data, fmt::format("{}: column \"{}\", by which rows are split, {}.",
                                           table.location(row), column, expected));
}

Column as_category(const Table& table, const std::string& name) {
  return table.reinterpret_as(table.column(name), ColumnKind::category);
}

std::vector<int32_t> classes_of(const KnownRows& known, std::span<const int64_t> rows) {
  std::vector<int32_t> classes;
  for (const int64_t row : rows) classes.push_back(static_cast<int32_t>(known.encoded[row]));
  return classes;
}

std::vector<double> times_of(const Table& table, const std::string& name,
                             std::span<const int64_t> rows) {
  Column column = table.column(name);
  if (column.kind == ColumnKind::identifier) {  // numbers that all differ
    column = table.reinterpret_as(column, ColumnKind::number);
  }
  const ColumnCells cells(column);
  std::vector<double> times;
  for (const int64_t row : rows) {
    const double time = has_numbers(column.kind) ? cells.number(row) : std::nan("");
    if (!std::isfinite(time)) fail_cell(table, row, column.name, "must hold a date or a number");
    times.push_back(time);
  }
  return times;
}

enum class Part : uint8_t { train, validation, test, unknown };

Part part_named(std::string name) {
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name == "0" || name == "train" || name == "training") return Part::train;
  if (name == "1" || name == "validation" || name == "valid" || name == "val") {
    return Part::validation;
  }
  return name == "2" || name == "test" ? Part::test : Part::unknown;
}

// Positions within `rows`, as of every split.
Split split_by_column(const Table& table, const std::string& name, std::span<const int64_t> rows) {
  const Column column = as_category(table, name);
  std::vector<Part> parts;
  for (const std::string& text : column.categories) parts.push_back(part_named(text));
  const ColumnCells cells(column);
  Split split;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int32_t code = cells.code(rows[i]);
    const Part part = code < 0 ? Part::unknown : parts[code];
    if (part == Part::unknown) {
      fail_cell(table, rows[i], column.name,
                fmt::format("must say 0, 1 or 2 (or train, validation, test), but has \"{}\"",
                            code < 0 ? "" : column.categories[code]));
    }
    (part == Part::train  ? split.train
     : part == Part::test ? split.test
                          : split.validation)
        .push_back(static_cast<int64_t>(i));
  }
  return split;
}

Split with_rows(Split split, std::span<const int64_t> rows) {
  for (auto* part : {&split.train, &split.validation, &split.test}) {
    for (int64_t& row : *part) row = rows[row];
  }
  return split;
}

void require_column(const std::string& column, const std::string& split_by, const char* key) {
  if (!column.empty()) return;
  throw Error(ErrorCode::usage,
              fmt::format("data.split_by is {}, but no column is named: set {}.", split_by, key));
}

// The task, if the loss leaves no choice to the columns.
std::optional<Task> task_of_loss(const std::string& loss) {
  if (loss == "auto") return std::nullopt;
  const Task task = parse_loss(loss).definition->tasks.front();
  if (task == Task::regression || task == Task::distribution) return task;
  return std::nullopt;
}

bool needs_all_targets(const RunOptions& options, std::optional<Task> task) {
  if (task == Task::distribution) return true;
  const std::string& loss = options.training.loss;
  return loss != "auto" && sinapse::needs_all_targets(parse_loss(loss).definition->form);
}

// FNV-1a, continued from `hash`.
uint64_t hash_text(uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

// Spreads every bit over all others (the finaliser of MurmurHash3; Appleby 2008).
uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdu;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53u;
  return x ^ (x >> 33);
}

// The last rows for validation and test.
Split split_by_order(size_t rows, SplitShares shares) {
  std::vector<double> places(rows);
  std::iota(places.begin(), places.end(), 0);
  return split_by_time(places, shares);
}

// Rows of one target would stand in one part only, or count by what is to be found out.
void require_not_predicted(const Table& table, const Target& target, const std::string& name,
                           const char* key) {
  if (name.empty()) return;
  const std::string& column = table.column(name).name;
  const std::vector<std::string> predicted = target.names();
  if (std::find(predicted.begin(), predicted.end(), column) == predicted.end()) return;
  throw Error(ErrorCode::usage,
              fmt::format("{} is \"{}\", the column to predict. Name another one.", key, column));
}

}  // namespace

KnownRows known_rows(const Table& table, const RunOptions& options) {
  const DataOptions& data = options.data;
  TargetOptions target_options{.target = data.target, .task = {}, .form = {}};
  target_options.task = data.task == "auto" ? task_of_loss(options.training.loss)
                                            : std::optional(task_from_name(data.task));
  const bool all_targets = needs_all_targets(options, target_options.task);
  KnownRows known{.rows = Target::known_rows(table, data.target, all_targets)};
  known.target = Target::fit(table, target_options, known.rows);
  known.encoded = known.target.encode(table);
  return known;
}

std::string chosen_split(const DataOptions& options, bool classes) {
  const std::vector<std::string> ways = {"auto",  "random", "stratified", "order",
                                         "group", "time",   "column",     "hash"};
  const std::string& wanted = options.split_by;
  if (std::find(ways.begin(), ways.end(), wanted) == ways.end()) {
    throw Error(ErrorCode::usage, fmt::format("data.split_by \"{}\" is not known.{}", wanted,
                                              did_you_mean(wanted, ways)));
  }
  if (wanted == "group") require_column(options.group, wanted, "data.group");
  if (wanted == "time") require_column(options.time, wanted, "data.time");
  if (wanted == "column") require_column(options.split, wanted, "data.split");
  if (wanted == "stratified" && !classes) {
    throw Error(ErrorCode::usage, "data.split_by is stratified, but the target has no classes.");
  }
  if (wanted != "auto") return wanted;
  std::vector<std::string> named;
  if (!options.split.empty()) named.emplace_back("column");
  if (!options.group.empty()) named.emplace_back("group");
  if (!options.time.empty()) named.emplace_back("time");
  if (!options.id.empty()) named.emplace_back("hash");
  if (named.size() > 1) {
    throw Error(ErrorCode::usage, fmt::format("Rows can be split by {} or by {}: say which with "
                                              "data.split_by.",
                                              named[0], named[1]));
  }
  if (!named.empty()) return named[0];
  return classes ? "stratified" : "random";
}

Split split_rows(const Table& table, const KnownRows& known, std::span<const int64_t> rows,
                 const RunOptions& options) {
  const DataOptions& data = options.data;
  require_not_predicted(table, known.target, data.group, "data.group");
  require_not_predicted(table, known.target, data.id, "data.id");
  require_not_predicted(table, known.target, data.weight, "data.weight");
  const SplitShares shares{data.validation_split, data.test_split};
  const uint64_t seed = options.training.seed;
  const std::string way = chosen_split(data, known.has_classes());
  const auto split = [&]() -> Split {
    if (way == "stratified") return stratified_split(classes_of(known, rows), shares, seed);
    if (way == "group") return grouped_split(groups_of(table, data.group, rows), shares, seed);
    if (way == "order") return split_by_order(rows.size(), shares);
    if (way == "time") return split_by_time(times_of(table, data.time, rows), shares);
    if (way == "column") return split_by_column(table, data.split, rows);
    if (way == "hash") return split_by_hash(hashes_of(table, data.id, rows), shares);
    return random_split(static_cast<int64_t>(rows.size()), shares, seed);
  };
  Split result = with_rows(split(), rows);
  if (!result.train.empty()) return result;
  throw Error(ErrorCode::data,
              fmt::format("splitting {} rows by {} leaves none to train on", rows.size(), way));
}

void require_rows_alone(const RunOptions& options, std::string_view who) {
  const char* const key = options.series.horizon > 0          ? "series.horizon"
                          : !options.data.sequence_by.empty() ? "data.sequence_by"
                          : options.training.stateful         ? "training.stateful"
                                                              : nullptr;
  if (key == nullptr) return;
  throw Error(ErrorCode::usage,
              fmt::format("{} learns from each row alone: leave out {}.", who, key));
}

Split split_samples(std::span<const int32_t> labels, const RunOptions& options) {
  const std::string way = chosen_split(options.data, /*classes=*/true);
  const SplitShares shares{options.data.validation_split, options.data.test_split};
  const uint64_t seed = options.training.seed;
  if (way == "stratified") return stratified_split(labels, shares, seed);
  if (way == "random") return random_split(static_cast<int64_t>(labels.size()), shares, seed);
  if (way == "order") return split_by_order(labels.size(), shares);
  throw Error(ErrorCode::usage,
              fmt::format("data.split_by is {}, but images have no columns.", way));
}

std::vector<std::string> split_columns(const DataOptions& options) {
  std::vector<std::string> columns;
  for (const std::string* column : {&options.group, &options.split, &options.id, &options.weight}) {
    if (!column->empty()) columns.push_back(*column);
  }
  return columns;
}

std::vector<int32_t> groups_of(const Table& table, const std::string& name,
                               std::span<const int64_t> rows) {
  const Column column = as_category(table, name);
  const ColumnCells cells(column);
  std::vector<int32_t> groups;
  for (const int64_t row : rows) groups.push_back(cells.code(row));
  return groups;
}

std::vector<uint64_t> hashes_of(const Table& table, const std::string& name,
                                std::span<const int64_t> rows) {
  std::vector<uint64_t> hashes(rows.size());
  for (const Column& own : table.columns()) {
    if (!name.empty() && &own != &table.column(name)) continue;
    const Column column = table.reinterpret_as(own, ColumnKind::category);
    const uint64_t start = hash_text(hash_text(14695981039346656037u, column.name), {"", 1});
    std::vector<uint64_t> of_text;
    for (const std::string& text : column.categories) {
      of_text.push_back(mixed(hash_text(start, text)));
    }
    const ColumnCells cells(column);
    for (size_t i = 0; i < rows.size(); ++i) {
      const int32_t code = cells.code(rows[i]);
      if (code >= 0) hashes[i] += of_text[code];
    }
  }
  for (uint64_t& hash : hashes) hash = mixed(hash);
  return hashes;
}

}  // namespace sinapse
