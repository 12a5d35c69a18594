#include "train/split_rows.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "data/column_cells.h"
#include "data/nearest.h"
#include "features/match_columns.h"
#include "features/target_columns.h"

namespace sinapse {

namespace {

constexpr size_t kValuesAtOnce = 4096;

[[noreturn]] void fail_cell(const Table& table, int64_t row, const std::string& column,
                            const std::string& expected) {
  throw Error(ErrorCode::data, fmt::format("{}: column \"{}\", by which rows are split, {}.",
                                           table.location(row), column, expected));
}

Column as_category(const Table& table, const std::string& name) {
  return table.reinterpret_as(table.column(name), ColumnKind::category);
}

// value(row) for each of the rows, some at a time.
template <class T, class Value>
RowValues<T> values_of(const Rows& rows, Value value) {
  return {std::ssize(rows), [&rows, value](const typename RowValues<T>::Take& take) {
            std::vector<T> some;
            const auto flush = [&] {
              take(some);
              some.clear();
            };
            for (const int64_t row : rows) {
              some.push_back(value(row));
              if (some.size() == kValuesAtOnce) flush();
            }
            flush();
          }};
}

/// A column with its cells: what a RowValues keeps.
struct OwnedCells {
  explicit OwnedCells(Column c) : column(std::move(c)) {}
  OwnedCells(const OwnedCells&) = delete;

  const Column column;
  const ColumnCells cells{column};
};

RowValues<double> times_of(const Table& table, const std::string& name, const Rows& rows) {
  Column column = table.column(name);
  if (column.kind == ColumnKind::identifier) {  // numbers that all differ
    column = table.reinterpret_as(column, ColumnKind::number);
  }
  const auto owned = std::make_shared<const OwnedCells>(std::move(column));
  return values_of<double>(rows, [owned, &table](int64_t row) {
    const double time = has_numbers(owned->column.kind) ? owned->cells.number(row) : std::nan("");
    if (!std::isfinite(time))
      fail_cell(table, row, owned->column.name, "must hold a date or a number");
    return time;
  });
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
Split split_by_column(const Table& table, const std::string& name, const Rows& rows) {
  const Column column = as_category(table, name);
  std::vector<Part> parts;
  for (const std::string& text : column.categories) parts.push_back(part_named(text));
  const ColumnCells cells(column);
  Split split;
  int64_t place = 0;
  for (const int64_t row : rows) {
    const int32_t code = cells.code(row);
    const Part part = code < 0 ? Part::unknown : parts[code];
    if (part == Part::unknown) {
      fail_cell(table, row, column.name,
                fmt::format("must say 0, 1 or 2 (or train, validation, test), but has \"{}\"",
                            code < 0 ? "" : column.categories[code]));
    }
    (part == Part::train  ? split.train
     : part == Part::test ? split.test
                          : split.validation)
        .push_back(place++);
  }
  return split;
}

// From places among the rows to the rows.
Rows rows_at(const Rows& places, const Rows& rows) {
  Rows result;
  auto row = rows.begin();
  int64_t here = 0;
  for (const int64_t place : places) {
    for (; here < place; ++here) ++row;
    result.push_back(*row);
  }
  return result;
}

Split with_rows(const Split& split, const Rows& rows) {
  return {.train = rows_at(split.train, rows),
          .validation = rows_at(split.validation, rows),
          .test = rows_at(split.test, rows)};
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

Split split_rows(const Table& table, const KnownRows& known, const Rows& rows,
                 const RunOptions& options) {
  const DataOptions& data = options.data;
  require_not_predicted(table, known.target, data.group, "data.group");
  require_not_predicted(table, known.target, data.id, "data.id");
  require_not_predicted(table, known.target, data.weight, "data.weight");
  const SplitShares shares{data.validation_split, data.test_split};
  const uint64_t seed = options.training.seed;
  const std::string way = chosen_split(data, known.has_classes());
  const auto split = [&]() -> Split {
    if (way == "stratified") return stratified_split(classes_of(table, known, rows), shares, seed);
    if (way == "group") return grouped_split(groups_of(table, data.group, rows), shares, seed);
    if (way == "order") return split_in_order(std::ssize(rows), shares);
    if (way == "time") return split_by_time(times_of(table, data.time, rows), shares);
    if (way == "column") return split_by_column(table, data.split, rows);
    if (way == "hash") return split_by_hash(hashes_of(table, data.id, rows), shares);
    return random_split(std::ssize(rows), shares, seed);
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
  if (way == "order") return split_in_order(std::ssize(labels), shares);
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

RowValues<int32_t> classes_of(const Table& table, const KnownRows& known, const Rows& rows) {
  if (!std::is_sorted(rows.begin(), rows.end())) {  // the first rows of sequences
    const auto all = std::make_shared<const std::vector<float>>(known.target.encode(table));
    return values_of<int32_t>(rows,
                              [all](int64_t row) { return static_cast<int32_t>((*all)[row]); });
  }
  return {std::ssize(rows), [&](const RowValues<int32_t>::Take& take) {
            std::vector<int32_t> classes;
            auto next = rows.begin();
            int64_t row = 0;
            known.target.encode(table, [&](std::span<const float> encoded) {
              classes.clear();
              for (const float c : encoded) {
                if (next == rows.end() || *next != row++) continue;
                classes.push_back(static_cast<int32_t>(c));
                ++next;
              }
              take(classes);
            });
          }};
}

RowValues<int32_t> groups_of(const Table& table, const std::string& name, const Rows& rows) {
  const auto owned = std::make_shared<const OwnedCells>(as_category(table, name));
  return values_of<int32_t>(rows, [owned](int64_t row) { return owned->cells.code(row); });
}

RowValues<uint64_t> hashes_of(const Table& table, const std::string& name, const Rows& rows) {
  struct HashedColumn {
    std::shared_ptr<const OwnedCells> owned;
    std::vector<uint64_t> of_text;
  };
  std::vector<HashedColumn> columns;
  for (const Column& own : table.columns()) {
    if (!name.empty() && &own != &table.column(name)) continue;
    Column column = table.reinterpret_as(own, ColumnKind::category);
    const uint64_t start = hash_text(hash_text(14695981039346656037u, column.name), {"", 1});
    std::vector<uint64_t> of_text;
    for (const std::string& text : column.categories) {
      of_text.push_back(mixed(hash_text(start, text)));
    }
    column.categories = {};
    columns.push_back({std::make_shared<const OwnedCells>(std::move(column)), std::move(of_text)});
  }
  return values_of<uint64_t>(rows, [columns = std::move(columns)](int64_t row) {
    uint64_t hash = 0;
    for (const HashedColumn& column : columns) {
      const int32_t code = column.owned->cells.code(row);
      if (code >= 0) hash += column.of_text[code];
    }
    return mixed(hash);
  });
}

}  // namespace sinapse
