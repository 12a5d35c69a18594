// IDX files, the format of MNIST: big-endian arrays behind a header of four bytes and one size an
// axis (LeCun, Cortes, Burges: "The MNIST database", 1998).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <sinapse/array.h>

#include "data/array_bytes.h"

namespace sinapse {

/// Reads an IDX file (also gzip-compressed) of any element type. Throws Error(file), or Error(data)
/// if the header and the size of the file contradict each other or the array holds nothing.
Array read_idx(const std::string& path);

/// The same from bytes in memory; `source` names them in messages.
Array parse_idx(std::span<const std::byte> bytes, const std::string& source);

/// Reads the header alone.
ArrayLayout read_idx_layout(ByteStream& stream, const std::string& source);

/// Whether a file that starts so is an IDX file.
bool starts_like_idx(std::string_view bytes);

}  // namespace sinapse
