// Pictures of the next batch are changed while the one at hand trains.
#pragma once

#include <algorithm>
#include <atomic>
#include <optional>
#include <vector>

#include <sinapse/team.h>

#include "train/augment.h"

namespace sinapse {

struct Batch;      // stepper.h
struct StepState;  // graph/operator.h

/// Threads of the team that wait for others change pictures of one batch ahead. Who needs a picture
/// that nobody had time for makes it himself: the bits are the same.
class PicturesAhead {
 public:
  /// Both outlive it.
  PicturesAhead(const Augmenter& augmenter, Team& team) : augmenter_(augmenter), team_(team) {}
  ~PicturesAhead() { finish(); }
  PicturesAhead(const PicturesAhead&) = delete;
  PicturesAhead& operator=(const PicturesAhead&) = delete;

  /// Spare time goes to this batch, whose rows stay where they are until finish().
  void begin(const Batch& batch, const StepState& state);

  /// What is done by now can be taken until the batch that is then begun is finished.
  void finish();

  /// Pictures of the batch that was begun which nobody has in hand yet.
  int64_t num_left() const { return std::max<int64_t>(std::ssize(rows_) - next_row_.load(), 0); }

  /// Copies row r of that step's batch, if it is done.
  std::optional<Mixture> take(int64_t step, int64_t r, float* to) const;

 private:
  // Of one step, -1: none.
  struct Pictures {
    int64_t step = -1;
    std::vector<float> numbers;     // [rows, columns]
    std::vector<Mixture> mixtures;  // by row
    std::vector<char> done;         // by row
  };

  bool change_one();

  const Augmenter& augmenter_;
  Team& team_;
  Pictures at_hand_, next_;
  // The batch of `next_`.
  const InputColumns* input_ = nullptr;
  const float* gathered_ = nullptr;
  std::span<const int64_t> rows_;
  uint64_t seed_ = 0;
  std::atomic<int64_t> next_row_{0};  // that nobody has begun
};

}  // namespace sinapse
