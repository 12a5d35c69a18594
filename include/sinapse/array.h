// A dense n-dimensional array as it lies in an IDX or NPY file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

enum class ElementType : uint8_t { uint8, int8, int16, int32, int64, float32, float64 };

/// Bytes of one element.
size_t size_of(ElementType type);

/// "uint8", "float32", ...
std::string_view name_of(ElementType type);

/// Row-major values of one element type in native byte order. Axis 0 counts the samples.
struct Array {
  ElementType type = ElementType::float32;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;  // product(shape) * size_of(type)

  int64_t num_elements() const;
};

/// Reads an IDX or NPY file (also gzip-compressed); its first bytes tell which it is.
/// Throws Error(file), or Error(data) if it is neither, damaged or empty.
Array read_array(const std::string& path);

}  // namespace sinapse
