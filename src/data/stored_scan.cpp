#include "data/stored_scan.h"

#include "data/columns.h"

namespace sinapse {

void NumberColumn::add(const TextTable& part, int64_t first_row, BlockFile<double>& file,
                       int64_t slot) {
  if (failed()) return;
  scan_.scan(part.num_rows());
  note_problems(part, first_row);
  const std::vector<double> numbers = scan_.take_part();
  if (failed()) return;
  facts_.add(numbers);
  file.write(slot, numbers);
}

void NumberColumn::note_problems(const TextTable& part, int64_t first_row) {
  if (scan_.failed()) {
    first_text_ = first_row + scan_.first_text();
    text_ = part.cell(scan_.first_text(), index_);
    text_place_ = part.location(scan_.first_text(), index_);
  }
  if (scan_.first_infinite() >= 0 && infinite_.empty()) {
    infinite_ = part.cell(scan_.first_infinite(), index_);
    infinite_place_ = part.location(scan_.first_infinite(), index_);
  }
}

void NumberColumn::require_numbers() const {
  if (failed()) fail_no_number(text_place_, text_);
  if (!infinite_.empty()) fail_not_finite(infinite_place_, infinite_);
}

void limit_texts(std::vector<TextsOfColumn>& columns, size_t limit) {
  for (;;) {
    size_t bytes = 0;
    TextsOfColumn* largest = nullptr;
    for (TextsOfColumn& column : columns) {
      bytes += column.dictionary.bytes();
      if (column.is_needed_whole() || column.large) continue;
      if (!largest || column.dictionary.bytes() > largest->dictionary.bytes()) largest = &column;
    }
    if (bytes <= limit || !largest) return;
    largest->large = true;
    largest->dictionary = {};
  }
}

}  // namespace sinapse
