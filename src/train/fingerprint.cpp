#include "train/fingerprint.h"

#include <cstring>

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

void add(Hash& hash, const InputColumns& input, int64_t rows) {
  hash.add(&input.columns, sizeof(input.columns));
  if (input.pixels) {
    hash.add(std::span<const float>(input.pixels->mean));
    hash.add(std::span<const float>(input.pixels->scale));
  }
  hash.add(std::span<const float>(input.numbers));
  if (input.bytes != nullptr) hash.add(input.bytes, static_cast<size_t>(rows * input.columns));
}

}  // namespace

Fingerprint fingerprint_of(const Dataset& data, std::span<const int64_t> training_rows,
                           std::span<const int64_t> validation_rows) {
  Hash hash;
  for (const InputColumns& input : data.inputs) add(hash, input, data.rows);
  hash.add(std::span<const float>(data.target));
  hash.add(training_rows);
  hash.add(validation_rows);
  return {data.rows, static_cast<int64_t>(training_rows.size()),
          static_cast<int64_t>(validation_rows.size()), hash.value()};
}

}  // namespace sinapse
