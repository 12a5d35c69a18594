#include "cpu/bf16.h"

#include <atomic>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <fmt/format.h>

#include <sinapse/error.h>

#include "cpu/target.h"

namespace sinapse {

namespace {

#if defined(__x86_64__)

bool has_avx512_bf16() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bf16");
}

// A process must ask the kernel for the tiles' registers, once and for all of its threads.
bool may_use_tiles() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

bool has_amx() {
  constexpr unsigned kAmxBf16 = 1u << 22, kAmxTile = 1u << 24;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  return (d & kAmxBf16) != 0 && (d & kAmxTile) != 0 && may_use_tiles();
}

#else

bool has_avx512_bf16() {
  return false;
}
bool has_amx() {
  return false;
}

#endif

const std::vector<Bf16Set>& sets() {
  static const std::vector<Bf16Set> found = [] {
    std::vector<Bf16Set> all{Bf16Set::emulated};
    if (has_avx512_bf16()) all.push_back(Bf16Set::avx512_bf16);
    if (has_avx512_bf16() && has_amx()) all.push_back(Bf16Set::amx);
    return all;
  }();
  return found;
}

std::atomic<bool> is_chosen = false;
std::atomic<Bf16Set> chosen = Bf16Set::emulated;

Bf16Set set_in_use() {
  return is_chosen ? chosen.load() : sets().back();
}

}  // namespace

std::span<const Bf16Set> available_bf16() {
  return sets();
}

std::string name_of(Bf16Set set) {
  switch (set) {
    case Bf16Set::avx512_bf16:
      return "AVX512_BF16";
    case Bf16Set::amx:
      return "AMX_BF16";
    default:
      return "emulated";
  }
}

const Bf16Functions& bf16_functions() {
#if defined(__x86_64__)
  switch (set_in_use()) {
    case Bf16Set::amx:
      return amx_bf16();
    case Bf16Set::avx512_bf16:
      return avx512_bf16();
    default:
      break;
  }
#endif
  return emulated_bf16();
}

void choose_bf16(Bf16Set set) {
  chosen = set;
  is_chosen = true;
}

void require_bf16() {
  if (set_in_use() != Bf16Set::emulated) return;
  throw Error(ErrorCode::usage,
              fmt::format("Precision bf16 needs a processor with AVX512_BF16 or AMX_BF16 (Intel "
                          "Sapphire Rapids, AMD Zen 4 or newer), but this one has {} at best. "
                          "Choose precision float32.",
                          simd_target()));
}

}  // namespace sinapse
