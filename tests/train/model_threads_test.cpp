// One model, many threads: every one gets what one alone gets.
#include <thread>

#include <gtest/gtest.h>

#include <sinapse/train.h>

#include "data/temporary_folder.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

constexpr int kCallers = 4, kCalls = 10;

Model trained_on(const Table& table) {
  RunOptions options;
  options.data.target = "class";
  options.network.hidden = {16};
  options.training.epochs = 2;
  return train(table, options).model;
}

// Calls `work(caller, call)` on several threads at once.
void on_threads(const std::function<void(int, int)>& work) {
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&work, caller] {
      for (int call = 0; call < kCalls; ++call) work(caller, call);
    });
  }
  for (std::thread& caller : callers) caller.join();
}

TEST(ModelThreads, PredictTheSameAtOnce) {
  const TemporaryFolder folder;
  const Table table = read_table(folder.file("mixed.csv", mixed_csv(3)));
  const Model model = trained_on(table);
  const Predictions alone = model.predict(table);
  std::vector<int> differing(kCallers);
  on_threads([&](int caller, int call) {
    const Predictions now = model.predict(table, 1 + call % 2);
    differing[caller] += now.labels != alone.labels || now.probabilities != alone.probabilities;
  });
  EXPECT_EQ(differing, std::vector<int>(kCallers));
}

TEST(ModelFiles, AreLoadedWhileTheyAreReplaced) {
  const TemporaryFolder folder;
  const Table table = read_table(folder.file("mixed.csv", mixed_csv(2)));
  const Model model = trained_on(table);
  const std::string path = folder.path("model.onnx");
  model.save(path);
  const auto alone = model.evaluate(table);
  std::vector<int> differing(kCallers);
  on_threads([&](int caller, int call) {
    if (caller == 0 && call < 3) model.save(path);
    differing[caller] += Model::load(path).evaluate(table) != alone;
  });
  EXPECT_EQ(differing, std::vector<int>(kCallers));
}

}  // namespace

}  // namespace sinapse
