#include <cstdint>
#include <span>

#include <sinapse/error.h>

#include "data/npy.h"
#include "data/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const sinapse::MemoryBytes bytes(std::as_bytes(std::span(data, size)));
    const sinapse::ZipArchive archive(bytes, size, "fuzz.npz");
    for (const sinapse::ZipMember& member : archive.members())
      sinapse::read_npy(*archive.open(member), member.name);
  } catch (const sinapse::Error&) {
  }
  return 0;
}
