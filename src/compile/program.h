// The program being compiled: the graph and what the passes have decided about it so far.
#pragma once

#include <iosfwd>
#include <set>
#include <string>

#include "compile/kernel.h"

namespace sinapse {

struct CompileOptions {
  int64_t max_rows = 1;  // the largest batch the plan must take
  ProductPrecision precision = ProductPrecision::float32;
  bool training = false;                  // an activation then keeps what its derivative needs
  std::set<std::string> disabled_passes;  // optional passes to leave out, by name
  std::ostream* trace = nullptr;          // prints the program after every pass
};

/// Steps that one thread can carry out on one tile (or slice) without waiting for another thread.
struct StageOutline {
  Parallel parallel = Parallel::rows;
  bool images = false;         // by rows: of values in blocks of channels
  std::vector<int32_t> nodes;  // in the order they run
};

struct Program {
  Graph graph;
  CompileOptions options;
  KernelTable kernel_table;

  std::vector<bool> blocked;           // by ValueId, empty: none; rows stand in blocks of channels
  std::vector<ValueId> alias;          // by ValueId: the value whose numbers it shares, or itself
  std::vector<Storage> storages;       // by ValueId
  std::vector<Storage> transposed;     // by ValueId: a weight's second copy, offset -1 if none
  std::vector<RoundedCopies> rounded;  // by ValueId: a weight's copies for products in bf16
  std::vector<WinogradCopies> winograd;   // by ValueId: a weight's copies for minimal filtering
  std::vector<const KernelRow*> kernels;  // by node
  std::vector<StageOutline> stages;
  std::array<int64_t, kNumSpaces> space_sizes{};  // floats; of the tile space: for one row

  LowerContext context() const {
    return {graph, storages, transposed, rounded, winograd, options.max_rows, options.precision};
  }
};

struct Pass {
  std::string_view name;
  std::string_view sentence;
  void (*run)(Program& program);
  bool optional;
};

/// All passes in the order they run: what compiling means, on one screen (compile/passes.cpp).
std::span<const Pass> passes();

/// Checks the graph and everything decided so far; throws std::logic_error for a bug of a pass.
void verify(const Program& program);

std::string print(const Program& program);

}  // namespace sinapse
