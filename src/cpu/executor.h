// Runs a plan: owns the memory of one execution and leads a team through the stages.
#pragma once

#include <sinapse/team.h>

#include <functional>
#include <utility>

#include "compile/plan.h"

namespace sinapse {

/// Memory aligned to cache lines, zero at first.
class AlignedBuffer {
 public:
  explicit AlignedBuffer(int64_t floats);
  ~AlignedBuffer();
  AlignedBuffer(AlignedBuffer&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  AlignedBuffer& operator=(AlignedBuffer&&) = delete;
  float* data() const { return data_; }

 private:
  float* data_;
};

class Executor {
 public:
  /// `shared` lets several executions of one plan read the same parameters; otherwise the executor
  /// has its own. `team` must outlive the executor.
  Executor(std::shared_ptr<const Plan> plan, Team& team, const Executor* shared = nullptr);

  /// Copies between a parameter or state in plain row-major order and the kernels' layout.
  void write(ValueId id, std::span<const float> plain);
  std::vector<float> read(ValueId id) const;

  /// Rows of an input to be filled, or of an output to be read.
  View<float> rows(ValueId id, int64_t count) const;

  /// Fills rows [begin, end) of the inputs; called on the team, tile by tile, before the first step.
  using Fill = std::function<void(int64_t begin, int64_t end)>;

  /// Runs one batch of 1 to max_rows rows. `optimizer_scalars` as prepared for this step, if the
  /// plan updates weights.
  void run(int64_t rows, const StepState& state = {}, const Fill& fill = {},
           const float* optimizer_scalars = nullptr);

  const Plan& plan() const { return *plan_; }

 private:
  Run bind(int thread, int64_t rows, const StepState& state, const float* scalars) const;
  void run_by_rows(const Stage& stage, const Fill& fill);
  void run_by_slices(const Stage& stage);

  std::shared_ptr<const Plan> plan_;
  Team& team_;
  std::shared_ptr<AlignedBuffer> persistent_;
  AlignedBuffer batch_;
  std::vector<AlignedBuffer> tiles_, scratch_;  // by thread
  std::vector<Run> runs_;                       // by thread
};

}  // namespace sinapse
