// How much memory there is to be had.
#pragma once

#include <cstdint>
#include <string>

namespace sinapse {

/// Bytes that this process can still take: what the system has available, what is left of an
/// address space limit (ulimit -v).
uint64_t free_memory();

/// "512M" → 536870912; K, M, G and T count in 1024s. Throws Error(usage) naming `option`.
uint64_t parse_bytes(const std::string& text, const std::string& option);

}  // namespace sinapse
