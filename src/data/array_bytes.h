// What the array readers share: elements behind a header that cannot be trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/byte_stream.h"

namespace sinapse {

/// Checks that `shape` has 1 to 32 axes and no axis of size 0, and that its elements fit into
/// memory; returns how many there are. Throws Error(data).
uint64_t checked_num_elements(std::span<const int64_t> shape, size_t element_size,
                              const std::string& source);

/// Reads exactly the elements that a header promises, with the end of the file behind them. Memory
/// is taken as bytes arrive, so no header can ask for more than the file holds.
std::vector<std::byte> read_elements(std::span<const int64_t> shape, size_t element_size,
                                     ByteStream& stream, const std::string& source);

/// Exchanges big-endian for little-endian elements, or the other way round.
void reverse_bytes(std::span<std::byte> bytes, size_t element_size);

}  // namespace sinapse
