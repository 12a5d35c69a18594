// Where the tests find what they run and compare with.
#pragma once

#include <string>

namespace sinapse {

/// A file of the repository: source_path("tests/golden/metrics.json").
std::string source_path(const std::string& relative);
/// The program under test.
std::string program_path();
/// The folder it was built in, from which it can be installed.
std::string build_path();
/// An example of examples/, by its file's name without the ending.
std::string example_path(const std::string& name);

}  // namespace sinapse
