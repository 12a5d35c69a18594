// Some epochs of very many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sinapse {

/// Beyond `most` keeps half as many at most: the first, the last, and one of each of equal spans of
/// epochs, by their `epoch`, which grows.
template <class T>
void thin(std::vector<T>& all, size_t most) {
  if (all.size() <= most) return;
  const int64_t first = all.front().epoch, spans = static_cast<int64_t>(most) / 2;
  int64_t span = 1;  // twice as long again and again, so that what is kept stays even
  while ((all.back().epoch - first) / span >= spans) span *= 2;
  const auto span_of = [&](const T& one) { return (one.epoch - first) / span; };
  size_t kept = 1;
  for (size_t i = 1; i < all.size(); ++i) {
    if (span_of(all[i]) == span_of(all[kept - 1]) && i + 1 != all.size()) continue;
    if (i != kept) all[kept] = std::move(all[i]);
    ++kept;
  }
  all.resize(kept);
}

}  // namespace sinapse
