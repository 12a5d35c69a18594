// What the passes decide about order and memory, checked by carrying it out on a shadow: every
// float of the plan's memory remembers the value that wrote it last.
#include <algorithm>

#include <gtest/gtest.h>

#include "compile/passes.h"
#include "cpu/kernels.h"
#include "cpu/plan_cases.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

Program compiled(const PlanCase& tested) {
  const PreparedCase prepared(tested);
  Program program{.graph = prepared.training.graph,
                  .options = {.max_rows = tested.max_rows, .training = true},
                  .kernel_table = cpu_kernels()};
  for (const Pass& pass : passes()) pass.run(program);
  return program;
}

// The memory of one space, float by float.
class Shadow {
 public:
  explicit Shadow(int64_t size) : owners_(size, kNoValue) {}

  void write(ValueId id, int64_t offset, int64_t size) {
    ASSERT_GE(offset, 0);
    ASSERT_LE(offset + size, static_cast<int64_t>(owners_.size()));
    std::fill_n(owners_.begin() + offset, size, id);
  }

  bool belongs_to(ValueId id, int64_t offset, int64_t size) const {
    return offset >= 0 && offset + size <= static_cast<int64_t>(owners_.size()) &&
           std::all_of(owners_.begin() + offset, owners_.begin() + offset + size,
                       [&](ValueId owner) { return owner == id; });
  }

 private:
  std::vector<ValueId> owners_;
};

class PlanOnAShadow {
 public:
  explicit PlanOnAShadow(const Program& program)
      : program_(program), batch_(size_of(Space::batch)), tile_(size_of(Space::tile)) {}

  void run() {
    for (size_t id = 0; id < program_.storages.size(); ++id) {
      const auto value = static_cast<ValueId>(id);
      const bool used = program_.storages[id].offset >= 0;
      if (program_.graph.value(value).kind == ValueKind::input && used) write(value);
    }
    for (const StageOutline& stage : program_.stages) run_stage(stage);
    for (const ValueId id : program_.graph.outputs()) expect_intact(id, "at the end");
  }

 private:
  int64_t size_of(Space space) const { return program_.space_sizes[static_cast<int>(space)]; }

  // Threads may be anywhere in a stage at one time: all that it writes to the batch's memory must
  // leave alone all that it reads there. A tile's memory is one thread's, step by step.
  void run_stage(const StageOutline& stage) {
    tile_ = Shadow(size_of(Space::tile));
    for (const int32_t n : stage.nodes) write_all(n, Space::batch);
    for (const int32_t n : stage.nodes) {
      const Node& node = program_.graph.nodes()[n];
      write_all(n, Space::tile);
      for (const ValueId id : node.inputs) expect_intact(id, "read by " + node.name);
      for (const ValueId id : node.outputs) {
        if (!left_out(n, id)) expect_intact(id, "written by " + node.name);
      }
    }
  }

  void write_all(int32_t n, Space space) {
    for (const ValueId id : program_.graph.nodes()[n].outputs) {
      if (program_.storages[id].space == space && !left_out(n, id)) write(id);
    }
  }

  // Whether the node's kernel does without a place for an output, which then nobody may read.
  bool left_out(int32_t n, ValueId id) const {
    return program_.kernels[n]->skips_unread && program_.storages[id].offset < 0;
  }

  // Floats that a value takes: of all rows in the batch's memory, of one row in a tile's.
  int64_t size_of(ValueId id) const {
    const Storage& storage = program_.storages[id];
    const Shape& shape = program_.graph.shape(id);
    if (is_batched(shape)) {
      return storage.stride * (storage.space == Space::tile ? 1 : program_.options.max_rows);
    }
    if (storage.layout == Layout::panels) return Panels{shape[1], shape[0]}.size();
    return storage.columns;
  }

  Shadow& shadow_of(ValueId id) {
    return program_.storages[id].space == Space::tile ? tile_ : batch_;
  }

  void write(ValueId id) {
    shadow_of(id).write(program_.alias[id], program_.storages[id].offset, size_of(id));
  }

  void expect_intact(ValueId id, const std::string& when) {
    if (id == kNoValue || program_.storages[id].space == Space::persistent) return;
    EXPECT_TRUE(
        shadow_of(id).belongs_to(program_.alias[id], program_.storages[id].offset, size_of(id)))
        << program_.graph.value(id).name << " " << when;
  }

