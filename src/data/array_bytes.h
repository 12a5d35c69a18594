// What the array readers share: elements behind a header that cannot be trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sinapse/array.h>

#include "data/byte_stream.h"

namespace sinapse {

class StoredBytes;  // stored_bytes.h

/// How the elements of an array stand behind its header.
struct ArrayLayout {
  ElementType type = ElementType::uint8;  // that becomes of them
  std::vector<int64_t> shape = {};
  size_t stored_size = 1;      // bytes of an element as it stands there
  bool reversed = false;       // in the byte order of other machines
  bool fortran_order = false;  // the first axis is the fastest
  /// Makes `type` of elements, the first of which has that number; null: they are of that type.
  std::vector<std::byte> (*widen)(const std::vector<std::byte>& bytes, uint64_t first,
                                  const std::string& source) = nullptr;

  bool is_as_in_memory() const { return !reversed && !fortran_order && widen == nullptr; }
};

/// Checks that `shape` has 1 to 32 axes and no axis of size 0, and that its elements fit into
/// memory; returns how many there are. Throws Error(data).
uint64_t checked_num_elements(std::span<const int64_t> shape, size_t element_size,
                              const std::string& source);

/// The header of an IDX or NPY file, with which its stream begins. Throws Error(data) if it is
/// neither.
ArrayLayout read_array_layout(const std::string& path, ByteStream& stream);

/// Reads exactly the elements that a header promises, with the end of the file behind them. Memory
/// is taken as bytes arrive, so no header can ask for more than the file holds. Throws Error(data).
Array read_elements(const ArrayLayout& layout, ByteStream& stream, const std::string& source);

/// The same, but they are kept on disk as they would stand in memory. Throws Error(data) for
/// Fortran order as well.
std::shared_ptr<const StoredBytes> store_elements(const ArrayLayout& layout, ByteStream& stream,
                                                  const std::string& source);

/// Throws Error(data) unless so many bytes are what the elements take.
void require_bytes(const ArrayLayout& layout, uint64_t bytes, const std::string& source);

}  // namespace sinapse
