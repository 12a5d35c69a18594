// The header of an NPY file: a Python dictionary written as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

/// { 'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28) }
struct NpyHeader {
  std::string type;  // byte order, kind and size in bytes
  bool fortran_order = false;
  std::vector<int64_t> shape;
};

/// Throws Error(data) if a field is missing or malformed, or the type is a structure.
NpyHeader parse_npy_header(std::string_view text, const std::string& source);

}  // namespace sinapse
