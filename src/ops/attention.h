// What the attention operators share. Letters: b rows of the batch, t steps, h heads of d = n / h
// channels each.
#pragma once

#include <algorithm>

#include "ops/recurrent.h"

namespace sinapse {

/// Places of the inputs of Attention and of its gradient.
namespace attention {
enum Input : size_t { query, key, value, lengths };
enum BackInput : size_t { back_query, back_key, back_value, probabilities, d_y };
}  // namespace attention

struct AttentionSizes {
  int64_t time, channels, heads;
  bool causal;

  int64_t width() const { return channels / heads; }  // of a head
  /// How many steps a query may look at, if `length` of them count.
  int64_t seen(int64_t query, int64_t length) const {
    return causal ? std::min(query + 1, length) : length;
  }
};

/// Of a node of Attention or its gradient, whose first input has the shape [batch, t, n].
inline AttentionSizes attention_sizes(const Node& node, const Shape& query) {
  return {query[1], query[2], node.integer("heads"), node.integer("causal") != 0};
}

}  // namespace sinapse
