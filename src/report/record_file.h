// Files of records as TensorFlow frames them (TFRecord), which TensorBoard reads while they grow.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace sinapse {

/// CRC-32C (Castagnoli) of the bytes.
uint32_t crc32c(std::string_view bytes);

/// Each record: its length (8 bytes, little endian), the length's masked CRC-32C, the bytes, their
/// masked CRC-32C.
class RecordFile {
 public:
  /// Creates the file. Throws Error(file).
  explicit RecordFile(const std::string& path);

  /// Appends, and hands all to the system. Throws Error(file).
  void append(std::string_view record);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace sinapse
