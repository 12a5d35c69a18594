// The command line as it was typed, for the record of a run.
#pragma once

#include <string>

namespace sinapse::cli {

/// To be called once, by main.
void note_command_line(int argc, char** argv);

/// "sinapse train 'my cars.csv' --target price": quoted so that a shell reads the same words.
std::string command_line();

}  // namespace sinapse::cli
