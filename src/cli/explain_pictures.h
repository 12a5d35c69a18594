// sinapse explain, of pictures.
#pragma once

#include <sinapse/attention.h>

#include "cli/explain_text.h"
#include "figures/drawing.h"

namespace sinapse::cli {

struct PictureQuestion {
  std::string data;
  std::vector<int64_t> rows;  // from 1; empty: the first ones
  bool sanity = false;
  uint64_t seed = 1;
  AttentionOptions options;
};

Explanation explain_pictures(const Model& model, const PictureQuestion& question);

}  // namespace sinapse::cli
