// Planning memory: every value gets its place before the first step. A place is reused as soon as
// its value is dead: for values that cross stages, after the stage that reads them last; for values
// inside one stage, after the step.
#include <algorithm>
#include <limits>

#include "compile/pair_panels.h"
#include "compile/passes.h"
#include "compile/winograd.h"

namespace sinapse {

namespace {

struct Lifetime {
  int first = std::numeric_limits<int>::max();
  int last = -1;
  void include(int time) {
    first = std::min(first, time);
    last = std::max(last, time);
  }
  bool overlaps(const Lifetime& other) const { return first <= other.last && other.first <= last; }
};

// Places intervals of memory so that those alive at the same time do not meet: first fit, largest
// first.
class Arena {
 public:
  void add(Storage* storage, int64_t size, Lifetime life) {
    blocks_.push_back({storage, size, life});
  }

  int64_t place() {
    std::stable_sort(blocks_.begin(), blocks_.end(),
                     [](const Block& a, const Block& b) { return a.size > b.size; });
    int64_t total = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      blocks_[i].storage->offset = first_fit(i);
      total = std::max(total, blocks_[i].storage->offset + blocks_[i].size);
    }
    return total;
  }

 private:
  struct Block {
    Storage* storage;
    int64_t size;
    Lifetime life;
  };

  int64_t first_fit(size_t index) const {
    std::vector<std::pair<int64_t, int64_t>> taken;
    for (size_t i = 0; i < index; ++i) {
      if (!blocks_[i].life.overlaps(blocks_[index].life)) continue;
      taken.emplace_back(blocks_[i].storage->offset, blocks_[i].storage->offset + blocks_[i].size);
    }
    std::sort(taken.begin(), taken.end());
    int64_t offset = 0;
    for (const auto& [begin, end] : taken) {
      if (offset + blocks_[index].size <= begin) break;
      offset = std::max(offset, end);
    }
    return offset;
  }

  std::vector<Block> blocks_;
};

struct Lifetimes {
  std::vector<Lifetime> stages;  // by ValueId, in stages
  std::vector<Lifetime> steps;   // by ValueId, in steps over all stages
};

Lifetimes lifetimes(const Program& program) {
  const size_t num_values = program.graph.values().size();
  Lifetimes lives{std::vector<Lifetime>(num_values), std::vector<Lifetime>(num_values)};
  int step = 0;
  for (size_t s = 0; s < program.stages.size(); ++s) {
    for (const int32_t n : program.stages[s].nodes) {
      const Node& node = program.graph.nodes()[n];
      for (const auto* ids : {&node.inputs, &node.outputs}) {
        for (const ValueId id : *ids) {
          if (id == kNoValue) continue;
          lives.stages[program.alias[id]].include(static_cast<int>(s));
          lives.steps[program.alias[id]].include(step);
        }
      }
      ++step;
    }
  }
  // Inputs that somebody reads are written before the first stage, outputs read after the last.
  const int end = static_cast<int>(program.stages.size());
  for (const ValueId id : program.graph.outputs()) {
    lives.stages[program.alias[id]].include(end);
  }
  for (size_t id = 0; id < num_values; ++id) {
    const bool is_read = lives.stages[id].last >= 0;
    if (is_read && program.graph.values()[id].kind == ValueKind::input)
      lives.stages[id].include(-1);
  }
  return lives;
}

int64_t persistent_size(const Value& value, const Storage& storage) {
  if (storage.layout == Layout::panels) {
    return panels_of(value.shape).size();
  }
  return round_up(storage.columns, kLaneMultiple);
}

void place_persistent(Program& program) {
  int64_t& size = program.space_sizes[static_cast<int>(Space::persistent)];
  size = 0;
  const auto place = [&](Storage& storage, int64_t floats) {
    storage.offset = size;
    size += round_up(floats, kPanelWidth);
  };
  for (size_t id = 0; id < program.storages.size(); ++id) {
    const Value& value = program.graph.values()[id];
    if (program.storages[id].space != Space::persistent) continue;
    place(program.storages[id], persistent_size(value, program.storages[id]));
    Storage& transposed = program.transposed[id];
    if (transposed.offset >= 0) place(transposed, transposed_panels_of(value.shape).size());
    RoundedCopies& rounded = program.rounded[id];
    if (rounded.plain.offset >= 0) place(rounded.plain, pair_panels_of(value.shape).size());
    if (rounded.transposed.offset >= 0) {
      place(rounded.transposed, transposed_pair_panels_of(value.shape).size());
    }
    WinogradCopies& winograd = program.winograd[id];
    if (winograd.plain.offset >= 0) {
      place(winograd.plain, winograd_panels(value.shape[1], value.shape[0]).size());
    }
    if (winograd.transposed.offset >= 0) {
      place(winograd.transposed, winograd_panels(value.shape[0], value.shape[1]).size());
    }
  }
}

// By ValueId: whether the kernel that computes it writes it only for readers, and there are none.
std::vector<bool> left_out(const Program& program) {
  std::vector<bool> read(program.graph.values().size(), false), left(read.size(), false);
  for (const Node& node : program.graph.nodes()) {
    for (const ValueId id : node.inputs) {
      if (id != kNoValue) read[program.alias[id]] = true;
    }
  }
  for (const ValueId id : program.graph.outputs()) read[program.alias[id]] = true;
  for (size_t n = 0; n < program.kernels.size(); ++n) {
    if (!program.kernels[n] || !program.kernels[n]->skips_unread) continue;
    for (const ValueId id : program.graph.nodes()[n].outputs) left[id] = !read[id];
  }
  return left;
}

}  // namespace

void plan_memory(Program& program) {
  place_persistent(program);
  const Lifetimes lives = lifetimes(program);
  const std::vector<bool> unwanted = left_out(program);
  Arena batch;
  std::vector<Arena> tiles(program.stages.size());
  for (size_t id = 0; id < program.storages.size(); ++id) {
    Storage& storage = program.storages[id];
    const Value& value = program.graph.values()[id];
    const Lifetime& life = lives.stages[id];
    const bool used = life.last >= life.first;
    if (storage.space == Space::persistent || program.alias[id] != static_cast<ValueId>(id))
      continue;
    if (!used || unwanted[id]) continue;
    const bool inside = life.first == life.last && is_batched(value.shape) &&
                        program.stages[life.first].parallel == Parallel::rows;
    if (inside) {
      storage.space = Space::tile;
      tiles[life.first].add(&storage, storage.stride, lives.steps[id]);
    } else {
      const int64_t size = is_batched(value.shape) ? program.options.max_rows * storage.stride
                                                   : persistent_size(value, storage);
      batch.add(&storage, round_up(size, kLaneMultiple), life);
    }
  }
  program.space_sizes[static_cast<int>(Space::batch)] = batch.place();
  int64_t& tile_size = program.space_sizes[static_cast<int>(Space::tile)];
  tile_size = 0;
  for (Arena& tile : tiles) tile_size = std::max(tile_size, tile.place());
  for (size_t id = 0; id < program.storages.size(); ++id) {
    const Storage& shared = program.storages[program.alias[id]];
    if (program.alias[id] != static_cast<ValueId>(id)) program.storages[id] = shared;
  }
}

}  // namespace sinapse
