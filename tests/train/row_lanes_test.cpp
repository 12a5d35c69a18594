#include "train/row_lanes.h"

#include <numeric>

#include <gtest/gtest.h>

namespace sinapse {

namespace {

std::vector<int64_t> all_rows(int64_t count) {
  std::vector<int64_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

// Where each lane stood in the batch before, -1 at first.
void expect_lanes_go_on(const LaneOrder& order, int64_t rows) {
  std::vector<int> seen(rows);
  std::vector<int64_t> before;
  for (int64_t batch = 0; batch < order.num_batches(); ++batch) {
    const int64_t first = order.batch_begins[batch], end = order.batch_begins[batch + 1];
    ASSERT_TRUE(batch == 0 || end - first <= static_cast<int64_t>(before.size()));
    before.resize(end - first, -1);
    for (int64_t i = first; i < end; ++i) {
      ++seen[order.places[i]];
      EXPECT_TRUE(order.begins[i] || order.places[i] == before[i - first] + 1);
      EXPECT_TRUE(batch > 0 || order.begins[i]);
      before[i - first] = order.places[i];
    }
  }
  EXPECT_EQ(seen, std::vector<int>(rows, 1)) << "every row once";
}

TEST(RowLanes, RunsEndWhereRowsAreMissingOrASequenceEnds) {
  const std::vector<int64_t> rows{0, 1, 2, 4, 5, 6, 7};
  EXPECT_EQ(runs_of({}, rows), (std::vector<RowRun>{{0, 3}, {3, 4}}));
  const Dataset data{.streams = {0, 0, 1, 1, 1, 1, 0, 0}};
  EXPECT_EQ(runs_of(data, rows), (std::vector<RowRun>{{0, 2}, {2, 1}, {3, 2}, {5, 2}}));
  EXPECT_TRUE(runs_of(data, {}).empty());
}

TEST(RowLanes, EachRowOfABatchGoesOnFromTheBatchBefore) {
  const std::vector<RowRun> runs{{0, 7}, {7, 1}, {8, 3}, {11, 12}, {23, 2}, {25, 5}};
  const std::vector<int64_t> ranks{3, 5, 0, 1, 4, 2};
  for (const int64_t lanes : {1, 2, 3, 6, 50}) {
    SCOPED_TRACE(std::to_string(lanes) + " lanes");
    const RowLanes whole(runs, lanes, true);
    EXPECT_EQ(whole.num_runs(), 6);
    expect_lanes_go_on(whole.order(), 30);
    expect_lanes_go_on(whole.order(ranks), 30);
    EXPECT_EQ(whole.order().batch_begins, whole.order(ranks).batch_begins);
    const LaneOrder cut = RowLanes(runs, lanes, false).order();
    expect_lanes_go_on(cut, 30);
    EXPECT_LE(cut.batch_begins[1], lanes);
  }
}

TEST(RowLanes, OneLongSequenceIsLearnedInAsManyPartsAsThereAreLanes) {
  const LaneOrder order = RowLanes(runs_of({}, all_rows(10)), 4, false).order();
  EXPECT_EQ(order.places, (std::vector<int64_t>{0, 3, 6, 9, 1, 4, 7, 2, 5, 8}));
  EXPECT_EQ(order.batch_begins, (std::vector<int64_t>{0, 4, 7, 10}));
}

TEST(RowLanes, EqualSequencesAreNeverCutIfThereAreEnough) {
  std::vector<RowRun> runs;
  for (int64_t s = 0; s < 9; ++s) runs.push_back({s * 5, 5});
  EXPECT_EQ(RowLanes(runs, 9, false).num_runs(), 9);
  EXPECT_EQ(RowLanes(runs, 4, false).num_runs(), 9);
  EXPECT_GT(RowLanes(runs, 16, false).num_runs(), 9);
}

}  // namespace

}  // namespace sinapse
