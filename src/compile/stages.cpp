// Grouping into stages: as few points as possible at which threads wait for each other.
#include <algorithm>
#include <stdexcept>

#include "compile/passes.h"

namespace sinapse {

namespace {

// before[n]: nodes that must have run before node n.
std::vector<std::vector<int32_t>> dependencies(const Program& program) {
  const Graph& graph = program.graph;
  const size_t num_nodes = graph.nodes().size();
  std::vector<std::vector<int32_t>> before(num_nodes);
  std::vector<int32_t> producer(graph.values().size(), -1);
  for (size_t n = 0; n < num_nodes; ++n) {
    const Node& node = graph.nodes()[n];
    for (const ValueId id : node.inputs) {
      if (id != kNoValue && producer[id] >= 0) before[n].push_back(producer[id]);
    }
    // A reshape computes nothing: who reads it waits for its input.
    for (const ValueId id : node.outputs) {
      producer[id] = program.kernels[n] ? static_cast<int32_t>(n) : producer[node.inputs[0]];
    }
  }
  // A node that overwrites a parameter or state waits for everybody who reads it, in graph order.
  for (size_t n = 0; n < num_nodes; ++n) {
    if (!graph.nodes()[n].op->writes_first_input) continue;
    for (const ValueId written : graph.nodes()[n].inputs) {
      if (written == kNoValue) continue;
      const ValueKind kind = graph.value(written).kind;
      if (kind != ValueKind::parameter && kind != ValueKind::state) continue;
      for (size_t reader = 0; reader < n; ++reader) {
        const auto& inputs = graph.nodes()[reader].inputs;
        const bool reads = std::find(inputs.begin(), inputs.end(), written) != inputs.end();
        if (reads && program.kernels[reader]) before[n].push_back(static_cast<int32_t>(reader));
      }
    }
  }
  return before;
}

constexpr int kNotYet = -1;

class Scheduler {
 public:
  explicit Scheduler(Program& program)
      : program_(program),
        before_(dependencies(program)),
        stage_of_(program.graph.nodes().size(), kNotYet) {}

  void run() {
    while (num_scheduled_ < num_wanted()) {
      const size_t before = num_scheduled_;
      add_stage(Parallel::rows, /*images=*/true);
      add_stage(Parallel::rows);
      add_stage(Parallel::slices);
      if (num_scheduled_ == before) throw std::logic_error("group_into_stages: a circle");
    }
  }

 private:
  size_t num_wanted() const {
    return std::count_if(program_.kernels.begin(), program_.kernels.end(),
                         [](const KernelRow* row) { return row != nullptr; });
  }

  // Rows of one tile may depend on earlier steps of the same stage; slices may not.
  bool ready(size_t n, int stage, Parallel parallel) const {
    return std::all_of(before_[n].begin(), before_[n].end(), [&](int32_t b) {
      const int done = stage_of_[b];
      return done != kNotYet && (done < stage || parallel == Parallel::rows);
    });
  }

  // Steps on blocks of channels have stages of their own: their tiles are a few rows high, which
  // products would be slow on.
  bool works_on_images(const Node& node) const {
    const auto in_blocks = [&](ValueId id) {
      return id != kNoValue && program_.storages[id].layout == Layout::blocks;
    };
    return std::any_of(node.inputs.begin(), node.inputs.end(), in_blocks) ||
           std::any_of(node.outputs.begin(), node.outputs.end(), in_blocks);
  }

  void add_stage(Parallel parallel, bool images = false) {
    StageOutline stage{parallel, images, {}};
    const int index = static_cast<int>(program_.stages.size());
    const LowerContext context = program_.context();
    for (size_t n = 0; n < stage_of_.size(); ++n) {  // one sweep suffices: graph order
      const KernelRow* kernel = program_.kernels[n];
      if (!kernel || stage_of_[n] != kNotYet) continue;
      if (kernel->parallel(program_.graph.nodes()[n], context) != parallel) continue;
      if (parallel == Parallel::rows && works_on_images(program_.graph.nodes()[n]) != images) {
        continue;
      }
      if (!ready(n, index, parallel)) continue;
      stage_of_[n] = index;
      stage.nodes.push_back(static_cast<int32_t>(n));
      ++num_scheduled_;
    }
    if (!stage.nodes.empty()) program_.stages.push_back(std::move(stage));
  }

  Program& program_;
  std::vector<std::vector<int32_t>> before_;
  std::vector<int> stage_of_;
  size_t num_scheduled_ = 0;
};

}  // namespace

void group_into_stages(Program& program) {
  program.stages.clear();
  Scheduler(program).run();
}

}  // namespace sinapse
