// The checks of rows: columns, leaks, duplicates, labels.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <sinapse/check.h>
#include <sinapse/team.h>

#include "check/suspects.h"
#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// Where a row stands.
using Location = std::function<std::string(int64_t row)>;

CheckResult check_columns(const TrainedNetwork& trained, const Dataset& data,
                          const CheckOptions& options, Team& team);

/// `encoded` is the target.
CheckResult check_leakage(const TrainedNetwork& trained, const Table& table,
                          const std::vector<float>& encoded);

CheckResult check_duplicates(const Dataset& data, const std::vector<NamedRows>& parts,
                             const Location& location);

CheckResult check_labels(const TrainedNetwork& trained, const Dataset& data,
                         const Location& location, Team& team);

/// The parts of a run, or all rows as one.
std::vector<NamedRows> parts_of(const Table& table, const RunOptions* run, int64_t rows);

/// Whether labels and leaks can be looked for.
bool has_one_plain_target(const Target& target);

}  // namespace sinapse
