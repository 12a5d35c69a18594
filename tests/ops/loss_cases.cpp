// Cases of operators: losses. A line is one set of shapes.
#include "ops/operator_cases.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

constexpr int64_t B = kBatch;

Attributes formula(const char* name) {
  return {{"formula", std::string(name)}};
}

}  // namespace

std::vector<OperatorCase> loss_cases() {
  return {
      {"mean_squared_error",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("mean_squared_error"))},
      {"mean_squared_error_single",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("mean_squared_error"))},
      {"mean_squared_error_array",
       {number({B, 2, 40}), fixed({B, 2, 40})},
       apply(op::elementwise_loss(), formula("mean_squared_error"))},
      {"binary_crossentropy",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("binary_crossentropy"))},
      {"binary_crossentropy_weighted",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("binary_crossentropy weighted 1, 4, 0.5, 2, 0, 1"))},
      {"binary_crossentropy_single",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("binary_crossentropy"))},
      {"mean_absolute_error",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("mean_absolute_error"))},
      {"huber",
       {number({B, 20}), fixed({B, 20})},
       apply(op::elementwise_loss(), formula("huber(delta=0.7)"))},
      {"log_cosh",
       {number({B, 5}), fixed({B, 5})},
       apply(op::elementwise_loss(), formula("log_cosh"))},
      {"mean_absolute_percentage_error",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("mean_absolute_percentage_error"))},
      {"mean_squared_logarithmic_error",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("mean_squared_logarithmic_error"))},
      {"poisson",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("poisson"))},
      {"quantile",
       {number({B, 9}), fixed({B, 9})},
       apply(op::elementwise_loss(), formula("quantile(q=0.9)"))},
      {"binary_crossentropy_smoothed",
       {number({B, 3}), fixed({B, 3})},
       apply(op::elementwise_loss(), formula("binary_crossentropy(label_smoothing=0.2)"))},
      {"binary_focal_crossentropy",
       {number({B, 33}), fixed({B, 33})},
       apply(op::elementwise_loss(), formula("binary_focal_crossentropy(gamma=1.5,alpha=0.3)"))},
      {"hinge", {number({B, 2}), fixed({B, 2})}, apply(op::elementwise_loss(), formula("hinge"))},
      {"squared_hinge",
       {number({B, 1}), fixed({B, 1})},
       apply(op::elementwise_loss(), formula("squared_hinge"))},
      {"kl_divergence",
       {number({B, 4}), fixed({B, 4})},
       apply(op::row_loss(), formula("kl_divergence"))},
      {"cosine_similarity",
       {number({B, 3}), fixed({B, 3})},
       apply(op::row_loss(), formula("cosine_similarity"))},
      {"softmax_smoothed",
       {number({B, 5}), index(5)},
       apply(op::softmax_cross_entropy(), {{"label_smoothing", 0.2}})},
      {"softmax_smoothed_wide",
       {number({B, 67}), index(67)},
       apply(op::softmax_cross_entropy(), {{"label_smoothing", 0.1}})},
      {"softmax_focal",
       {number({B, 5}), index(5)},
       apply(op::softmax_cross_entropy(), {{"gamma", 2.0}, {"alpha", 0.25}})},
      {"softmax_focal_below_one",
       {number({B, 3}), index(3)},
       apply(op::softmax_cross_entropy(), {{"gamma", 0.5}})},
      {"softmax_cross_entropy", {number({B, 5}), index(5)}, apply(op::softmax_cross_entropy())},
      {"steps_cross_entropy",
       {number({B, 4, 5}), index(5, 4)},
       apply(op::softmax_cross_entropy(), {{"label_smoothing", 0.1}})},
      {"softmax_cross_entropy_two", {number({B, 2}), index(2)}, apply(op::softmax_cross_entropy())},
  };
}

}  // namespace sinapse
