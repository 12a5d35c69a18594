#include "data/sequences.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/column_cells.h"
#include "data/time_step.h"

namespace sinapse {

namespace {

[[noreturn]] void fail(const Table& table, int64_t row, const Column& column,
                       const std::string& message) {
  throw Error(ErrorCode::data,
              fmt::format("{}: column \"{}\" {}.", table.location(row), column.name, message));
}

// The number of each row's sequence, counted by first rows.
std::vector<int64_t> number_rows(const Table& table, const Column& id, RowSequences& sequences) {
  const ColumnCells cells(id);
  std::vector<int64_t> numbers(id.categories.size(), -1), of_row;
  for (int64_t row = 0; row < table.num_rows(); ++row) {
    const int32_t code = cells.code(row);
    if (code < 0) fail(table, row, id, "says which sequence a row belongs to, but is empty here");
    if (numbers[code] < 0) {
      numbers[code] = sequences.size();
      sequences.ids.push_back(id.categories[code]);
    }
    of_row.push_back(numbers[code]);
  }
  return of_row;
}

void gather_rows(std::span<const int64_t> sequence_of_row, RowSequences& sequences) {
  std::vector<int64_t> next(sequences.ids.size() + 1, 0);
  for (const int64_t sequence : sequence_of_row) ++next[sequence + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  sequences.offsets = next;
  sequences.rows.resize(sequence_of_row.size());
  for (size_t row = 0; row < sequence_of_row.size(); ++row)
    sequences.rows[next[sequence_of_row[row]]++] = static_cast<int64_t>(row);
}

std::vector<double> places_in(const Table& table, const Column& order) {
  const ColumnCells cells(order);
  const bool has_numbers = order.kind == ColumnKind::number || order.kind == ColumnKind::date;
  std::vector<double> places;
  for (int64_t row = 0; row < table.num_rows(); ++row) {
    const double place = has_numbers ? cells.number(row) : std::nan("");
    if (!std::isfinite(place))
      fail(table, row, order, "gives the order of steps, so it must hold a date or a number");
    places.push_back(place);
  }
  return places;
}

void order_steps(const Table& table, const Column& order, RowSequences& sequences) {
  const std::vector<double> places = places_in(table, order);
  for (int64_t s = 0; s < sequences.size(); ++s) {
    const auto begin = sequences.rows.begin() + sequences.offsets[s];
    const auto end = sequences.rows.begin() + sequences.offsets[s + 1];
    std::stable_sort(begin, end, [&](int64_t a, int64_t b) { return places[a] < places[b]; });
    const auto twice = std::adjacent_find(
        begin, end, [&](int64_t a, int64_t b) { return places[a] == places[b]; });
    if (twice == end) continue;
    fail(table, twice[1], order,
         fmt::format("has {} a second time in the sequence \"{}\", after {}; keep one of the rows",
                     format_time(places[*twice], order.kind == ColumnKind::date), sequences.ids[s],
                     table.location(*twice)));
  }
}

}  // namespace

int64_t RowSequences::longest() const {
  int64_t longest = 0;
  for (int64_t s = 0; s < size(); ++s) longest = std::max(longest, length(s));
  return longest;
}

RowSequences sequences_of(const Table& table, const std::string& id, const std::string& order) {
  RowSequences sequences;
  const Column ids = table.reinterpret_as(table.column(id), ColumnKind::category);
  gather_rows(number_rows(table, ids, sequences), sequences);
  if (order.empty()) return sequences;
  Column column = table.column(order);
  if (column.kind == ColumnKind::identifier)  // numbers that all differ
    column = table.reinterpret_as(column, ColumnKind::number);
  order_steps(table, column, sequences);
  return sequences;
}

}  // namespace sinapse
