#include "data/stored_text.h"

#include <cmath>

#include <fmt/format.h>
#include <sys/stat.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

FileState state_of(const std::string& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  return {status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec};
}

}  // namespace

StoredText::StoredText(const std::string& path, const ReadOptions& options, size_t part_bytes)
    : options_(options), part_bytes_(part_bytes), state_(state_of(path)) {
  head_.source = path;
}

void StoredText::learn(const TextTable& part) {
  options_.delimiter = part.delimiter;
  options_.header = part.has_header;
  head_.names = part.names;
  head_.has_header = part.has_header;
  head_.delimiter = part.delimiter;
}

void StoredText::require_same_file() const {
  if (state_of(source()) == state_) return;
  throw Error(ErrorCode::data,
              fmt::format("{}: the file has changed while it was in use. As it does not fit into "
                          "memory, it is read several times; start again once it is complete.",
                          source()));
}

std::string StoredText::location(int64_t row) const {
  std::string place;
  visit([&](const TextTable& part, int64_t first_row) {
    const int64_t inside = row - first_row;
    if (inside >= 0 && inside < part.num_rows()) place = part.location(inside);
  });
  return place;
}

void StoredLater::read(int64_t, std::span<double> into) const {
  std::ranges::fill(into, std::nan(""));
}

void StoredLater::read(int64_t first, std::span<int32_t> into) const {
  std::call_once(once_, [&] { cells_ = text_->read(name_, ColumnKind::category).stored; });
  cells_->read(first, into);
}

}  // namespace sinapse
