#include "data/nearest.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sinapse {

namespace {

constexpr size_t kMaxListed = 30;      // names an error message lists
constexpr size_t kMaxCompared = 1000;  // letters; keeps the comparison of hostile names short

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(char a, char b) {
  return lower(a) == lower(b);
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int replaced = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool exchanged = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
      if (exchanged) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::optional<std::string> nearest_name(std::string_view wanted,
                                        const std::vector<std::string>& names) {
  if (wanted.size() > kMaxCompared) return std::nullopt;
  const std::string* nearest = nullptr;
  int limit = std::max<int>(1, static_cast<int>(wanted.size()) / 3) + 1;
  for (const std::string& name : names) {
    const size_t gap = std::max(name.size(), wanted.size()) - std::min(name.size(), wanted.size());
    if (gap >= static_cast<size_t>(limit)) continue;
    const int distance = edit_distance(wanted, name);
    const bool nothing_in_common =
        distance >= static_cast<int>(std::max(name.size(), wanted.size()));
    if (distance >= limit || nothing_in_common) continue;
    nearest = &name;
    limit = distance;
  }
  return nearest ? std::optional(*nearest) : std::nullopt;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names) {
  if (const auto name = nearest_name(wanted, names))
    return fmt::format(" Did you mean \"{}\"?", *name);
  if (names.empty()) return "";
  const auto listed = static_cast<std::ptrdiff_t>(std::min(names.size(), kMaxListed));
  const bool more = names.size() > kMaxListed;
  return fmt::format(" There are: {}{}", fmt::join(names.begin(), names.begin() + listed, ", "),
                     more ? fmt::format(" and {} more.", names.size() - kMaxListed) : ".");
}

}  // namespace sinapse
