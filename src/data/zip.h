// ZIP archives (PKWARE APPNOTE 6.3), ZIP64 as well: what NumPy's savez and savez_compressed write.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"
#include "data/stored_bytes.h"

namespace sinapse {

struct ZipMember {
  std::string name;
  uint32_t method = 0;  // 0: as it is, 8: deflated
  uint32_t crc = 0;
  uint64_t stored_size = 0, size = 0;
  uint64_t offset = 0;  // of its local header
};

/// The members of an archive. Nothing is taken from the archive before its place and size are
/// checked.
class ZipArchive {
 public:
  /// `bytes`, so many, must outlive it; `source` names the archive in messages. Throws Error(data)
  /// if it is no ZIP file, damaged, or in several parts.
  ZipArchive(const StoredBytes& bytes, uint64_t size, std::string source);

  const std::vector<ZipMember>& members() const { return members_; }
  /// nullptr if there is none of that name.
  const ZipMember* find(std::string_view name) const;

  /// A member, unpacked on the way. Throws Error(data), when it is opened or read, if it is packed
  /// in another way or damaged: of that its checksum tells at the end.
  std::unique_ptr<ByteStream> open(const ZipMember& member) const;

 private:
  const StoredBytes& bytes_;
  uint64_t size_;
  std::string source_;
  std::vector<ZipMember> members_;
};

}  // namespace sinapse
