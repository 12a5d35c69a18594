// Messages of Protocol Buffers, field by field: varints, numbers and lengths, nothing more.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// The bytes of one message. Fields are written in the order of the calls.
class Message {
 public:
  Message& whole(int field, int64_t value) {
    key(field, 0);
    return varint(static_cast<uint64_t>(value));
  }
  Message& number(int field, double value) {
    key(field, 1);
    return little_endian(std::bit_cast<uint64_t>(value), 8);
  }
  Message& small_number(int field, float value) {
    key(field, 5);
    return little_endian(std::bit_cast<uint32_t>(value), 4);
  }
  Message& bytes(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) { return bytes(field, value.bytes_); }
  Message& numbers(int field, const std::vector<double>& values) {  // packed
    key(field, 2);
    varint(8 * values.size());
    for (const double value : values) little_endian(std::bit_cast<uint64_t>(value), 8);
    return *this;
  }

  const std::string& str() const { return bytes_; }

 private:
  void key(int field, int type) { varint(static_cast<uint64_t>(field) << 3 | unsigned(type)); }
  Message& varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  Message& little_endian(uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes_ += static_cast<char>(value >> 8 * i);
    return *this;
  }

  std::string bytes_;
};

}  // namespace sinapse
