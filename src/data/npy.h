// NPY files, NumPy's format for one array (numpy.lib.format, versions 1 to 3).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <sinapse/array.h>

#include "data/array_bytes.h"

namespace sinapse {

/// Reads an NPY file (also gzip-compressed): booleans (as uint8), integers and floats of either
/// byte order, in C or Fortran order. uint16 becomes int32, uint32 and uint64 int64, float16
/// float32. Throws Error(file), or Error(data) for other types (objects, structures, texts, complex
/// numbers) and for a header that contradicts the file.
Array read_npy(const std::string& path);
Array read_npy(ByteStream& stream, const std::string& source);

/// The same from bytes in memory; `source` names them in messages.
Array parse_npy(std::span<const std::byte> bytes, const std::string& source);

/// Reads the header alone.
ArrayLayout read_npy_layout(ByteStream& stream, const std::string& source);

/// Writes version 1.0, little-endian, in C order. Throws Error(file).
void write_npy(const std::string& path, const Array& array);

/// Whether a file that starts so is an NPY file.
bool starts_like_npy(std::string_view bytes);

}  // namespace sinapse
