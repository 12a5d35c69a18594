// Which columns only name their row: keys, row numbers, nearly unique texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/dictionary.h"
#include "data/text_table.h"

namespace sinapse {

/// Whether a column name promises a key: id, index, key, customer_id, PassengerId, Unnamed: 0, ...
bool sounds_like_identifier(std::string_view name);

/// Why these texts are an identifier, or nothing if they are categories: more than half of at least
/// 20 rows differ, or all differ and the name promises it.
std::optional<std::string> explain_text_identifier(const std::string& name,
                                                   const Dictionary& dictionary);

/// The same for numbers: whole numbers that all differ under a name that promises it, or that count
/// the rows from 0 or 1 in a column without a name.
std::optional<std::string> explain_number_identifier(const TextTable& table, int64_t column,
                                                     const std::vector<double>& numbers);

}  // namespace sinapse
