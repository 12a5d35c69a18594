// Learning curves from the history.csv that a run leaves behind.
#pragma once

#include <string>
#include <vector>

#include <sinapse/train.h>

#include "figures/chart.h"

namespace sinapse {

/// The columns of a history: epoch, loss, val_loss, val_<metric>..., learning_rate, seconds.
struct History {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> values;  // [column][row]; NaN where a cell is empty

  const std::vector<double>* column(const std::string& wanted) const;
};

/// Reads a history.csv, or the one in the folder of a run. Throws Error(file) or Error(data) with
/// file and line.
History read_history(const std::string& path);

/// The same of its text; `source` stands for the file in messages.
History parse_history(const std::string& text, const std::string& source);

/// The same of a run that has just ended, or goes on.
History history_of(const std::vector<EpochRecord>& records);

/// Without metrics that say the same as the loss, such as log_loss after crossentropy.
History without_twins(History history);

/// One chart for the losses, one for every metric and one for the learning rate; several runs lie
/// over each other.
std::vector<Chart> history_charts(const std::vector<History>& runs, Words words = {});

}  // namespace sinapse
