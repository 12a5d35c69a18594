#include "compile/plan.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "compile/fused.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

// A tile is worth a thread's while from about this many operations on, and not below the least
// height at which products run at full speed.
constexpr double kTileFlops = 4e6;
constexpr int64_t kLeastTileRows = 32, kMostTileRows = 256, kLeastSequences = 12;
// Images: convolutions run at full speed on one row, and a tile should stay in the second cache.
constexpr int64_t kTileFloats = 96 * 1024;

// What a convolution hands on between two rows of a tile must not be read beyond the memory.
constexpr int64_t kReadAhead = 256;

// Every filter's weights meet every window.
double convolution_flops(const Graph& graph, ValueId weight, ValueId filtered) {
  const Shape& y = graph.shape(filtered);
  return 2.0 * static_cast<double>(row_size(graph.shape(weight))) *
         static_cast<double>(row_size(y) / y[1]);
}

// Of what works on all steps of a sequence. W and R meet every step; on the way back R once, in the
// gradients of the weights both once; every step of an attention meets every other.
double sequence_flops(const Graph& graph, const Node& node) {
  const auto time = static_cast<double>(graph.shape(node.inputs[0])[1]);
  const auto weights = [&](ValueId id) { return static_cast<double>(row_size(graph.shape(id))); };
  if (node.op == &op::rnn() || node.op == &op::lstm() || node.op == &op::gru()) {
    return 2 * time * (weights(node.inputs[1]) + weights(node.inputs[2]));
  }
  if (node.op == &op::steps_weight_gradient()) return 2 * time * weights(node.outputs[0]);
  if (node.op == &op::attention()) return 4 * time * weights(node.inputs[0]);
  if (node.op == &op::attention_gradient()) return 10 * time * weights(node.inputs[0]);
  if (node.op == &op::recurrent_weight_gradient()) {
    return 2 * time * (weights(node.outputs[0]) + weights(node.outputs[1]));
  }
  return 2 * time * weights(node.inputs[1]);
}

bool works_on_sequences(const Node& node) {
  const Operator* const ops[] = {&op::rnn(),
                                 &op::lstm(),
                                 &op::gru(),
                                 &op::rnn_sums_gradient(),
                                 &op::lstm_sums_gradient(),
                                 &op::gru_sums_gradient(),
                                 &op::recurrent_input_gradient(),
                                 &op::recurrent_weight_gradient(),
                                 &op::context(),
                                 &op::context_sums_gradient(),
                                 &op::steps_product(),
                                 &op::steps_weight_gradient(),
                                 &op::attention(),
                                 &op::attention_gradient()};
  return std::find(std::begin(ops), std::end(ops), node.op) != std::end(ops);
}

double flops_per_row(const Graph& graph, const Node& node) {
  if (works_on_sequences(node)) return sequence_flops(graph, node);
  const bool product = node.op == &op::gemm() || node.op == &op::fused_gemm() ||
                       node.op == &op::gemm_input_gradient() ||
                       node.op == &op::fused_gemm_input_gradient();
  if (product) return 2.0 * row_size(graph.shape(node.inputs[1]));
  if (node.op == &op::gemm_update()) return 2.0 * row_size(graph.shape(node.inputs[0]));
  if (node.op == &op::gemm_weight_gradient()) return 2.0 * row_size(graph.shape(node.outputs[0]));
  if (node.op == &op::depthwise_gradient_parts()) {
    const auto places = static_cast<double>(row_size(node.integers("kernel_shape")));
    return 2.0 * static_cast<double>(row_size(graph.shape(node.inputs[1]))) * places;
  }
  if (node.op == &op::conv_gradient_parts()) {
    const Shape &x = graph.shape(node.inputs[0]), &dy = graph.shape(node.inputs[1]);
    double flops = 2.0 * static_cast<double>(x[1]) * static_cast<double>(row_size(dy));
    for (const int64_t size : node.integers("kernel_shape")) flops *= static_cast<double>(size);
    return flops;
  }
  if (node.op == &op::conv() || node.op == &op::fused_conv() ||
      node.op == &op::conv_weight_gradient()) {
    const bool forward = node.op != &op::conv_weight_gradient();
    return convolution_flops(graph, forward ? node.inputs[1] : node.outputs[0],
                             forward ? node.outputs[0] : node.inputs[1]);
  }
  const bool finished = node.op == &op::finished_conv();
  if (finished && node.integer("transposed") == 0) {
    return convolution_flops(graph, node.inputs[1], node.outputs[0]);
  }
  if (node.op == &op::conv_transpose() || finished) {
    return convolution_flops(graph, node.inputs[1], node.inputs[0]);
  }
  double elements = 0;
  // An update changes its first input in place.
  if (node.outputs.empty()) elements += row_size(graph.shape(node.inputs[0]));
  for (const ValueId id : node.outputs) elements += row_size(graph.shape(id));
  return 4 * elements;
}

// The floats of a row that some step of the stage reads or writes, about.
int64_t floats_per_row(const Graph& graph, const StageOutline& outline) {
  int64_t most = 1;
  for (const int32_t n : outline.nodes) {
    const Node& node = graph.nodes()[n];
    int64_t floats = 0;
    for (const auto* ids : {&node.inputs, &node.outputs}) {
      for (const ValueId id : *ids) {
        if (id != kNoValue && is_batched(graph.shape(id))) floats += row_size(graph.shape(id));
      }
    }
    most = std::max(most, floats);
  }
  return most;
}

