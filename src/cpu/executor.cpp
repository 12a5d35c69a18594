#include "cpu/executor.h"

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/mman.h>

#include "cpu/subnormals.h"
#include "cpu/weight_copies.h"

namespace sinapse {

namespace {

constexpr size_t kHugePage = size_t{2} << 20;

// Below this much arithmetic a stage is over before another thread has woken.
constexpr double kLeastFlopsToShare = 1e6;

}  // namespace

AlignedBuffer::AlignedBuffer(int64_t floats) {
  const size_t bytes = std::max<size_t>(64, static_cast<size_t>(floats) * sizeof(float));
  const size_t alignment = bytes >= kHugePage ? kHugePage : 64;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  data_ = static_cast<float*>(std::aligned_alloc(alignment, rounded));
  if (data_ == nullptr) throw std::bad_alloc();
  if (alignment == kHugePage) madvise(data_, rounded, MADV_HUGEPAGE);  // fewer TLB misses
  std::memset(data_, 0, rounded);
}

AlignedBuffer::~AlignedBuffer() {
  std::free(data_);
}

Executor::Executor(std::shared_ptr<const Plan> plan, Team& team, const Executor* shared)
    : plan_(std::move(plan)),
      team_(team),
      persistent_(shared ? shared->persistent_
                         : std::make_shared<AlignedBuffer>(plan_->space_sizes[0])),
      batch_(plan_->space_sizes[1]),
      runs_(team.num_threads()) {
  for (int thread = 0; thread < team.num_threads(); ++thread) {
    tiles_.emplace_back(plan_->space_sizes[2]);
    scratch_.emplace_back(plan_->scratch_floats);
  }
}

void Executor::write(ValueId id, std::span<const float> plain) {
  const Storage& storage = plan_->storages[id];
  const Shape& shape = plan_->graph.shape(id);
  assert(storage.space == Space::persistent);
  assert(static_cast<int64_t>(plain.size()) == row_size(shape));
  float* base = persistent_->data();
  if (storage.layout == Layout::rows) {
    std::copy(plain.begin(), plain.end(), base + storage.offset);
    return;
  }
  float* panels = base + storage.offset;
  for_each_weight(shape, [&](int64_t from, int64_t to) { panels[to] = plain[from]; });
  const WeightCopies copies(storage, plan_->transposed[id], plan_->rounded[id], plan_->winograd[id],
                            shape);
  copies.refresh_all(bind(0, 0, {}, nullptr));
}

std::vector<float> Executor::read(ValueId id) const {
  const Storage& storage = plan_->storages[id];
  const Shape& shape = plan_->graph.shape(id);
  std::vector<float> plain(row_size(shape));
  const float* data =
      (storage.space == Space::persistent ? persistent_->data() : batch_.data()) + storage.offset;
  if (storage.layout == Layout::rows) {
    std::copy_n(data, plain.size(), plain.begin());
    return plain;
  }
  for_each_weight(shape, [&](int64_t to, int64_t from) { plain[to] = data[from]; });
  return plain;
}

View<float> Executor::rows(ValueId id, int64_t count) const {
  const Storage& storage = plan_->storages[id];
  if (storage.offset < 0) return {};  // an input that nobody reads
  assert(storage.space == Space::batch);
  return {batch_.data() + storage.offset, count, storage.columns, storage.stride};
}

Run Executor::bind(int thread, int64_t rows, const StepState& state, const float* scalars) const {
  return {.base = {persistent_->data(), batch_.data(), tiles_[thread].data()},
          .rows = rows,
          .tile_begin = 0,
          .state = state,
          .scalars = scalars,
          .scratch = scratch_[thread].data()};
}

void Executor::run_by_rows(const Stage& stage, const Fill& fill) {
  const int64_t rows = runs_[0].rows, height = tile_rows(stage, rows, team_.num_threads());
  const auto run_tile = [&](int64_t tile, int thread) {
    const FlushSubnormals flush;
    const int64_t begin = tile * height, end = std::min(rows, begin + height);
    if (fill) fill(begin, end);
    Run run = runs_[thread];
    run.tile_begin = begin;
    for (const Step& step : stage.steps) step.kernel->run(run, begin, end);
  };
  const int64_t num_tiles = (rows + height - 1) / height;
  if (num_tiles == 1) {
    run_tile(0, 0);
  } else {
    team_.run(num_tiles, run_tile);
  }
}

void Executor::run_by_slices(const Stage& stage) {
  if (stage.flops_per_row * static_cast<double>(runs_[0].rows) < kLeastFlopsToShare) {
    const FlushSubnormals flush;
    for (const Step& step : stage.steps) step.kernel->run(runs_[0], 0, step.kernel->num_slices());
    return;
  }
  int64_t total = 0;
  for (const Step& step : stage.steps) total += step.kernel->num_slices();
  team_.run(total, [&](int64_t slice, int thread) {
    const FlushSubnormals flush;
    for (const Step& step : stage.steps) {
      const int64_t count = step.kernel->num_slices();
      if (slice < count) return step.kernel->run(runs_[thread], slice, slice + 1);
      slice -= count;
    }
  });
}

void Executor::run(int64_t rows, const StepState& state, const Fill& fill, const float* scalars) {
  assert(rows >= 1 && rows <= plan_->max_rows);
  const FlushSubnormals flush;
  for (size_t thread = 0; thread < runs_.size(); ++thread) {
    runs_[thread] = bind(static_cast<int>(thread), rows, state, scalars);
  }
  // A first stage that sums over the batch, or none at all, needs every row at once.
  bool filled = plan_->stages.empty() || plan_->stages.front().parallel == Parallel::slices;
  if (filled && fill) fill(0, rows);
  for (const Stage& stage : plan_->stages) {
    if (stage.parallel == Parallel::rows) {
      run_by_rows(stage, filled ? Fill{} : fill);
      filled = true;
    } else {
      run_by_slices(stage);
    }
  }
}

}  // namespace sinapse
