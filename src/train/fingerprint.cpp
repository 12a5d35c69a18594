#include "train/fingerprint.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

namespace sinapse {

namespace {

// Eight bytes at a time: multiply and fold, as in MurmurHash (Appleby 2008). No defence against
// forgery: it is to notice that a file was edited.
class Hash {
 public:
  void add(const void* data, size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    add_word(size);
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), bytes += sizeof(uint64_t)) {
      uint64_t word;
      std::memcpy(&word, bytes, sizeof(word));
      add_word(word);
    }
    uint64_t last = 0;
    if (size > 0) std::memcpy(&last, bytes, size);
    add_word(last);
  }

  template <class T>
  void add(std::span<const T> values) {
    add(values.data(), values.size_bytes());
  }

  uint64_t value() const { return hash_; }

 private:
  void add_word(uint64_t word) {
    hash_ = (hash_ ^ word) * 0x9ddfea08eb382d69u;
    hash_ ^= hash_ >> 32;
  }

  uint64_t hash_ = 0xcbf29ce484222325u;
};

// Pixels count as the numbers that become of them.
void add_row(Hash& hash, const InputColumns& input, int64_t row, std::vector<float>& numbers) {
  if (input.is_sequence()) {
    const int64_t first = input.offsets[row], end = input.offsets[row + 1];
    hash.add(std::span(input.numbers)
                 .subspan(first * input.step_columns, (end - first) * input.step_columns));
    return;
  }
  numbers.resize(input.columns);
  input.copy_row(row, numbers.data());
  hash.add(std::span<const float>(numbers));
}

// Rows on disk give the same value as those in memory.
void add_rows_of_source(Hash& hash, const Dataset& data) {
  constexpr int64_t kRows = 1024;
  std::vector<int64_t> rows;
  std::vector<float> numbers;
  for (int64_t first = 0; first < data.rows; first += kRows) {
    rows.resize(std::min(kRows, data.rows - first));
    std::iota(rows.begin(), rows.end(), first);
    numbers.resize(rows.size() * data.source->num_columns());
    data.source->read(rows, numbers.data());
    const float* at = numbers.data();
    for (size_t row = 0; row < rows.size(); ++row) {
      for (const InputColumns& input : data.inputs) {
        hash.add(std::span(at, static_cast<size_t>(input.columns)));
        at += input.columns;
      }
    }
  }
}

void add_inputs(Hash& hash, const Dataset& data) {
  for (const InputColumns& input : data.inputs) {
    hash.add(&input.columns, sizeof(input.columns));
  }
  if (data.source) return add_rows_of_source(hash, data);
  std::vector<float> numbers;
  for (int64_t row = 0; row < data.rows; ++row) {
    for (const InputColumns& input : data.inputs) add_row(hash, input, row, numbers);
  }
}

}  // namespace

Fingerprint fingerprint_of(const Dataset& data, std::span<const int64_t> training_rows,
                           std::span<const int64_t> validation_rows) {
  Hash hash;
  add_inputs(hash, data);
  hash.add(std::span<const float>(data.target));
  hash.add(std::span<const float>(data.loss_weights));
  hash.add(training_rows);
  hash.add(validation_rows);
  return {data.rows, static_cast<int64_t>(training_rows.size()),
          static_cast<int64_t>(validation_rows.size()), hash.value()};
}

}  // namespace sinapse
