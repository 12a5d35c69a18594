// Models and the data that they are used on, as named on the command line.
#pragma once

#include <string>

#include <sinapse/model.h>

namespace sinapse::cli {

/// Loads a model file, or the one in the folder of a run.
Model load_model(const std::string& path);

/// Whether the model reads images or other arrays; else it reads tables.
bool reads_arrays(const Model& model);

}  // namespace sinapse::cli
