// Words for a command line that cannot be understood.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace sinapse::cli {

/// What is wrong with the arguments, with the nearest command or option if one is misspelt;
/// `otherwise` is said if nothing better is found.
std::string explain_mistake(const CLI::App& program, const std::vector<std::string>& arguments,
                            const std::string& otherwise);

}  // namespace sinapse::cli
