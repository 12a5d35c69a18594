#include "check/gradient_check.h"

#include <algorithm>
#include <cmath>

#include "compile/differentiate.h"
#include "data/philox.h"

namespace sinapse {

namespace {

constexpr double kSteps[] = {1e-5, 1e-6, 1e-4, 1e-7};
constexpr double kShake = 1e-2;
constexpr double kSmallest = 1e-5;  // slopes below count as this large

class GradientCheck {
 public:
  GradientCheck(LossGraph graph, const Weights& weights, const Dataset& data)
      : forward_(graph), backward_(std::move(graph)), rows_(data.rows) {
    for (const ParameterInfo& parameter : forward_.parameters)
      if (parameter.trainable) checked_.push_back(parameter.value);
    for (const ValueId input : forward_.inputs)
      if (!forward_.is_index(input)) checked_.push_back(input);
    const ValueId seed = backward_.graph.add_input("seed", backward_.graph.shape(backward_.loss));
    gradients_ = differentiate(backward_.graph, backward_.loss, seed, checked_);
    slopes_ = std::make_unique<Interpreter<double>>(backward_.graph);
    losses_ = std::make_unique<Interpreter<double>>(forward_.graph);
    fill(*slopes_, backward_, weights, data);
    fill(*losses_, forward_, weights, data);
    for (const ValueId id : checked_) {
      shake(slopes_->value(id), id);
      losses_->value(id) = slopes_->value(id);
    }
    slopes_->value(seed).assign(static_cast<size_t>(rows_), 1.0 / static_cast<double>(rows_));
    slopes_->run(rows_, kState);
  }

  std::vector<GradientError> run(const GradientCheckOptions& options) {
    std::vector<GradientError> errors;
    for (size_t i = 0; i < checked_.size(); ++i) {
      GradientError worst{.name = forward_.graph.value(checked_[i]).name};
      for (int64_t d = 0; d < options.directions; ++d) {
        const GradientError one = along(i, options.seed, d);
        if (d == 0 || one.relative_error > worst.relative_error) worst = one;
      }
      errors.push_back(worst);
    }
    return errors;
  }

 private:
  static constexpr StepState kState{.seed = 1, .step = 1};

  // Away from where it has no slope: equal pixels in the window of a maximum, sums that are just 0.
  void shake(std::vector<double>& values, ValueId id) const {
    const RandomStream random(1, purpose_of("shake " + forward_.graph.value(id).name), 0);
    for (size_t k = 0; k < values.size(); ++k) values[k] += kShake * random.normal(k);
  }

  GradientError along(size_t i, uint64_t seed, int64_t number) {
    const ValueId id = checked_[i];
    const std::string& name = forward_.graph.value(id).name;
    const size_t size = losses_->value(id).size();
    const RandomStream random(seed, purpose_of("direction " + name), number);
    std::vector<double> direction(size);
    double length = 0;
    for (size_t k = 0; k < size; ++k)
      direction[k] = random.normal(k), length += direction[k] * direction[k];
    for (double& x : direction) x /= std::sqrt(length);
    GradientError best{.name = name, .gradient = slope_along(i, direction)};
    for (const double step : kSteps) {
      GradientError one = best;
      one.difference = (loss_at(id, direction, step) - loss_at(id, direction, -step)) / (2 * step);
      one.relative_error = std::abs(one.gradient - one.difference) /
                           std::max({std::abs(one.gradient), std::abs(one.difference), kSmallest});
      // What is not finite is wrong.
      if (!std::isfinite(one.relative_error)) one.relative_error = 1;
      if (step == kSteps[0] || one.relative_error < best.relative_error) best = one;
      if (best.relative_error < kWrongGradient / 100) break;
    }
    return best;
  }

  double slope_along(size_t i, const std::vector<double>& direction) const {
    if (gradients_[i] == kNoValue) return 0;
    const std::vector<double>& gradient = slopes_->value(gradients_[i]);
    double slope = 0;
    for (size_t k = 0; k < direction.size(); ++k) slope += gradient[k] * direction[k];
    return slope;
  }

  double loss_at(ValueId id, const std::vector<double>& direction, double step) {
    std::vector<double>& value = losses_->value(id);
    const std::vector<double> before = value;
    for (size_t k = 0; k < value.size(); ++k) value[k] += step * direction[k];
    losses_->run(rows_, kState);
    double sum = 0;
    for (int64_t r = 0; r < rows_; ++r) sum += losses_->value(forward_.loss)[r];
    losses_->value(id) = before;
    return sum / static_cast<double>(rows_);
  }

  LossGraph forward_, backward_;
  int64_t rows_;
  std::vector<ValueId> checked_, gradients_;
  std::unique_ptr<Interpreter<double>> slopes_, losses_;
};

}  // namespace

std::vector<GradientError> check_gradients(LossGraph graph, const Weights& weights,
                                           const Dataset& data,
                                           const GradientCheckOptions& options) {
  return GradientCheck(std::move(graph), weights, data).run(options);
}

std::vector<GradientError> check_gradients(const NetworkDescription& network,
                                           const std::vector<InputDescription>& inputs,
                                           const std::string& loss,
                                           const GradientCheckOptions& options) {
  LossGraph graph = build_loss_graph(network, inputs, loss, /*training=*/true);
  const Weights weights = draw_weights(graph.parameters, options.seed);
  const Dataset data = draw_data(graph, loss, options.rows, options.seed);
  return check_gradients(std::move(graph), weights, data, options);
}

}  // namespace sinapse
