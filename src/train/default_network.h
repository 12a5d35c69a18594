// The network of a run: the layers that were asked for, or those chosen, between inputs and output.
#pragma once

#include <sinapse/train.h>

#include "features/features.h"

namespace sinapse {

/// The network that resolved options describe: hidden layers, embeddings joined in front, and an
/// output layer with one linear neuron for a number, one logistic neuron's logit for two classes,
/// or a logit for each class.
NetworkDescription describe_network(const NetworkOptions& options, const Features* features,
                                    const Shape& input_row, int64_t num_outputs);

/// The same for series: hidden layers over the window and, if there is one, the future, which the
/// output layer sees besides, so that a linear forecast is a part of the network. Given layers are
/// put on the window [window, channels]; the future is joined to what they put out.
NetworkDescription describe_series_network(const NetworkOptions& options, bool has_future,
                                           int64_t horizon);

/// The same for a table with a text whose tokens stay in order: they are embedded, the layers make
/// one vector of them (text_gru if nothing else is said), and the output layer sees the other
/// inputs besides. Throws Error(usage) for two such columns.
NetworkDescription describe_text_network(const NetworkOptions& options, const Features& features,
                                         int64_t num_outputs);

/// The same for sequences, with the answer of the whole or of each step: a GRU, behind it the
/// hidden layers. Layers that are given get the lengths as their second input where they take them.
NetworkDescription describe_sequence_network(const NetworkOptions& options, bool per_row,
                                             int64_t num_outputs);

}  // namespace sinapse
