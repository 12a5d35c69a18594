#include "train/row_lanes.h"

#include <algorithm>
#include <numeric>

namespace sinapse {

std::vector<RowRun> runs_of(const Dataset& data, std::span<const int64_t> rows) {
  std::vector<RowRun> runs;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool goes_on =
        i > 0 && rows[i] == rows[i - 1] + 1 && data.same_stream(rows[i - 1], rows[i]);
    if (!goes_on) runs.push_back({static_cast<int64_t>(i), 0});
    ++runs.back().count;
  }
  return runs;
}

namespace {

std::vector<RowRun> cut(const std::vector<RowRun>& runs, int64_t longest) {
  std::vector<RowRun> pieces;
  for (const RowRun& run : runs) {
    for (int64_t done = 0; done < run.count; done += longest) {
      pieces.push_back({run.begin + done, std::min(longest, run.count - done)});
    }
  }
  return pieces;
}

int64_t count_rows(const std::vector<RowRun>& runs) {
  return std::accumulate(runs.begin(), runs.end(), int64_t{0},
                         [](int64_t sum, const RowRun& run) { return sum + run.count; });
}

}  // namespace

RowLanes::RowLanes(std::vector<RowRun> runs, int64_t max_lanes, bool whole)
    : runs_(std::move(runs)) {
  if (!whole) runs_ = cut(runs_, (count_rows(runs_) + max_lanes - 1) / max_lanes);
  std::vector<size_t> longest_first(runs_.size());
  std::iota(longest_first.begin(), longest_first.end(), 0);
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [&](size_t a, size_t b) { return runs_[a].count > runs_[b].count; });
  struct Lane {
    int64_t rows = 0;
    std::vector<size_t> runs;
  };
  std::vector<Lane> lanes(std::min<size_t>(max_lanes, runs_.size()));
  const auto fewer_rows = [](const Lane& a, const Lane& b) { return a.rows < b.rows; };
  for (const size_t run : longest_first) {
    Lane& lane = *std::min_element(lanes.begin(), lanes.end(), fewer_rows);
    lane.runs.push_back(run);
    lane.rows += runs_[run].count;
  }
  std::stable_sort(lanes.begin(), lanes.end(),
                   [](const Lane& a, const Lane& b) { return a.rows > b.rows; });
  for (Lane& lane : lanes) {
    std::sort(lane.runs.begin(), lane.runs.end());
    lanes_.push_back(std::move(lane.runs));
  }
}

LaneOrder RowLanes::order(std::span<const int64_t> ranks) const {
  struct Step {
    int64_t place;
    char begins;
  };
  std::vector<std::vector<Step>> lanes;
  for (std::vector<size_t> lane : lanes_) {
    if (!ranks.empty()) {
      std::sort(lane.begin(), lane.end(), [&](size_t a, size_t b) { return ranks[a] < ranks[b]; });
    }
    std::vector<Step>& steps = lanes.emplace_back();
    for (const size_t index : lane) {
      const RowRun& run = runs_[index];
      for (int64_t i = 0; i < run.count; ++i) steps.push_back({run.begin + i, i == 0});
    }
  }
  LaneOrder order{.places = {}, .begins = {}, .batch_begins = {0}};
  const size_t num_batches = lanes.empty() ? 0 : lanes.front().size();
  for (size_t batch = 0; batch < num_batches; ++batch) {
    for (const std::vector<Step>& steps : lanes) {
      if (batch >= steps.size()) break;  // and so are those behind it
      order.places.push_back(steps[batch].place);
      order.begins.push_back(steps[batch].begins);
    }
    order.batch_begins.push_back(static_cast<int64_t>(order.places.size()));
  }
  return order;
}

}  // namespace sinapse
