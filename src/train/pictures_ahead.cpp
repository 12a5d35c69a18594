#include "train/pictures_ahead.h"

#include <algorithm>
#include <new>

#include "train/stepper.h"

namespace sinapse {

void PicturesAhead::begin(const Batch& batch, const StepState& state) {
  finish();
  input_ = &batch.data.inputs.front();
  gathered_ = batch.gathered;
  rows_ = batch.rows;
  seed_ = state.seed;
  next_.step = state.step;
  next_.numbers.resize(rows_.size() * input_->columns);
  next_.mixtures.resize(rows_.size());
  next_.done.assign(rows_.size(), 0);
  next_row_ = 0;
  team_.in_spare_time([this] { return change_one(); });
}

void PicturesAhead::finish() {
  team_.in_spare_time({});
  std::swap(at_hand_, next_);
  next_.step = -1;
}

bool PicturesAhead::change_one() {
  if (num_left() == 0) return false;
  const int64_t r = next_row_.fetch_add(1);
  if (r >= std::ssize(rows_)) return false;
  float* const to = next_.numbers.data() + r * input_->columns;
  try {
    next_.mixtures[r] = augmenter_.fill(*input_, gathered_, rows_, r, seed_, next_.step, to);
    next_.done[r] = 1;
  } catch (const std::bad_alloc&) {  // told by who needs the row
  }
  return true;
}

std::optional<Mixture> PicturesAhead::take(int64_t step, int64_t r, float* to) const {
  if (step != at_hand_.step || !at_hand_.done[r]) return std::nullopt;
  const auto columns = static_cast<int64_t>(at_hand_.numbers.size() / at_hand_.done.size());
  std::copy_n(at_hand_.numbers.data() + r * columns, columns, to);
  return at_hand_.mixtures[r];
}

}  // namespace sinapse
