// Which text of a table a network for texts reads.
#pragma once

#include <string>
#include <vector>

#include <sinapse/table.h>
#include <sinapse/train.h>

namespace sinapse {

/// Whether a column is declared a text whose tokens stay in order.
bool has_text_in_order(const FeatureDeclarations& declarations);

/// What is declared of the columns. If the network is one for texts and no column declares a
/// `sequence`, the text of most words that is not left out gets one of 256 words, or 1024
/// characters; further texts remain bags of n-grams. Throws Error(usage) if no column is text.
FeatureDeclarations with_text_in_order(const Table& table, const RunOptions& options,
                                       const std::vector<std::string>& left_out);

}  // namespace sinapse
