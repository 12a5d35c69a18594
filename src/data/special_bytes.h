// Finds the bytes that structure a delimited file, 64 at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <hwy/highway.h>

namespace sinapse {

/// Walks over the delimiters, double quotes, LFs and CRs of a text.
class SpecialBytes {
 public:
  SpecialBytes(std::string_view text, char delimiter, size_t start)
      : text_(text), delimiter_(delimiter) {
    jump(start);
  }

  /// The position of the next special byte, or the size of the text.
  size_t next() {
    while (bits_ == 0) {
      block_ += kBlock;
      if (block_ >= text_.size()) return text_.size();
      load();
    }
    const auto offset = static_cast<size_t>(std::countr_zero(bits_));
    bits_ &= bits_ - 1;
    return block_ + offset;
  }

  /// Goes on at that position.
  void jump(size_t position) {
    if (position >= block_ && position < block_ + kBlock && loaded_) {
      bits_ &= ~uint64_t{0} << (position - block_);
      return;
    }
    block_ = position;
    if (block_ < text_.size())
      load();
    else
      bits_ = 0;
  }

 private:
  static constexpr size_t kBlock = 64;

  void load() {
    loaded_ = true;
    const size_t left = text_.size() - block_;
    if (left >= kBlock) {
      bits_ = find(text_.data() + block_);
      return;
    }
    char padded[kBlock] = {};
    std::memcpy(padded, text_.data() + block_, left);
    bits_ = find(padded);
  }

  uint64_t find(const char* block) const {
    namespace hn = hwy::HWY_NAMESPACE;
    constexpr hn::FixedTag<uint8_t, 16> bytes;
    uint64_t found = 0;
    for (size_t i = 0; i < kBlock; i += 16) {
      const auto v = hn::LoadU(bytes, reinterpret_cast<const uint8_t*>(block) + i);
      const auto is = [&](char c) { return hn::Eq(v, hn::Set(bytes, static_cast<uint8_t>(c))); };
      const auto special = hn::Or(hn::Or(is(delimiter_), is('"')), hn::Or(is('\n'), is('\r')));
      uint8_t mask[8] = {};
      hn::StoreMaskBits(bytes, special, mask);
      found |= (uint64_t{mask[0]} | uint64_t{mask[1]} << 8) << i;
    }
    return found;
  }

  std::string_view text_;
  char delimiter_;
  size_t block_ = 0;
  uint64_t bits_ = 0;  // special bytes of the block that were not yet returned
  bool loaded_ = false;
};

}  // namespace sinapse