int64_t choose_tile_rows(const Graph& graph, const StageOutline& outline, double flops_of_a_row,
                         int64_t max_rows) {
  const auto wanted = static_cast<int64_t>(kTileFlops / std::max(flops_of_a_row, 1.0));
  if (outline.images) {
    const int64_t fitting = std::max<int64_t>(1, kTileFloats / floats_per_row(graph, outline));
    return std::min({max_rows, fitting, std::clamp<int64_t>(wanted, 1, kMostTileRows)});
  }
  // Through time even few rows are much work.
  const bool sequences = std::any_of(outline.nodes.begin(), outline.nodes.end(), [&](int32_t n) {
    return works_on_sequences(graph.nodes()[n]);
  });
  const int64_t least = sequences ? kLeastSequences : kLeastTileRows;
  return std::min(max_rows, std::clamp(round_up(wanted, 8), least, kMostTileRows));
}

// Each tile reads all weights of its stage anew. Where they are larger than the caches, fewer and
// higher tiles read less, until a tile's own numbers are as many as the weights.
int64_t choose_most_tile_rows(const Graph& graph, const StageOutline& outline, int64_t least,
                              int64_t max_rows) {
  if (outline.images) return least;  // as many as the second cache holds
  int64_t weights = 0, numbers_of_a_row = 1;
  for (const int32_t n : outline.nodes) {
    const Node& node = graph.nodes()[n];
    for (const ValueId id : node.inputs) {
      if (id != kNoValue && !is_batched(graph.shape(id))) weights += row_size(graph.shape(id));
    }
    for (const ValueId id : node.outputs) {
      if (is_batched(graph.shape(id))) numbers_of_a_row += row_size(graph.shape(id));
    }
  }
  const int64_t wanted = round_up(weights / numbers_of_a_row, 8);
  return std::min(max_rows, std::clamp(wanted, least, std::max(least, kMostTileRows)));
}

void run_passes(Program& program) {
  verify(program);
  for (const Pass& pass : passes()) {
    if (pass.optional && program.options.disabled_passes.contains(std::string(pass.name))) continue;
    pass.run(program);
    verify(program);
    if (program.options.trace) {
      *program.options.trace << fmt::format("-- {}: {}\n{}\n", pass.name, pass.sentence,
                                            print(program));
    }
  }
}

// Tile-local places were planned for one row; now the height of the tile is known.
void scale_tile_places(const StageOutline& outline, int64_t tile_rows, Program& program) {
  for (const int32_t n : outline.nodes) {
    for (const ValueId id : program.graph.nodes()[n].outputs) {
      Storage& storage = program.storages[id];
      if (storage.space == Space::tile && program.alias[id] == id) storage.offset *= tile_rows;
    }
  }
}

}  // namespace

int64_t tile_rows(const Stage& stage, int64_t rows, int num_threads) {
  const int64_t fewest = (rows + stage.tile_rows - 1) / stage.tile_rows;
  const int64_t most = (rows + stage.least_tile_rows - 1) / stage.least_tile_rows;
  const int64_t num_tiles = std::max({int64_t{1}, fewest, std::min<int64_t>(num_threads, most)});
  return std::max<int64_t>(1, (rows + num_tiles - 1) / num_tiles);
}

std::shared_ptr<const Plan> compile(Graph graph, const CompileOptions& options, KernelTable table) {
  Program program{.graph = std::move(graph), .options = options, .kernel_table = table};
  run_passes(program);

  auto plan = std::make_shared<Plan>();
  plan->max_rows = options.max_rows;
  int64_t most_tile_rows = 1;
  for (const StageOutline& outline : program.stages) {
    Stage stage{.parallel = outline.parallel};
    for (const int32_t n : outline.nodes) {
      stage.flops_per_row += flops_per_row(program.graph, program.graph.nodes()[n]);
    }
    stage.least_tile_rows =
        choose_tile_rows(program.graph, outline, stage.flops_per_row, options.max_rows);
    stage.tile_rows =
        choose_most_tile_rows(program.graph, outline, stage.least_tile_rows, options.max_rows);
    scale_tile_places(outline, stage.tile_rows, program);
    if (outline.parallel == Parallel::rows) {
      most_tile_rows = std::max(most_tile_rows, stage.tile_rows);
    }
    plan->stages.push_back(std::move(stage));
  }
  for (size_t id = 0; id < program.alias.size(); ++id) {
    program.storages[id].offset = program.storages[program.alias[id]].offset;
  }
  for (size_t s = 0; s < program.stages.size(); ++s) {
    for (const int32_t n : program.stages[s].nodes) {
      const Node& node = program.graph.nodes()[n];
      auto kernel = program.kernels[n]->make(node, program.context());
      plan->scratch_floats = std::max(plan->scratch_floats, kernel->scratch_floats());
      plan->stages[s].steps.push_back(
          {fmt::format("{}: {} by {}", node.name, node.op->name, program.kernels[n]->name),
           std::move(kernel)});
    }
  }
  plan->space_sizes = program.space_sizes;
  plan->space_sizes[static_cast<int>(Space::tile)] *= most_tile_rows;
  for (int64_t& size : plan->space_sizes) size += kReadAhead;
  plan->graph = std::move(program.graph);
  plan->storages = std::move(program.storages);
  plan->transposed = std::move(program.transposed);
  plan->rounded = std::move(program.rounded);
  plan->winograd = std::move(program.winograd);
  return plan;
}

}  // namespace sinapse
