#include "data/large_texts.h"

#include <algorithm>

#include "data/cell.h"
#include "data/date.h"

namespace sinapse {

namespace {

constexpr uint64_t kLengthMask = (uint64_t{1} << 24) - 1;

uint64_t mixed(uint64_t x) {  // the finaliser of MurmurHash3 (Appleby 2008)
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdu;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53u;
  return x ^ (x >> 33);
}

uint64_t hash_of(std::string_view text, uint64_t start) {
  uint64_t hash = start;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return mixed(hash);
}

}  // namespace

LargeTexts::LargeTexts(std::string name, int64_t column, int64_t first_text_row)
    : column_(column),
      date_formats_(known_date_formats()),
      file_(std::make_unique<BlockFile<Fingerprint>>(1)) {
  facts_.name = std::move(name);
  facts_.first_text_row = first_text_row;
}

void LargeTexts::add(const TextTable& part, int64_t first_row) {
  prints_.assign(part.num_rows(), {});
  for (int64_t row = 0; row < part.num_rows(); ++row) {
    const CellPosition cell = part.position(row, column_);
    if (part.is_missing(cell)) continue;
    const std::string_view text = part.text_of(cell);
    add(text, first_row + row);
    prints_[row] = {hash_of(text, 14695981039346656037u),
                    (hash_of(text, 1) & ~kLengthMask) | text.size()};
  }
  file_->begin_block(part.num_rows());
  file_->write(0, prints_);
}

void LargeTexts::add(std::string_view text, int64_t row) {
  if (facts_.present++ == 0) {
    facts_.first_row = row;
    facts_.first = smallest_ = text;
  }
  if (row == facts_.first_text_row) facts_.first_text = text;
  if (text < smallest_) smallest_ = text;
  std::erase_if(date_formats_,
                [&](const std::string& format) { return !parse_date(text, format); });
  facts_.numbers += parse_number(text).has_value();
  facts_.dressed_numbers += is_dressed_number(text);
}

TextFacts LargeTexts::facts(size_t memory) const {
  TextFacts facts = facts_;
  if (!date_formats_.empty() && smallest_.size() <= kLongestDate)
    facts.date_format = date_formats_.front();
  count_different(facts, memory);
  return facts;
}

// Share by share of the fingerprints, so that each fits.
void LargeTexts::count_different(TextFacts& facts, size_t memory) const {
  const uint64_t bytes = static_cast<uint64_t>(facts.present) * sizeof(Fingerprint);
  const uint64_t shares = bytes / std::max<uint64_t>(memory, 1) + 1;
  for (uint64_t share = 0; share < shares; ++share) {
    std::vector<Fingerprint> prints;
    file_->visit(0, [&](std::span<const Fingerprint> cells) {
      for (const Fingerprint& print : cells)
        if (print != Fingerprint{} && print.hash % shares == share) prints.push_back(print);
    });
    std::sort(prints.begin(), prints.end());
    const auto end = std::unique(prints.begin(), prints.end());
    facts.different += end - prints.begin();
    for (auto print = prints.begin(); print != end; ++print)
      facts.letters += static_cast<int64_t>(print->hash_and_length & kLengthMask);
  }
}

}  // namespace sinapse
