// The safetensors format: named arrays of float32 numbers and texts about them, in one file.
//
//     8 bytes: length of the header, little-endian
//     header: JSON, {"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [2, 3],
//                    "data_offsets": [begin, end]}, ...}, padded with spaces
//     the numbers, little-endian, without gaps
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/shape.h>

namespace sinapse {

struct NamedTensor {
  std::string name;
  Shape shape;
  std::vector<float> values;  // row-major
};

struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::vector<NamedTensor> tensors;
};

/// Replaces the file atomically. Texts that are not UTF-8 are mended. Throws Error(file), also with
/// the system's words for a full disk, or std::logic_error if two tensors have the same name.
void write_safetensors(const std::string& path, const Safetensors& contents);

/// Reads a file that is not trusted: everything in it is checked, and memory is asked for only as
/// far as the file has contents for it. Throws Error(file) if it cannot be read, or is damaged or
/// of another format; a number type other than F32 is an error, too.
Safetensors read_safetensors(const std::string& path);

/// The texts alone, without reading the numbers.
std::map<std::string, std::string> read_safetensors_metadata(const std::string& path);

/// The same for the bytes of a file; `source` names it in messages.
Safetensors parse_safetensors(std::string_view bytes, const std::string& source);

}  // namespace sinapse
