// What is to be predicted: the kind of question that the target columns ask.
#pragma once

#include <cstdint>
#include <string_view>

namespace sinapse {

enum class Task : uint8_t {
  regression,    ///< numbers; one output for each target
  binary,        ///< one of two classes; one output, the logit of the second class
  multiclass,    ///< one of several classes; one output, a logit, for each
  multilabel,    ///< several yes-or-no questions; one output for each, as for two classes
  distribution,  ///< shares of a whole; one output for each, softmax makes shares of them
};

inline constexpr Task kTasks[] = {Task::regression, Task::binary, Task::multiclass,
                                  Task::multilabel, Task::distribution};

std::string_view name_of(Task task);

/// The task of that name. Throws Error(usage) for another name.
Task task_from_name(std::string_view name);

/// Whether a row has one class of several.
inline bool is_classification(Task task) {
  return task == Task::binary || task == Task::multiclass;
}

}  // namespace sinapse
