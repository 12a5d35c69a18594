#include "train/hide_categories.h"

#include <algorithm>

#include "data/philox.h"

namespace sinapse {

namespace {

constexpr uint32_t kHiddenOf256 = 3;
constexpr size_t kDrawsPerNumber = 4;  // of eight bits each

void hide(const CategoryColumns& category, float* row) {
  float* const first = row + category.first;
  if (category.num_columns == 0) {
    *first = category.unknown;
  } else {
    std::fill_n(first, category.num_columns, 0.0f);
    first[category.num_columns - 1] = 1;
    for (const int64_t product : category.products) row[product] = 0;
  }
}

// The same tokens however far the row is filled up.
void hide_tokens(const CategoryColumns& tokens, uint64_t row, const StepState& state,
                 const View<float>& input, float* numbers) {
  static const uint32_t purpose = purpose_of("hidden tokens");
  const RandomStream random(state.seed, purpose, static_cast<uint64_t>(state.step));
  const uint64_t place = row << 32 | static_cast<uint64_t>(tokens.input) << 24;
  const auto columns = static_cast<size_t>(input.columns);
  uint32_t bits = 0;
  for (size_t t = 0; t < columns && numbers[t] != 0; ++t, bits >>= 8) {
    if (t % kDrawsPerNumber == 0) bits = random.bits(place | t / kDrawsPerNumber);
    if ((bits & 255) < kHiddenOf256) numbers[t] = tokens.unknown;
  }
}

}  // namespace

void hide_some_categories(std::span<const CategoryColumns> categories, int64_t row,
                          const StepState& state, std::span<const View<float>> inputs, int64_t r) {
  static const uint32_t purpose = purpose_of("hidden categories");
  const RandomStream random(state.seed, purpose, static_cast<uint64_t>(state.step));
  const size_t numbers_per_row = (categories.size() + kDrawsPerNumber - 1) / kDrawsPerNumber;
  for (size_t n = 0; n < numbers_per_row; ++n) {
    uint32_t bits = random.bits(static_cast<uint64_t>(row) * numbers_per_row + n);
    const size_t end = std::min((n + 1) * kDrawsPerNumber, categories.size());
    for (size_t c = n * kDrawsPerNumber; c < end; ++c, bits >>= 8) {
      const View<float>& input = inputs[categories[c].input];
      if (categories[c].tokens) {
        if (input)
          hide_tokens(categories[c], static_cast<uint64_t>(row), state, input, input.row(r));
        continue;
      }
      if ((bits & 255) < kHiddenOf256 && input) hide(categories[c], input.row(r));
    }
  }
}

}  // namespace sinapse
