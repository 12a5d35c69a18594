// Products in bf16 by AMX: registers are tiles of 16 rows of 64 bytes. 2 x 2 of them hold results,
// 32 rows by 32 columns, 2 hold rows of A and 2 a step of B. Lines are cut into blocks of equal
// height, the last one overlapping the one before where they do not divide evenly.
#if defined(__x86_64__)

#include <immintrin.h>

#include "cpu/bf16.h"

#define SINAPSE_TARGET __attribute__((target("amx-tile,amx-bf16")))

namespace sinapse {

namespace {

constexpr int64_t kTile = 16, kPairs = 16, kStep = 32;

struct alignas(64) TileConfiguration {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {};
};

SINAPSE_TARGET void configure(int64_t height) {
  TileConfiguration tiles;
  for (int t = 0; t < 6; ++t) tiles.rows[t] = static_cast<uint8_t>(height);  // C and A
  tiles.rows[6] = tiles.rows[7] = kPairs;                                    // B
  _tile_loadconfig(&tiles);
}

// Rows that stand in one tile.
struct Block {
  const uint16_t* a;
  float* c;
};

#define SINAPSE_START(tile, block, v)                                     \
  if (p.accumulate) {                                                     \
    _tile_loadd(tile, block.c + (v)*p.c_block, c_bytes);                  \
  } else if (p.bias) {                                                    \
    _tile_loadd(tile, p.bias + column + (v)*kTile, 0); /* in every row */ \
  } else {                                                                \
    _tile_zero(tile);                                                     \
  }

template <bool kTwoBlocks, bool kTwoVectors>
SINAPSE_TARGET void multiply_tiles(const Bf16Product& p, Block top, Block bottom, int64_t column) {
  const int64_t a_bytes = p.a_stride * 2, b_bytes = p.b_stride * 4, c_bytes = p.c_stride * 4;
  SINAPSE_START(0, top, 0)
  if constexpr (kTwoVectors) {
    SINAPSE_START(1, top, 1)
  }
  if constexpr (kTwoBlocks) {
    SINAPSE_START(2, bottom, 0)
  }
  if constexpr (kTwoBlocks && kTwoVectors) {
    SINAPSE_START(3, bottom, 1)
  }
  for (int64_t s = 0; s < p.num_steps; ++s) {
    const int64_t a_step = p.a_steps ? p.a_steps[s] : s * kStep;
    const int64_t b_step = p.b_steps ? p.b_steps[s] : s * kPairs * p.b_stride;
    const uint16_t* b = p.b + 2 * (b_step + column);
    _tile_loadd(4, top.a + a_step, a_bytes);
    _tile_loadd(6, b, b_bytes);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (kTwoVectors) {
      _tile_loadd(7, b + 2 * kTile, b_bytes);
      _tile_dpbf16ps(1, 4, 7);
    }
    if constexpr (kTwoBlocks) {
      _tile_loadd(5, bottom.a + a_step, a_bytes);
      _tile_dpbf16ps(2, 5, 6);
      if constexpr (kTwoVectors) _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, top.c, c_bytes);
  if constexpr (kTwoVectors) _tile_stored(1, top.c + p.c_block, c_bytes);
  if constexpr (kTwoBlocks) _tile_stored(2, bottom.c, c_bytes);
  if constexpr (kTwoBlocks && kTwoVectors) _tile_stored(3, bottom.c + p.c_block, c_bytes);
}

#undef SINAPSE_START

// Where the blocks of all lines stand.
class Blocks {
 public:
  explicit Blocks(const Bf16Product& p)
      : p_(p),
        per_line_((p.rows + kTile - 1) / kTile),
        height_((p.rows + per_line_ - 1) / per_line_) {}

  int64_t count() const { return p_.num_lines * per_line_; }
  int64_t height() const { return height_; }

  Block block(int64_t index, int64_t column) const {
    const int64_t l = per_line_ == 1 ? index : index / per_line_;
    int64_t row = (index - l * per_line_) * height_;
    if (row > p_.rows - height_) row = p_.rows - height_;
    const Bf16Product::Line line = p_.lines ? p_.lines[l] : Bf16Product::Line{0, 0};
    return {p_.a + line.a + row * p_.a_stride,
            p_.c + line.c + row * p_.c_stride + column / kTile * p_.c_block};
  }

 private:
  const Bf16Product& p_;
  const int64_t per_line_, height_;
};

template <bool kTwoVectors>
SINAPSE_TARGET void multiply_columns(const Bf16Product& p, const Blocks& blocks, int64_t column) {
  int64_t i = 0;
  for (; i + 2 <= blocks.count(); i += 2) {
    multiply_tiles<true, kTwoVectors>(p, blocks.block(i, column), blocks.block(i + 1, column),
                                      column);
  }
  if (i < blocks.count()) {
    multiply_tiles<false, kTwoVectors>(p, blocks.block(i, column), {}, column);
  }
}

SINAPSE_TARGET void multiply(const Bf16Product& p) {
  if (p.rows <= 0) return;
  const Blocks blocks(p);
  asm volatile("" ::: "memory");  // what the tiles read has been written
  configure(blocks.height());
  int64_t column = 0;
  for (; column + 2 * kTile <= p.columns; column += 2 * kTile) {
    multiply_columns<true>(p, blocks, column);
  }
  if (column < p.columns) multiply_columns<false>(p, blocks, column);
  _tile_release();
}

}  // namespace

const Bf16Functions& amx_bf16() {
  static const Bf16Functions functions = [] {
    Bf16Functions all = avx512_bf16();
    all.multiply = multiply;
    return all;
  }();
  return functions;
}

}  // namespace sinapse

#endif
