#include "figures/history_figure.h"

#include <cmath>

#include <gtest/gtest.h>

#include "data/temporary_folder.h"
#include "network/expect_words.h"

namespace sinapse {

namespace {

const std::string kText =
    "epoch,loss,val_loss,val_accuracy,learning_rate,seconds\n"
    "1,0.7,0.6,0.8,0.001,0.1\n2,0.5,,0.9,0.001,0.2\n";

TEST(History, IsReadFromTheFolderOfARun) {
  const TemporaryFolder folder;
  folder.file("history.csv", kText);
  const History history = read_history(folder.path(""));
  EXPECT_EQ(history.column("loss")->at(1), 0.5);
  EXPECT_TRUE(std::isnan(history.column("val_loss")->at(1)));
  EXPECT_EQ(history.column("val_rmse"), nullptr);
}

TEST(History, ErrorsNameFileAndLine) {
  const TemporaryFolder folder;
  expect_error(ErrorCode::file, {"nothing"}, [&] { read_history(folder.path("nothing")); });
  const std::string ragged = folder.file("ragged.csv", "epoch,loss\n1,2\n3\n");
  expect_error(ErrorCode::data, {"ragged.csv:3", "2 cells"}, [&] { read_history(ragged); });
  const std::string words = folder.file("words.csv", "epoch,loss\n1,many\n");
  expect_error(ErrorCode::data, {"words.csv:2", "many"}, [&] { read_history(words); });
  const std::string other = folder.file("other.csv", "a,b\n1,2\n");
  expect_error(ErrorCode::data, {"other.csv:1", "epoch"}, [&] { read_history(other); });
}

TEST(HistoryCharts, OneForLossesEachMetricAndTheRate) {
  const TemporaryFolder folder;
  const History run = read_history(folder.file("history.csv", kText));
  const auto charts = history_charts({run});
  ASSERT_EQ(charts.size(), 3u);
  EXPECT_EQ(charts[0].series.size(), 2u);
  EXPECT_EQ(charts[1].title, "Validation: accuracy");
  EXPECT_EQ(history_charts({run, run})[0].series.size(), 4u);
}

TEST(HistoryCharts, LossesThatFallOverDecadesHaveALogarithmicAxis) {
  const TemporaryFolder folder;
  const std::string steep = folder.file("history.csv", "epoch,loss\n1,1\n2,0.001\n");
  EXPECT_TRUE(history_charts({read_history(steep)})[0].logarithmic_y);
}

}  // namespace

}  // namespace sinapse
