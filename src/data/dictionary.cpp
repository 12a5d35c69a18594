#include "data/dictionary.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace sinapse {

namespace {

// Puts the texts in order and renumbers the codes.
void sort_texts(Dictionary& dictionary) {
  std::vector<int32_t> order(dictionary.texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int32_t a, int32_t b) { return dictionary.texts[a] < dictionary.texts[b]; });
  Dictionary sorted;
  std::vector<int32_t> new_code(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    new_code[order[i]] = static_cast<int32_t>(i);
    sorted.texts.push_back(dictionary.texts[order[i]]);
    sorted.counts.push_back(dictionary.counts[order[i]]);
    sorted.first_rows.push_back(dictionary.first_rows[order[i]]);
  }
  for (int32_t& code : dictionary.codes) code = code < 0 ? -1 : new_code[code];
  dictionary.texts = std::move(sorted.texts);
  dictionary.counts = std::move(sorted.counts);
  dictionary.first_rows = std::move(sorted.first_rows);
}

}  // namespace

Dictionary make_dictionary(const TextTable& table, int64_t column) {
  Dictionary dictionary;
  std::unordered_map<std::string_view, int32_t> code_of;
  dictionary.codes.reserve(table.num_rows());
  for (int64_t row = 0; row < table.num_rows(); ++row) {
    const CellPosition cell = table.position(row, column);
    if (table.is_missing(cell)) {
      dictionary.codes.push_back(-1);
      continue;
    }
    const std::string_view text = table.text_of(cell);
    const auto [entry, added] =
        code_of.try_emplace(text, static_cast<int32_t>(dictionary.texts.size()));
    if (added) {
      dictionary.texts.push_back(text);
      dictionary.counts.push_back(0);
      dictionary.first_rows.push_back(row);
    }
    dictionary.codes.push_back(entry->second);
    ++dictionary.counts[entry->second];
    ++dictionary.num_present;
  }
  sort_texts(dictionary);
  return dictionary;
}

}  // namespace sinapse
