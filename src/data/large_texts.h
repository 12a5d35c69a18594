// What there is to know of a column that has more different texts than fit into memory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/block_file.h"
#include "data/columns.h"
#include "data/text_table.h"

namespace sinapse {

class LargeTexts {
 public:
  LargeTexts(std::string name, int64_t column, int64_t first_text_row);

  /// Takes the next rows of the file.
  void add(const TextTable& part, int64_t first_row);

  /// As facts_of() a dictionary of all texts; takes about `memory` bytes.
  TextFacts facts(size_t memory) const;

 private:
  // Texts are taken for equal if these are: 104 bits of hashes, and 24 of the length.
  struct Fingerprint {
    uint64_t hash = 0;
    uint64_t hash_and_length = 0;
    auto operator<=>(const Fingerprint&) const = default;
  };

  void add(std::string_view text, int64_t row);
  void count_different(TextFacts& facts, size_t memory) const;

  int64_t column_;
  TextFacts facts_;
  std::vector<std::string> date_formats_;  // that fit all texts so far
  std::string smallest_;
  std::vector<Fingerprint> prints_;  // of the part at hand; zero for missing cells
  std::unique_ptr<BlockFile<Fingerprint>> file_;
};

}  // namespace sinapse
