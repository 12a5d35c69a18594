// sinapse predict --stream: rows from standard input are answered one by one.
#pragma once

#include <string>

#include <sinapse/model.h>

namespace sinapse::cli {

struct StreamOptions {
  std::string state_by;                // column: each of its texts has a context of its own
  std::string load_state, save_state;  // files; empty: begin anew, and forget
};

/// Reads a head and then a row a line until the end of the input; the answer to each stands on
/// standard output before the next is read. A recurrent model keeps its context from row to row.
void stream_predictions(const Model& model, const StreamOptions& options);

}  // namespace sinapse::cli
