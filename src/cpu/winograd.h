// The linear maps of Winograd's minimal filtering F(2 x 2, 3 x 3), on blocks of 16 channels.
#pragma once

#include <cstdint>

#include "cpu/product.h"

namespace sinapse {

/// v = B^T x B for neighbouring tiles of a line, two places apart.
struct TilesOfInputs {
  const float* x = nullptr;  // the first place of the first tile
  int64_t x_line = 0;        // floats to the next line of places
  int64_t count = 0;
  float* v = nullptr;   // of the first place of a tile; tiles are 16 floats apart
  int64_t v_plane = 0;  // floats to the next place
};

/// y = A^T m A for neighbouring tiles of a line, then what follows a sum (window_product.h).
struct TilesOfResults {
  const float* m = nullptr;
  int64_t m_plane = 0;
  int64_t width = 0,
          height = 0;  // results there are: two for each tile but perhaps the last; 1 or 2
  float* y = nullptr;
  int64_t y_line = 0;
  const float *bias = nullptr, *factor = nullptr, *shift = nullptr;
  const float* addend = nullptr;  // laid out as y
  Epilogue epilogue = Epilogue::none;
  const float* saved = nullptr;  // laid out as y
};

/// u = G g G^T for the weights of one input and some outputs, a multiple of 16.
struct FilterRow {
  const float* g = nullptr;  // of the first place of the window
  int64_t g_place = 0;       // floats to the next one; negative: the window turned around
  int64_t columns = 0;
  float* u = nullptr;
  int64_t u_plane = 0;
};

struct WinogradFunctions {
  void (*inputs)(const TilesOfInputs& tiles);
  void (*results)(const TilesOfResults& tiles);
  void (*filter)(const FilterRow& row);
};

/// The functions for the instruction set of the running CPU.
const WinogradFunctions& winograd_functions();

}  // namespace sinapse
