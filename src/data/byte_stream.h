// Bytes in order, from memory or from a file; gzip is unpacked on the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace sinapse {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Fills `into`; returns how many bytes came, fewer than asked for only at the end.
  virtual size_t read(std::span<std::byte> into) = 0;

  /// How many bytes are left, if that is known without reading them (it is not for gzip).
  virtual std::optional<uint64_t> remaining() const = 0;
};

/// Opens a file, a pipe or a device. Throws Error(file) with the system's words; reading throws
/// Error(data) if the file is damaged gzip.
std::unique_ptr<ByteStream> open_file(const std::string& path);

/// The bytes must outlive the stream.
std::unique_ptr<ByteStream> open_memory(std::span<const std::byte> bytes);

/// All that is left. Throws Error(data) if it is more than this machine's memory.
std::string read_all(ByteStream& stream, const std::string& source);

/// The first bytes of a file (unpacked), at most `count`.
std::string read_start(const std::string& path, size_t count);

}  // namespace sinapse
