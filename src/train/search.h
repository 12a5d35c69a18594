// Where to look next: the methods of a search, as functions of what was seen.
#pragma once

#include <sinapse/tune.h>

namespace sinapse {

/// A place in the space: for each range a number in [0, 1), or the index of a choice.
using Point = std::vector<double>;

/// What to try: a point, and for how many epochs (0: as the run says).
struct Proposal {
  Point point;
  int64_t epochs = 0;
};

/// What was tried, and how bad it was: smaller is better, infinite if it failed.
struct Observation {
  Proposal proposal;
  double loss = 0;
};

/// A search without its trials. `epochs` are the run's (0: chosen by the data).
struct Search {
  const SearchSpace& space;
  const TuneOptions& options;
  int64_t epochs = 0;
};

/// What to try after these; depends on nothing else.
Proposal propose(const Search& search, const std::vector<Observation>& seen);

Point random_point(const Search& search, int64_t trial);

/// The proposal of the tree-structured Parzen estimator.
Point tpe_point(const Search& search, const std::vector<Observation>& seen);

/// A round of successive halving: so many trials of so many epochs.
struct Round {
  int64_t trials = 0, epochs = 0;
};
std::vector<Round> rounds_of_halving(const Search& search);

/// The value at a coordinate of a range, as on the command line.
std::string value_text(const SearchRange& range, double coordinate);

/// Indices of the observations, the best first, the earlier of equals first.
std::vector<size_t> from_best(const std::vector<Observation>& seen);

/// Throws Error(usage) naming what makes no sense.
void check_space(const SearchSpace& space);

}  // namespace sinapse
