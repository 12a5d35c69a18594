// A CSV file read in small parts: any bytes may be rejected, but only with an Error, and no row is
// lost or told twice.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <sinapse/error.h>

#include "data/row_chunks.h"

namespace {

namespace fs = std::filesystem;

// One file for each process, removed at its end.
const std::string& scratch_file() {
  struct File {
    std::string path =
        fs::temp_directory_path() / ("row_chunks_fuzzer_" + std::to_string(getpid()) + ".csv");
    ~File() { ::unlink(path.c_str()); }
  };
  static const File file;
  return file.path;
}

// The bytes of all cells, so that every one is read.
size_t read_cells(const sinapse::TextTable& part) {
  size_t bytes = 0;
  for (int64_t row = 0; row < part.num_rows(); ++row) {
    for (int64_t column = 0; column < part.num_columns(); ++column) {
      for (const char c : std::string(part.cell(row, column))) bytes += c != '\0';
    }
    bytes += part.location(row).size();
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sinapse;
  if (size == 0) return 0;
  std::ofstream(scratch_file(), std::ios::binary)
      .write(reinterpret_cast<const char*>(data + 1), static_cast<std::streamsize>(size - 1));
  try {
    RowChunks chunks(scratch_file(), {}, size_t{1} + data[0]);
    int64_t rows = 0;
    while (const TextTable* part = chunks.next()) {
      if (chunks.first_row() != rows) std::abort();
      volatile const size_t bytes = read_cells(*part);  // volatile: the reading may not be left out
      static_cast<void>(bytes);
      rows += part->num_rows();
    }
  } catch (const Error&) {
  }
  return 0;
}
