// What a run does where the user has not said: every default that depends on the data.
#pragma once

#include <sinapse/train.h>

#include "features/target.h"

namespace sinapse {

/// What the choices depend on.
struct DataSize {
  int64_t training_rows = 0;
  int64_t validation_rows = 0;
  int64_t inputs = 0;
  bool pixels = false;
  bool sequences = false, tokens = false;  // of rows or tokens; the second it is
  int64_t steps = 1;                       // of the longest sequence
  Task task = Task::regression;
};

/// The options with every "chosen by the data" replaced by a number. Throws Error(usage) for values
/// that make no sense, naming the option.
RunOptions resolve(RunOptions options, const DataSize& size);

}  // namespace sinapse
