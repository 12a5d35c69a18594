// Whatever stands in a model file, reading its preprocessing ends in an object or in an Error, and
// what was read can be used and stored.
#include <cmath>
#include <string>

#include <sinapse/error.h>

#include "features/features.h"
#include "features/pixels.h"
#include "features/series_features.h"
#include "features/target.h"
#include "features/weighting.h"

namespace {

using namespace sinapse;

Column cells(const std::string& name, ColumnKind kind) {
  Column column;
  column.name = name;
  column.kind = kind;
  if (kind == ColumnKind::number || kind == ColumnKind::date)
    column.numbers = {0, 1e300, -1e11, std::nan(""), 86399.5};
  else {
    column.categories = {"a", "b"};
    column.codes = {0, 1, -1, 0, 1};
  }
  return column;
}

void use(const Features& features) {
  std::vector<Column> columns;
  for (const auto& [name, kind] : features.kinds()) columns.push_back(cells(name, kind));
  if (features.width() < 100000) features.encode(Table(columns));
  features.to_json();
}

template <typename Read>
void attempt(Read read) {
  try {
    read();
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] { use(Features::from_json(text)); });
  attempt([&] { Target::from_json(text).to_json(); });
  attempt([&] { Weighting::from_json(text, Target::of_classes("y", {"a", "b", "c"})).to_json(); });
  attempt([&] { ArrayFeatures::from_json(text).to_json(); });
  attempt([&] { SeriesFeatures::from_json(text).to_json(); });
  return 0;
}
