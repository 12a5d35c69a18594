// What a plan asks of a kernel, and the table from which kernels are chosen.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "compile/panels.h"
#include "compile/precision.h"
#include "graph/operator.h"

namespace sinapse {

/// Where the numbers of a plan live.
enum class Space : uint8_t {
  persistent,  // parameters and states: they outlive a step
  batch,       // values that cross a stage: all rows of the batch
  tile,        // values inside one stage: the rows of one tile, once a thread
};
inline constexpr int kNumSpaces = 3;

/// How the numbers of a value are laid out.
enum class Layout : uint8_t {
  rows,    // batched: rows at a padded stride; unbatched: one row
  panels,  // a weight [outputs, inputs, window...] as panels_of its shape
  blocks,  // batched: a row is [channels / 16, places, 16], the last channels padded with zeros
};

/// A value's place. Offsets and strides count floats.
struct Storage {
  Space space = Space::batch;
  int64_t offset = -1;
  int64_t stride = 0;
  int64_t columns = 0;
  Layout layout = Layout::rows;
};

/// A weight's copies rounded to bf16, as pair_panels_of its shape, for products with it and with
/// its transpose; offset -1 if none.
struct RoundedCopies {
  Storage plain, transposed;
};

/// A weight's copies transformed for Winograd's minimal filtering (compile/winograd.h), for
/// convolutions with it and transposed ones; offset -1 if none.
struct WinogradCopies {
  Storage plain, transposed;
};

/// What a kernel sees of the run it is part of. `rows` is the batch; a tile-local value holds only
/// the rows from `tile_begin` on.
struct Run {
  std::array<float*, kNumSpaces> base{};
  int64_t rows = 0;
  int64_t tile_begin = 0;
  StepState state;
  const float* scalars = nullptr;  // of the optimizer, prepared once a step
  float* scratch = nullptr;        // this thread's, as large as the kernels asked for

  float* row(const Storage& storage, int64_t r) const {
    const int64_t first = storage.space == Space::tile ? tile_begin : 0;
    return base[static_cast<int>(storage.space)] + storage.offset + (r - first) * storage.stride;
  }
  float* data(const Storage& storage) const {
    return base[static_cast<int>(storage.space)] + storage.offset;
  }
};

/// How a kernel's work may be cut.
enum class Parallel : uint8_t {
  rows,    // rows of the batch are independent: tiles of rows go through a whole stage depth-first
  slices,  // slices of the output are independent; each needs every row of the batch
};

/// One node made ready to run: a few addresses and numbers. Stateless while running.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Works on rows [begin, end) of the batch, or on slices [begin, end).
  virtual void run(const Run& run, int64_t begin, int64_t end) const = 0;
  virtual int64_t num_slices() const { return 1; }
  virtual int64_t scratch_floats() const { return 0; }
};

/// What making a kernel may look at.
struct LowerContext {
  const Graph& graph;
  std::span<const Storage> storages;  // by ValueId
  std::span<const Storage>
      transposed;  // of weights in panels, for the product with their transpose
  std::span<const RoundedCopies> rounded;    // by ValueId
  std::span<const WinogradCopies> winograd;  // by ValueId
  int64_t max_rows = 0;
  ProductPrecision precision = ProductPrecision::float32;

  const Storage& storage(ValueId id) const { return storages[id]; }
};

/// One row of a kernel table: the first row that accepts a node makes its kernel.
struct KernelRow {
  std::string_view name;
  bool (*accepts)(const Node& node, const LowerContext& context) = nullptr;
  Parallel (*parallel)(const Node& node, const LowerContext& context) = nullptr;
  std::unique_ptr<Kernel> (*make)(const Node& node, const LowerContext& context) = nullptr;
  bool skips_unread = false;  // its outputs that nobody reads get no place: their offset is -1
};

using KernelTable = std::span<const KernelRow>;

}  // namespace sinapse
