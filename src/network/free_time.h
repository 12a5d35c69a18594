// Networks that walk through time step by step.
#pragma once

#include <vector>

#include "network/network.h"

namespace sinapse {

bool is_recurrent(const Node& node);

/// Whether the network takes sequences of any length: [batch, time, features], or [batch, time]
/// indices for an embedding.
bool has_free_time(const NetworkGraph& network);

/// Whether such a network needs only one pass from the first step to the last, one step at a time.
bool goes_row_by_row(const NetworkGraph& network);

/// Where a node takes the state it begins with, and puts out the one it ends with.
struct StatePlace {
  size_t input, output;
};
/// Those of a node that walks through time; none of any other.
std::vector<StatePlace> state_places(const Node& node);

}  // namespace sinapse
