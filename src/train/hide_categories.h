// Teaches the network what to expect of a category that it does not know.
#pragma once

#include <span>

#include "graph/operator.h"
#include "train/dataset.h"

namespace sinapse {

/// Shows each category and each token of a row as unknown with probability 3/256, drawn anew in
/// every step; so the places of unknown texts are trained although every training text is known.
/// `row` of the data set stands in row r of the views. Iyyer, Manjunatha, Boyd-Graber, Daume 2015
/// ("word dropout").
void hide_some_categories(std::span<const CategoryColumns> categories, int64_t row,
                          const StepState& state, std::span<const View<float>> inputs, int64_t r);

}  // namespace sinapse
