#include <cstdint>
#include <span>

#include <sinapse/error.h>

#include "data/npy.h"
#include "data/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const sinapse::ZipArchive archive(std::as_bytes(std::span(data, size)), "fuzz.npz");
    for (const sinapse::ZipMember& member : archive.members())
      sinapse::parse_npy(archive.read(member), member.name);
  } catch (const sinapse::Error&) {
  }
  return 0;
}
