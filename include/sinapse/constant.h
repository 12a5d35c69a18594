// Constants of a method that is chosen by name, such as beta1 of adam.
#pragma once

#include <string_view>

namespace sinapse {

/// Which numbers a constant may be; all must be finite.
enum class Domain {
  number,          ///< any
  not_negative,    ///< at least 0
  positive,        ///< above 0
  share,           ///< at least 0 and below 1
  proportion,      ///< at least 0 and at most 1
  at_least_one,    ///< at least 1
  count,           ///< a whole number, at least 0
  positive_count,  ///< a whole number, at least 1
  flag,            ///< true or false, kept as 1 or 0
  choice,          ///< one of `choices`, kept as its place among them
};

/// One constant of an optimizer, a schedule or an initializer.
struct Constant {
  std::string_view name;
  double default_value;
  std::string_view doc;
  Domain domain = Domain::number;
  std::string_view choices = {};  ///< "none strong_wolfe"
};

}  // namespace sinapse
