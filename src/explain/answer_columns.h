// What a network says of one target, as the numbers a person asks about.
#pragma once

#include <string>
#include <vector>

#include "features/target.h"

namespace sinapse {

/// The place of a target among several; empty: the first. Throws Error(usage), with the nearest
/// name, if there is none of that name.
size_t target_place(const Target& target, const std::string& name);

struct AnswerColumns {
  std::vector<std::string> names;  // "rent", or classes
  std::vector<double> values;      // [rows, names]
};

/// From outputs [rows, num_outputs]: a number in its unit; probabilities of classes (of two, of the
/// second alone); after a hinge loss the score.
AnswerColumns answer_columns(std::span<const float> outputs, const Target& target, size_t place);

}  // namespace sinapse
