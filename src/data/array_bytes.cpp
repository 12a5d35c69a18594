#include "data/array_bytes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr size_t kMaxAxes = 32;
constexpr uint64_t kMaxBytes = uint64_t{1} << 47;  // the address space
constexpr uint64_t kFirstChunk = uint64_t{1} << 20;

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

std::string shown(std::span<const int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

[[noreturn]] void fail_cut_off(std::span<const int64_t> shape, uint64_t wanted, uint64_t got,
                               const std::string& source) {
  fail(source, fmt::format("the file is cut off: its array {} takes {} bytes, found {}.",
                           shown(shape), wanted, got));
}

}  // namespace

uint64_t checked_num_elements(std::span<const int64_t> shape, size_t element_size,
                              const std::string& source) {
  if (shape.empty() || shape.size() > kMaxAxes)
    fail(source,
         fmt::format("expected an array of 1 to {} axes, found {}.", kMaxAxes, shape.size()));
  uint64_t count = 1;
  for (const int64_t size : shape) {
    if (size < 0) fail(source, fmt::format("the array has a negative size: {}.", shown(shape)));
    if (size == 0) fail(source, fmt::format("the array is empty: its shape is {}.", shown(shape)));
    if (static_cast<uint64_t>(size) > kMaxBytes / element_size / count)
      fail(source, fmt::format("the header is damaged: an array {} is larger than any memory.",
                               shown(shape)));
    count *= static_cast<uint64_t>(size);
  }
  return count;
}

std::vector<std::byte> read_elements(std::span<const int64_t> shape, size_t element_size,
                                     ByteStream& stream, const std::string& source) {
  const uint64_t wanted = checked_num_elements(shape, element_size, source) * element_size;
  const auto known = stream.remaining();
  if (known && *known < wanted) fail_cut_off(shape, wanted, *known, source);

  std::vector<std::byte> bytes;
  for (uint64_t got = 0; got < wanted;) {
    bytes.resize(std::min(wanted, known ? wanted : std::max(kFirstChunk, 2 * got)));
    const auto free = std::span(bytes).subspan(got);
    const size_t count = stream.read(free);
    got += count;
    if (count < free.size()) fail_cut_off(shape, wanted, got, source);
  }
  std::array<std::byte, 1> behind{};
  if (stream.read(behind) != 0)
    fail(source, fmt::format("the file goes on behind its array {} of {} bytes: it is damaged, or "
                             "its header is.",
                             shown(shape), wanted));
  return bytes;
}

void reverse_bytes(std::span<std::byte> bytes, size_t element_size) {
  if (element_size == 1) return;
  for (size_t i = 0; i + element_size <= bytes.size(); i += element_size)
    std::reverse(bytes.begin() + i, bytes.begin() + i + element_size);
}

}  // namespace sinapse
