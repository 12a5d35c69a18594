#include "train/row_places.h"

#include <algorithm>

#include "train/row_window.h"

namespace sinapse {

namespace {

constexpr int64_t kMostGroupRows = 128, kLeastGroups = 64;  // of those mixed

uint32_t purpose_of_places() {
  static const uint32_t purpose = purpose_of("places of rows");
  return purpose;
}

uint32_t purpose_of_mixing() {
  static const uint32_t purpose = purpose_of("rows mixed");
  return purpose;
}

class EpochOrder {
 public:
  EpochOrder(std::shared_ptr<const RowPlaces> places, int64_t rows_at_once, uint64_t seed,
             int64_t epoch)
      : places_(std::move(places)),
        mixed_rows_(rows_at_once),
        group_rows_(std::clamp<int64_t>(rows_at_once / kLeastGroups, 1, kMostGroupRows)),
        seed_(seed),
        epoch_(epoch),
        groups_(size() / group_rows_, RandomStream(seed, Purpose::shuffle, epoch)) {}

  int64_t size() const { return places_->num_training_rows(); }

  void tell(int64_t begin, std::span<int64_t> into) const {
    while (!into.empty()) {
      const int64_t mixed = begin / mixed_rows_, first = mixed * mixed_rows_;
      const int64_t end = std::min(first + mixed_rows_, size());
      const int64_t count = std::min<int64_t>(end - begin, std::ssize(into));
      const Permutation mix(end - first, random_of(mixed));
      for (int64_t i = 0; i < count; ++i) into[i] = row_at(first + mix(begin + i - first));
      into = into.subspan(count);
      begin += count;
    }
  }

 private:
  RandomStream random_of(int64_t mixed) const {
    const int64_t all = (size() + mixed_rows_ - 1) / mixed_rows_;
    return {seed_, purpose_of_mixing(), static_cast<uint64_t>(epoch_ * all + mixed)};
  }

  // In the order of groups; rows of a last group that is not whole stay at the end.
  int64_t row_at(int64_t i) const {
    const int64_t group = i / group_rows_;
    const int64_t shuffled = group < groups_.size() ? groups_(group) : group;
    return places_->row_at(shuffled * group_rows_ + i % group_rows_);
  }

  const std::shared_ptr<const RowPlaces> places_;
  const int64_t mixed_rows_, group_rows_;
  const uint64_t seed_;
  const int64_t epoch_;
  const Permutation groups_;
};

}  // namespace

RowPlaces::RowPlaces(Rows training_rows, uint64_t seed)
    : rows_(std::move(training_rows)),
      places_(std::ssize(rows_), RandomStream(seed, purpose_of_places(), 0)) {}

int64_t RowPlaces::place_of(int64_t row) const {
  const int64_t rank = rows_.place_of(row);
  return rows_.contains(row) ? places_.inverse(rank) : num_training_rows() + row - rank;
}

RowList order_of_epoch(std::shared_ptr<const RowPlaces> places, int64_t columns, int64_t batch_size,
                       uint64_t seed, int64_t epoch) {
  const int64_t rows_at_once = rows_read_together(columns, batch_size);
  const auto order =
      std::make_shared<const EpochOrder>(std::move(places), rows_at_once, seed, epoch);
  return {order->size(), rows_at_once, epoch,
          [order](int64_t begin, std::span<int64_t> into) { order->tell(begin, into); }};
}

}  // namespace sinapse
