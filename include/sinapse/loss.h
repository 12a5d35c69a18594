// Losses: what training makes small.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <sinapse/constant.h>
#include <sinapse/task.h>

namespace sinapse {

/// How a network's output o says the prediction. The loss decides: each has outputs that it can
/// learn well.
enum class OutputForm : uint8_t {
  standardised,   ///< a number, mean + deviation o; both of the training rows
  relative,       ///< a number, scale o, with the root mean square as scale; targets are not 0
  log,            ///< a number, scale e^o, with the mean as scale; targets are at least 0
  log1p,          ///< a number, e^(mean + deviation o) - 1; targets are above -1
  direction,      ///< several numbers, o / |o|: the direction in which the targets of a row point
  probabilities,  ///< classes, o are logits: their probabilities by sigmoid or softmax
  margin,         ///< two classes, told apart by the sign of o; there are no probabilities
  distribution,   ///< shares of a whole: the softmax of o
};

inline constexpr OutputForm kOutputForms[] = {OutputForm::standardised, OutputForm::relative,
                                              OutputForm::log,          OutputForm::log1p,
                                              OutputForm::direction,    OutputForm::probabilities,
                                              OutputForm::margin,       OutputForm::distribution};

std::string_view name_of(OutputForm form);

inline constexpr size_t kMaxLossConstants = 4;

/// result[i] from p[i] and t[i], for n elements; `constants` has kMaxLossConstants numbers, those
/// of the loss first.
template <class T>
using LossLoop = void (*)(const T* p, const T* t, const T* constants, T* result, int64_t n);

/// Value and slope in p of a user's own loss (loss_formula.h), in float and double.
struct LossFunctions {
  LossLoop<float> value = nullptr, slope = nullptr;
  LossLoop<double> value_double = nullptr, slope_double = nullptr;
};

/// One row of the table of losses (src/ops/loss_table.cpp). In formulas, p is the network's output,
/// t the target in the same form, K the number of classes. The loss of a batch is the mean over its
/// rows,
/// weighted if rows have weights; of a row with several targets, the mean over those that are
/// known.
struct LossDefinition {
  std::string_view name;
  std::vector<std::string_view> aliases;  ///< one alias may stand for a loss of each task
  std::string_view formula;
  std::string_view doc;     ///< one sentence: what it is good for
  std::string_view source;  ///< authors and year
  std::vector<Constant> constants;
  std::vector<Task> tasks;  ///< for which it makes sense
  OutputForm form;
  LossFunctions functions = {};  ///< of a user's own; null where kernels know the formula
};

/// A loss chosen for a run, with its constants in the order of its definition.
struct Loss {
  const LossDefinition* definition = nullptr;
  std::vector<double> constants;
  /// Of several labels, for each how much its 0 and its 1 count; empty: all the same.
  std::vector<double> label_weights = {};

  /// How much the target t counts that stands in that column.
  double weight_of(double t, int64_t column) const {
    return label_weights.empty() ? 1 : label_weights[2 * column + (t > 0.5 ? 1 : 0)];
  }
};

/// Reads "huber", "Huber(delta=2)", "mse"; case, underscores and hyphens are ignored. Weights of
/// labels stand behind: "binary_crossentropy weighted 1, 4, 1, 2.5". Throws Error(usage), with the
/// nearest name, for an unknown loss or constant, and for a constant or weight outside its domain.
Loss parse_loss(std::string_view text);

/// The same for a task: "auto" is the first loss of the table that fits the task, "focal" and
/// "crossentropy" the one of that name that fits. Throws Error(usage) for a loss that does not fit,
/// naming those that do.
Loss choose_loss(std::string_view text, Task task);

/// The form parse_loss reads; only constants that differ from their defaults are written.
std::string to_string(const Loss& loss);

/// Every loss; the first one for a task is the default of the task.
const std::deque<LossDefinition>& losses();

/// Adds a loss for all to use; register_loss<Formula>() of loss_formula.h makes the definition.
/// Throws Error(usage) if another loss has the name.
const LossDefinition& register_loss(LossDefinition definition);

}  // namespace sinapse
