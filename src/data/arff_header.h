// The declarations at the start of an ARFF file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/table.h>

#include "data/arff_lexer.h"

namespace sinapse {

struct ArffAttribute {
  std::string name;
  std::optional<ColumnKind> kind;   // absent for texts: categories or identifiers
  std::vector<std::string> values;  // of a nominal attribute
  std::string date_format;          // strptime form; empty if it is to be detected

  bool is_nominal() const { return !values.empty(); }
};

/// Reads up to the line behind @data.
/// @relation NAME; @attribute NAME numeric | real | integer | string | date [PATTERN] | {a, b, ...}
/// Throws Error(data) with file and line for anything else.
std::vector<ArffAttribute> read_arff_header(ArffLexer& lexer);

/// The strptime form of a pattern of Java's SimpleDateFormat: "yyyy-MM-dd" becomes "%Y-%m-%d".
/// Nothing if it has letters that have no counterpart.
std::optional<std::string> from_java_date(std::string_view pattern);

}  // namespace sinapse
