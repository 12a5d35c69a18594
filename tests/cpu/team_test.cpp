#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <sinapse/team.h>

namespace sinapse {

namespace {

TEST(Team, RunsEveryItemOnceForAnyNumberOfThreads) {
  for (const int num_threads : {1, 2, 3, 8}) {
    Team team(num_threads);
    EXPECT_EQ(team.num_threads(), num_threads);
    for (const int64_t num_items : {0, 1, 2, 7, 100}) {
      std::vector<int> counts(num_items, 0);  // unshared: every item has a place of its own
      std::atomic<bool> threads_are_known = true;
      team.run(num_items, [&](int64_t item, int thread) {
        ++counts[item];
        if (thread < 0 || thread >= num_threads) threads_are_known = false;
      });
      EXPECT_EQ(counts, std::vector<int>(num_items, 1));
      EXPECT_TRUE(threads_are_known);
    }
  }
}

// A thread that comes late to a job of few items must not take one of the many that follow.
TEST(Team, RunsEveryItemOnceWhenManyFollowFew) {
  for (const int num_threads : {2, 3, 8}) {
    Team team(num_threads);
    std::vector<std::atomic<int>> counts(60);
    int64_t wrong = 0;
    for (int job = 0; job < 100'000; ++job) {
      const int64_t num_items = job % 2 ? 3 : 60;
      for (std::atomic<int>& count : counts) count.store(0, std::memory_order_relaxed);
      team.run(num_items,
               [&](int64_t item, int) { counts[item].fetch_add(1, std::memory_order_relaxed); });
      for (int64_t item = 0; item < num_items; ++item) wrong += counts[item] != 1;
    }
    EXPECT_EQ(wrong, 0) << num_threads << " threads";
  }
}

// Long enough that other threads get some items.
int64_t slowly(int64_t number) {
  for (volatile int spin = 0; spin < 300; spin = spin + 1) {
  }
  return number;
}

TEST(Team, ManyShortJobsSeeEachOthersResults) {
  Team team(3);
  constexpr int64_t kJobs = 500, kItems = 9;
  std::vector<int64_t> numbers(kItems, 0);
  for (int64_t job = 0; job < kJobs; ++job) {
    // Item i reads what another thread may have written in the job before.
    const std::vector<int64_t> before = numbers;
    team.run(kItems,
             [&](int64_t item, int) { numbers[item] = slowly(before[(item + 1) % kItems]) + 1; });
  }
  EXPECT_EQ(numbers, std::vector<int64_t>(kItems, kJobs));
}

// One thread is held by the first item until the others have done all pieces.
TEST(Team, WaitingThreadsDoPieces) {
  for (const int num_threads : {2, 3, 8}) {
    Team team(num_threads);
    std::atomic<int64_t> left = 0, done = 0;
    team.in_spare_time([&] {
      if (left.fetch_sub(1) <= 0) return false;
      done.fetch_add(1);
      return true;
    });
    for (int job = 0; job < 50; ++job) {
      done = 0;
      left = 20;
      team.run(2, [&](int64_t item, int) {
        while (item == 0 && done < 20) std::this_thread::yield();
      });
      EXPECT_EQ(done, 20);
    }
  }
}

TEST(Team, NobodyIsInAPieceThatWasReplaced) {
  Team team(3);
  std::vector<std::unique_ptr<std::atomic<int64_t>>> counts;
  for (int job = 0; job < 2000; ++job) {
    auto count = std::make_unique<std::atomic<int64_t>>(0);
    team.in_spare_time([&calls = *count] { return slowly(calls.fetch_add(1)) < 30; });
    team.run(8, [&](int64_t item, int) { slowly(item); });
    team.in_spare_time({});
    const int64_t calls = *count;
    team.run(8, [&](int64_t item, int) { slowly(item); });
    ASSERT_EQ(*count, calls);
    counts.push_back(std::move(count));
  }
}

TEST(Team, ThreadNumbersAreNotSharedAtOneTime) {
  Team team(4);
  std::vector<std::atomic<int>> busy(4);
  std::atomic<bool> clash = false;
  team.run(500, [&](int64_t item, int thread) {
    if (busy[thread].fetch_add(1) != 0) clash = true;
    slowly(item);
    busy[thread].fetch_sub(1);
  });
  EXPECT_FALSE(clash);
}

TEST(Team, RethrowsAnExceptionAndGoesOn) {
  for (const int num_threads : {1, 3}) {
    Team team(num_threads);
    for (const int64_t bad : {0, 9}) {
      EXPECT_THROW(team.run(10,
                            [&](int64_t item, int) {
                              if (item == bad) throw std::runtime_error("item");
                            }),
                   std::runtime_error);
      std::atomic<int> count = 0;
      team.run(10, [&](int64_t, int) { ++count; });
      EXPECT_EQ(count, 10);
    }
  }
}

TEST(Team, SurvivesAnExceptionInEveryItem) {
  Team team(3);
  EXPECT_THROW(team.run(50, [](int64_t, int) { throw std::runtime_error("all"); }),
               std::runtime_error);
}

TEST(Team, WakesThreadsThatFellAsleep) {
  Team team(2);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    std::atomic<int> count = 0;
    team.run(4, [&](int64_t, int) { ++count; });
    EXPECT_EQ(count, 4);
  }
}

TEST(Team, EndsWhileItsThreadsSpinOrSleep) {
  for (int round = 0; round < 20; ++round) {
    Team team(4);  // ends at once, perhaps before its threads have begun
  }
  for (int round = 0; round < 5; ++round) {
    Team team(3);
    team.run(3, [](int64_t, int) {});
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
  }
}

TEST(Team, SeveralTeamsWorkSideBySide) {
  std::atomic<int> count = 0;
  std::vector<std::thread> users;
  for (int user = 0; user < 3; ++user) {
    users.emplace_back([&] {
      Team team(2);
      for (int job = 0; job < 50; ++job) team.run(4, [&](int64_t, int) { ++count; });
    });
  }
  for (std::thread& user : users) user.join();
  EXPECT_EQ(count, 3 * 50 * 4);
}

TEST(Team, TakesOneThreadForEachProcessorByDefault) {
  EXPECT_GE(Team().num_threads(), 1);
}

}  // namespace

}  // namespace sinapse
