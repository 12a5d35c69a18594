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
void add_input(Hash& hash, const InputColumns& input, int64_t row, std::vector<float>& numbers) {
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

// `stored`, if given, is the row as the data set's source has it.
uint64_t hash_of_row(const Dataset& data, int64_t row, const float* stored, const Answer& answer,
                     std::vector<float>& numbers) {
  Hash hash;
  hash.add(&row, sizeof(row));
  for (const InputColumns& input : data.inputs) {
    if (stored == nullptr) {
      add_input(hash, input, row, numbers);
    } else {
      hash.add(std::span(stored, static_cast<size_t>(input.columns)));
      stored += input.columns;
    }
  }
  hash.add(answer.target);
  hash.add(&answer.loss_weight, sizeof(answer.loss_weight));
  return hash.value();
}

// The sum over rows does not depend on the order in which they are read.
uint64_t hash_of_rows(const Dataset& data) {
  uint64_t sum = 0;
  if (data.source) {
    AnswerReader answers(data);
    data.source->visit(data.rows, [&](int64_t row, const float* stored) {
      const Answer answer = data.stored_answers ? data.answer(row, stored) : answers.at(row);
      std::vector<float> none;
      sum += hash_of_row(data, row, stored, answer, none);
    });
    return sum;
  }
  AnswerReader answers(data);
  std::vector<float> numbers;
  for (int64_t row = 0; row < data.rows; ++row)
    sum += hash_of_row(data, row, nullptr, answers.at(row), numbers);
  return sum;
}

}  // namespace

Fingerprint fingerprint_of(const Dataset& data, const Rows& training_rows,
                           const Rows& validation_rows) {
  Hash hash;
  for (const InputColumns& input : data.inputs) hash.add(&input.columns, sizeof(input.columns));
  const uint64_t rows = hash_of_rows(data);
  hash.add(&rows, sizeof(rows));
  for (const Rows* part : {&training_rows, &validation_rows}) {
    const size_t size = part->size();
    hash.add(&size, sizeof(size));
    for (const int64_t row : *part) hash.add(&row, sizeof(row));
  }
  return {data.rows, std::ssize(training_rows), std::ssize(validation_rows), hash.value()};
}

}  // namespace sinapse
