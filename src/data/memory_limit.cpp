#include "data/memory_limit.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <limits>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();

uint64_t available_in_system() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  uint64_t kilobytes = 0;
  while (file >> word)
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  return kUnlimited;
}

uint64_t left_of_address_space() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const uint64_t used = pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

}  // namespace

uint64_t free_memory() {
  return std::min(available_in_system(), left_of_address_space());
}

uint64_t parse_bytes(const std::string& text, const std::string& option) {
  constexpr std::string_view kUnits = "KMGT";
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const size_t unit =
      stop == end
          ? 0
          : kUnits.find(static_cast<char>(std::toupper(static_cast<unsigned char>(*stop)))) + 1;
  const bool fits = error == std::errc() && number > 0 && number <= kUnlimited >> (10 * unit);
  const bool known = stop == end || (stop + 1 == end && unit > 0);
  if (fits && known) return number << (10 * unit);
  throw Error(ErrorCode::usage,
              fmt::format("{} expects bytes such as 500M or 2G, but is \"{}\".", option, text));
}

}  // namespace sinapse
