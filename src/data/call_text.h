// Text such as "adam(beta1=0.8, amsgrad=true)": a name, and constants by name or in their order.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/constant.h>

namespace sinapse {

/// The letters that count when names are compared: lower case, without '_', '-' and spaces.
std::string plain_name(std::string_view name);

struct CallText {
  std::string text;                    // as given, for messages
  std::string name;                    // trimmed
  std::vector<std::string> arguments;  // trimmed
};

/// `kind` is what the text stands for: "optimizer". Throws Error(usage) if the bracket is not
/// closed.
CallText parse_call(std::string_view kind, std::string_view text);

/// The constants' values: defaults, changed by the arguments. Throws Error(usage), naming `kind`
/// and the text, for an unknown constant (with the nearest), one given twice, or a value outside
/// its domain.
std::vector<double> read_constants(std::string_view kind, const CallText& call,
                                   std::span<const Constant> constants);

/// The text that gives the values back; those that equal their defaults are left out.
std::string call_text(std::string_view name, std::span<const Constant> constants,
                      std::span<const double> values);

/// A value as it is written: "0.5", "true", "strong_wolfe".
std::string value_text(const Constant& constant, double value);

/// Which values it may have: "a number of at least 0 and below 1", "none or strong_wolfe".
std::string describe(const Constant& constant);

}  // namespace sinapse
