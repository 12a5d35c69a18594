#include "data/table_parts.h"

#include <filesystem>
#include <memory>

#include "data/arff.h"
#include "data/byte_stream.h"
#include "data/columns.h"
#include "data/row_chunks.h"
#include "data/table_text.h"
#include "data/text_check.h"

namespace sinapse {

namespace {

constexpr size_t kSampledBytes = size_t{1} << 16;

bool is_csv_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) &&
         !looks_like_arff(without_byte_order_mark(read_start(path, kSampledBytes)));
}

}  // namespace

void read_table_in_parts(const std::string& path, const ReadOptions& options,
                         const std::function<void(const Table& part)>& take) {
  if (!is_csv_file(path)) return take(read_table(path, options));
  RowChunks chunks(path, options);
  while (const TextTable* part = chunks.next()) {
    const std::shared_ptr<const TextTable> not_owned(std::shared_ptr<const TextTable>(), part);
    take(Table(read_columns(*part, options), text_in_memory(not_owned), path));
  }
}

}  // namespace sinapse
