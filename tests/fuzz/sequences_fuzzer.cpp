// Any table as sequences of rows: what can be read is grouped into every row once, or ends in an
// Error.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <sinapse/error.h>

#include "data/sequences.h"
#include "data/table_reader.h"
#include "features/sequence_columns.h"

namespace {

using namespace sinapse;

void use(const std::string& text) {
  const Table table = parse_table(text, "fuzz.csv");
  const auto& columns = table.columns();
  const std::string order = columns.size() > 1 ? columns[1].name : "";
  const RowSequences sequences = sequences_of(table, columns[0].name, order);
  std::vector<bool> seen(static_cast<size_t>(table.num_rows()), false);
  for (int64_t s = 0; s < sequences.size(); ++s) {
    if (sequences.length(s) < 1) std::abort();
    for (const int64_t row : sequences.rows_of(s)) {
      if (seen[static_cast<size_t>(row)]) std::abort();
      seen[static_cast<size_t>(row)] = true;
    }
  }
  for (const bool one : seen)
    if (!one) std::abort();
}

}  // namespace

// The first byte chooses between a table and what a model says of its sequences.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] == '{')
      SequenceColumns::from_json(text);
    else
      use(text);
  } catch (const Error&) {
  }
  return 0;
}
