// ZIP archives in memory (PKWARE APPNOTE 6.3): what NumPy's savez and savez_compressed write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sinapse {

struct ZipMember {
  std::string name;
  uint32_t method = 0;  // 0: as it is, 8: deflated
  uint32_t crc = 0;
  uint64_t stored_size = 0, size = 0;
  uint64_t offset = 0;  // of its local header
};

/// The members of an archive. The bytes must outlive it. Nothing is taken from the archive before
/// its place and size are checked.
class ZipArchive {
 public:
  /// `source` names the archive in messages. Throws Error(data) if it is no ZIP file or damaged, or
  /// in several parts or beyond 4 GiB.
  ZipArchive(std::span<const std::byte> bytes, std::string source);

  const std::vector<ZipMember>& members() const { return members_; }
  /// nullptr if there is none of that name.
  const ZipMember* find(std::string_view name) const;

  /// Unpacks a member. Throws Error(data) if it is encrypted, packed in another way or damaged.
  std::vector<std::byte> read(const ZipMember& member) const;

 private:
  std::span<const std::byte> packed_bytes(const ZipMember& member) const;
  std::string name_of(const ZipMember& member) const;

  std::span<const std::byte> bytes_;
  std::string source_;
  std::vector<ZipMember> members_;
};

}  // namespace sinapse
