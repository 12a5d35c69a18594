#include "data/array_bytes.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/spill_file.h"

namespace sinapse {

namespace {

using Bytes = std::vector<std::byte>;

constexpr size_t kMaxAxes = 32;
constexpr uint64_t kMaxBytes = uint64_t{1} << 47;  // the address space
constexpr uint64_t kFirstChunk = uint64_t{1} << 20;
constexpr uint64_t kElementsAtOnce = uint64_t{1} << 18;  // that go to disk

[[noreturn]] void fail(const std::string& source, const std::string& message) {
  throw Error(ErrorCode::data, fmt::format("{}: {}", source, message));
}

std::string shown(std::span<const int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

uint64_t bytes_of(const ArrayLayout& layout, const std::string& source) {
  return checked_num_elements(layout.shape, layout.stored_size, source) * layout.stored_size;
}

[[noreturn]] void fail_cut_off(const ArrayLayout& layout, uint64_t got, const std::string& source) {
  fail(source, fmt::format("the file is cut off: its array {} takes {} bytes, found {}.",
                           shown(layout.shape), bytes_of(layout, source), got));
}

[[noreturn]] void fail_too_long(const ArrayLayout& layout, const std::string& source) {
  fail(source, fmt::format("the file goes on behind its array {} of {} bytes: it is damaged, or "
                           "its header is.",
                           shown(layout.shape), bytes_of(layout, source)));
}

void require_end(const ArrayLayout& layout, ByteStream& stream, const std::string& source) {
  std::array<std::byte, 1> behind{};
  if (stream.read(behind) != 0) fail_too_long(layout, source);
}

// Exchanges big-endian for little-endian elements, or the other way round.
void reverse_bytes(Bytes& bytes, size_t element_size) {
  for (size_t i = 0; i + element_size <= bytes.size(); i += element_size)
    std::reverse(bytes.begin() + i, bytes.begin() + i + element_size);
}

// From Fortran order (first axis fastest) to C order (last axis fastest).
Bytes in_c_order(const Bytes& bytes, std::span<const int64_t> shape, size_t element_size) {
  std::vector<size_t> strides(shape.size(), element_size), index(shape.size(), 0);
  for (size_t axis = 1; axis < shape.size(); ++axis)
    strides[axis] = strides[axis - 1] * static_cast<size_t>(shape[axis - 1]);
  Bytes ordered(bytes.size());
  size_t from = 0;
  for (size_t to = 0; to < bytes.size(); to += element_size) {
    std::copy_n(bytes.data() + from, element_size, ordered.data() + to);
    for (size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < static_cast<size_t>(shape[axis])) break;
      from -= strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return ordered;
}

// Elements as they stand in memory; `first` is the number of the first.
Bytes native(const ArrayLayout& layout, Bytes bytes, uint64_t first, const std::string& source) {
  if (layout.reversed) reverse_bytes(bytes, layout.stored_size);
  return layout.widen ? layout.widen(bytes, first, source) : std::move(bytes);
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

Array read_elements(const ArrayLayout& layout, ByteStream& stream, const std::string& source) {
  const uint64_t wanted = bytes_of(layout, source);
  const auto known = stream.remaining();
  if (known && *known < wanted) fail_cut_off(layout, *known, source);

  Bytes bytes;
  for (uint64_t got = 0; got < wanted;) {
    bytes.resize(std::min(wanted, known ? wanted : std::max(kFirstChunk, 2 * got)));
    const auto free = std::span(bytes).subspan(got);
    const size_t count = stream.read(free);
    got += count;
    if (count < free.size()) fail_cut_off(layout, got, source);
  }
  require_end(layout, stream, source);
  if (layout.fortran_order) bytes = in_c_order(bytes, layout.shape, layout.stored_size);
  return {.type = layout.type,
          .shape = layout.shape,
          .bytes = native(layout, std::move(bytes), 0, source)};
}

std::shared_ptr<const StoredBytes> store_elements(const ArrayLayout& layout, ByteStream& stream,
                                                  const std::string& source) {
  const uint64_t count = bytes_of(layout, source) / layout.stored_size;
  if (layout.fortran_order)
    fail(source, fmt::format("the array {} is too large for memory, and its samples cannot be read "
                             "one by one, as it is in Fortran order. Save it in C order "
                             "(numpy.ascontiguousarray).",
                             shown(layout.shape)));
  auto file = std::make_shared<SpillFile>();
  for (uint64_t first = 0; first < count; first += kElementsAtOnce) {
    Bytes bytes(std::min(kElementsAtOnce, count - first) * layout.stored_size);
    const size_t got = stream.read(bytes);
    if (got < bytes.size()) fail_cut_off(layout, first * layout.stored_size + got, source);
    file->write(first * size_of(layout.type), native(layout, std::move(bytes), first, source));
  }
  require_end(layout, stream, source);
  return file;
}

void require_bytes(const ArrayLayout& layout, uint64_t bytes, const std::string& source) {
  const uint64_t wanted = bytes_of(layout, source);
  if (bytes < wanted) fail_cut_off(layout, bytes, source);
  if (bytes > wanted) fail_too_long(layout, source);
}

}  // namespace sinapse
