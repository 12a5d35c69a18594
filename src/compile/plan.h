// A plan: stages of prepared steps, ready to be run for every batch.
#pragma once

#include <iosfwd>
#include <memory>

#include "compile/program.h"

namespace sinapse {

struct Step {
  std::string name;  // "dense1: FusedGemm by panel product"
  std::unique_ptr<Kernel> kernel;
};

struct Stage {
  Parallel parallel = Parallel::rows;
  int64_t tile_rows = 0;        // of a stage by rows: the most rows of a tile
  int64_t least_tile_rows = 0;  // fewer are not worth a thread's while
  double flops_per_row = 0;
  std::vector<Step> steps;
};

/// Everything about a compiled graph that does not change while it runs. Immutable, so many
/// executions may share one plan.
struct Plan {
  Graph graph;
  int64_t max_rows = 0;
  std::vector<Stage> stages;
  std::vector<Storage> storages;                  // by ValueId
  std::vector<Storage> transposed;                // by ValueId
  std::vector<RoundedCopies> rounded;             // by ValueId
  std::vector<WinogradCopies> winograd;           // by ValueId
  std::array<int64_t, kNumSpaces> space_sizes{};  // floats; tile space: for one thread
  int64_t scratch_floats = 0;
};

/// Runs the passes and makes the kernels. The same graph and options give the same plan anywhere.
std::shared_ptr<const Plan> compile(Graph graph, const CompileOptions& options, KernelTable table);

/// Rows of each tile (but perhaps the last) of a batch. More threads make smaller tiles, which
/// changes no result: what a step by rows computes for a row depends on that row alone.
int64_t tile_rows(const Stage& stage, int64_t rows, int num_threads);

}  // namespace sinapse
