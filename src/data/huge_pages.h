// Large buffers in large pages: filling them costs a tenth of the page faults' time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/mman.h>

namespace sinapse {

/// Asks the system to back a buffer that was not written yet with huge pages; it may decline.
inline void prefer_huge_pages([[maybe_unused]] void* buffer, [[maybe_unused]] size_t size) {
#ifdef MADV_HUGEPAGE
  constexpr size_t kLeast = size_t{1} << 20;
  constexpr uintptr_t kPage = 4096;
  if (size < kLeast) return;
  // Whole small pages, not whole huge ones: neighbouring buffers may share these.
  const auto begin = reinterpret_cast<uintptr_t>(buffer) & ~(kPage - 1);
  const auto end = (reinterpret_cast<uintptr_t>(buffer) + size + kPage - 1) & ~(kPage - 1);
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

/// vector.reserve() with huge pages where it allocates.
template <typename T>
void reserve_in_huge_pages(std::vector<T>& vector, size_t count) {
  if (count <= vector.capacity()) return;
  std::vector<T> larger;
  larger.reserve(count);
  prefer_huge_pages(larger.data(), count * sizeof(T));
  larger.insert(larger.end(), vector.begin(), vector.end());
  vector = std::move(larger);
}

}  // namespace sinapse
