// The bytes of one member of a ZIP archive.
#pragma once

#include <memory>
#include <string>

#include "data/byte_stream.h"
#include "data/stored_bytes.h"

namespace sinapse {

/// What the archive's directory says of a member.
struct PackedMember {
  uint64_t begin = 0, stored_size = 0;  // of its packed bytes, which are there
  uint64_t size = 0;                    // unpacked
  uint32_t crc = 0;
  bool deflated = false;
};

/// Unpacks on the way. Reading throws Error(data) naming `source` if there are not as many bytes as
/// the directory says, or others.
std::unique_ptr<ByteStream> open_member(const StoredBytes& bytes, const PackedMember& member,
                                        std::string source);

}  // namespace sinapse
