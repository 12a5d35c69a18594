// What is to be predicted: the kind of question that a target column asks.
#pragma once

#include <cstdint>
#include <string_view>

namespace sinapse {

enum class Task : uint8_t {
  regression,  ///< a number; one output
  binary,      ///< one of two classes; one output, the logit of the second class
  multiclass,  ///< one of several classes; one output, a logit, for each
};

std::string_view name_of(Task task);

/// "regression", "binary" or "multiclass". Throws Error(usage) for another name.
Task task_from_name(std::string_view name);

}  // namespace sinapse
