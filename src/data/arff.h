// Attribute-Relation File Format, the format of Weka (Witten, Frank, Hall: Data Mining, 2011).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sinapse/table.h>

#include "data/arff_header.h"
#include "data/text_table.h"

namespace sinapse {

/// The rows of an ARFF file, and what its header says about them.
struct ArffFile {
  TextTable table;
  std::vector<ArffAttribute> attributes;
};

/// Whether the first words of a text, after comments, begin with @relation or @attribute.
bool looks_like_arff(std::string_view text);

/// Values are separated by commas or blanks; ? is missing unless quoted; a row in braces is sparse:
/// it gives index and value of those that are neither 0 nor the first of their attribute's values.
/// Throws Error(data) with file and line.
ArffFile parse_arff(std::string bytes, const std::string& source, size_t start);

/// `options` completed by the kinds and date formats of the header.
ReadOptions with_declared_kinds(ReadOptions options, const ArffFile& file);

/// Throws Error(data) for a value that its nominal attribute does not list.
void check_nominal_values(const ArffFile& file, const std::vector<Column>& columns);

}  // namespace sinapse
