// Very many training rows: where they stand on disk, and in which order an epoch takes them.
#pragma once

#include <memory>

#include "data/permutation.h"
#include "data/rows.h"
#include "train/row_list.h"

namespace sinapse {

/// Training rows get places once, at random; all other rows stand behind them in their order. An
/// epoch takes groups of neighbouring places in a random order and mixes those of many groups, so
/// that rows which are needed together stand together, and each epoch is another one. None of this
/// is stored: it is a function of the rows and the seed. Any number of threads may ask.
class RowPlaces {
 public:
  RowPlaces(Rows training_rows, uint64_t seed);

  /// Whether so many rows are shuffled in this way, wherever they are kept.
  static bool are_for(const Rows& training_rows) {
    return std::ssize(training_rows) > Rows::kMostListed;
  }

  int64_t num_training_rows() const { return places_.size(); }
  /// Which training row, of all in rising order, stands at the place.
  int64_t rank_at(int64_t place) const { return places_(place); }
  int64_t row_at(int64_t place) const { return rows_[rank_at(place)]; }
  int64_t place_of(int64_t row) const;

 private:
  const Rows rows_;
  const Permutation places_;
};

/// The training rows in the order of an epoch. About a megabyte of rows is mixed, whole batches of
/// them.
RowList order_of_epoch(std::shared_ptr<const RowPlaces> places, int64_t columns, int64_t batch_size,
                       uint64_t seed, int64_t epoch);

}  // namespace sinapse