  const Program& program_;
  Shadow batch_, tile_;
};

class PlanMemory : public testing::TestWithParam<PlanCase> {};

TEST_P(PlanMemory, NoValueIsOverwrittenBeforeItIsReadLast) {
  const Program program = compiled(GetParam());
  PlanOnAShadow(program).run();
}

TEST_P(PlanMemory, WeightsAndTheirCopiesStandApart) {
  const Program program = compiled(GetParam());
  Shadow shadow(program.space_sizes[static_cast<int>(Space::persistent)]);
  struct Block {
    ValueId name;
    int64_t offset, size;
  };
  std::vector<Block> blocks;
  for (size_t id = 0; id < program.storages.size(); ++id) {
    const Storage &storage = program.storages[id], &copy = program.transposed[id];
    if (storage.space != Space::persistent) continue;
    const Shape& shape = program.graph.values()[id].shape;
    const bool panels = storage.layout == Layout::panels;
    blocks.push_back(
        {static_cast<ValueId>(2 * id), storage.offset,
         panels ? Panels{shape[1], shape[0]}.size() : round_up(storage.columns, kLaneMultiple)});
    if (copy.offset < 0) continue;
    blocks.push_back(
        {static_cast<ValueId>(2 * id + 1), copy.offset, Panels{shape[0], shape[1]}.size()});
  }
  for (const Block& block : blocks) shadow.write(block.name, block.offset, block.size);
  for (const Block& block : blocks) {
    EXPECT_TRUE(shadow.belongs_to(block.name, block.offset, block.size));
  }
}

TEST_P(PlanMemory, StagesKeepTheOrderOfTheGraph) {
  const Program program = compiled(GetParam());
  const auto& nodes = program.graph.nodes();
  std::vector<int> stage_of(nodes.size(), -1), step_of(nodes.size(), -1);
  for (size_t s = 0; s < program.stages.size(); ++s) {
    for (size_t i = 0; i < program.stages[s].nodes.size(); ++i) {
      stage_of[program.stages[s].nodes[i]] = static_cast<int>(s);
      step_of[program.stages[s].nodes[i]] = static_cast<int>(i);
    }
  }
  const auto runs_before = [&](size_t first, size_t then) {
    if (stage_of[first] != stage_of[then]) return stage_of[first] < stage_of[then];
    return program.stages[stage_of[first]].parallel == Parallel::rows &&
           step_of[first] < step_of[then];
  };
  const auto touch = [&](const std::vector<ValueId>& ids, ValueId root) {
    return std::any_of(ids.begin(), ids.end(),
                       [&](ValueId id) { return id != kNoValue && program.alias[id] == root; });
  };
  for (size_t n = 0; n < nodes.size(); ++n) {
    if (program.kernels[n] == nullptr) continue;
    for (size_t m = 0; m < n; ++m) {
      if (program.kernels[m] == nullptr) continue;
      const bool produces = std::any_of(
          nodes[n].inputs.begin(), nodes[n].inputs.end(),
          [&](ValueId id) { return id != kNoValue && touch(nodes[m].outputs, program.alias[id]); });
      const bool reads_what_is_updated =
          nodes[n].op->writes_first_input && touch(nodes[m].inputs, nodes[n].inputs[0]);
      if (produces || reads_what_is_updated) {
        EXPECT_TRUE(runs_before(m, n)) << nodes[m].name << " before " << nodes[n].name;
      }
    }
  }
}

TEST(PlanMemoryOfInputs, OneThatNobodyReadsHasNoPlace) {
  Graph graph;
  const ValueId unread = graph.add_input("unread", batched({3}));
  const ValueId x = graph.add_input("x", batched({2}));
  graph.set_outputs(graph.append(op::affine(), "twice", {x}, {{"scale", 2.0}}));
  CompileOptions options;
  options.max_rows = 4;
  Program program{.graph = graph, .options = options, .kernel_table = cpu_kernels()};
  for (const Pass& pass : passes()) pass.run(program);
  EXPECT_LT(program.storages[unread].offset, 0);
  EXPECT_GE(program.storages[x].offset, 0);
}

INSTANTIATE_TEST_SUITE_P(Networks, PlanMemory, testing::ValuesIn(plan_cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace

}  // namespace sinapse
