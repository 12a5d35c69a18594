#include <fmt/format.h>

#include <sinapse/array.h>
#include <sinapse/error.h>

#include "data/array_bytes.h"
#include "data/idx.h"
#include "data/npy.h"

namespace sinapse {

size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::uint8:
    case ElementType::int8:
      return 1;
    case ElementType::int16:
      return 2;
    case ElementType::int32:
    case ElementType::float32:
      return 4;
    case ElementType::int64:
    case ElementType::float64:
      return 8;
  }
  return 0;
}

std::string_view name_of(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return "uint8";
    case ElementType::int8:
      return "int8";
    case ElementType::int16:
      return "int16";
    case ElementType::int32:
      return "int32";
    case ElementType::int64:
      return "int64";
    case ElementType::float32:
      return "float32";
    case ElementType::float64:
      return "float64";
  }
  return "unknown";
}

int64_t Array::num_elements() const {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return count;
}

ArrayLayout read_array_layout(const std::string& path, ByteStream& stream) {
  const std::string start = read_start(path, 16);
  if (starts_like_npy(start)) return read_npy_layout(stream, path);
  if (starts_like_idx(start)) return read_idx_layout(stream, path);
  const bool zip = start.starts_with("PK");
  throw Error(ErrorCode::data,
              fmt::format("{}: expected an array as IDX or NPY (also gzip-compressed){}.", path,
                          zip ? "; this is a ZIP archive, such as NPZ: unpack it first" : ""));
}

Array read_array(const std::string& path) {
  const std::unique_ptr<ByteStream> stream = open_file(path);
  return read_elements(read_array_layout(path, *stream), *stream, path);
}

}  // namespace sinapse
