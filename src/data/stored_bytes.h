// Bytes that are read from any place: of a file, or in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sinapse {

/// Any number of threads may read.
class StoredBytes {
 public:
  virtual ~StoredBytes() = default;
  virtual void read(uint64_t offset, std::span<std::byte> into) const = 0;
};

/// A file that stays as it is.
class FileBytes : public StoredBytes {
 public:
  /// Throws Error(file).
  explicit FileBytes(const std::string& path);
  ~FileBytes() override;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  uint64_t size() const { return size_; }

  /// Throws Error(file), also if the file has become shorter.
  void read(uint64_t offset, std::span<std::byte> into) const override;

 private:
  std::string path_;
  int handle_;
  uint64_t size_ = 0;
};

/// The bytes must outlive it.
class MemoryBytes : public StoredBytes {
 public:
  explicit MemoryBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  uint64_t size() const { return bytes_.size(); }
  void read(uint64_t offset, std::span<std::byte> into) const override {
    std::ranges::copy(bytes_.subspan(offset, into.size()), into.begin());
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace sinapse
