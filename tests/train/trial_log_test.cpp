#include "train/trial_log.h"

#include <fstream>

#include <gtest/gtest.h>

#include "data/expect_error.h"
#include "data/temporary_folder.h"

namespace sinapse {

namespace {

const Trial kFirst{.number = 1, .values = {{"a.b", "0.1"}, {"c", "[1, 2]"}}, .score = 1.0 / 3};
const Trial kSecond{.number = 2, .values = {{"a.b", "x\"y"}}, .epochs = 9, .failure = "NaN"};
const Trial kThird{.number = 3, .score = 2, .failure = "", .targets = {{"a", 1}, {"b", 3}}};

TEST(TrialLog, GivesBackWhatWasAppended) {
  const TemporaryFolder folder;
  {
    TrialLog log(folder.path("trials.jsonl"), "{}");
    log.append(kFirst);
    log.append(kSecond);
    log.append(kThird);
  }
  const TrialLog again(folder.path("trials.jsonl"), "{}");
  ASSERT_EQ(again.trials().size(), 3u);
  EXPECT_EQ(again.trials()[2], kThird);
  EXPECT_EQ(again.trials()[0], kFirst);
  EXPECT_EQ(again.trials()[1], kSecond);
}

TEST(TrialLog, DropsALineThatWasNotWrittenToItsEnd) {
  const std::string whole = "{}\n" + trial_line(kFirst);
  const std::string torn = trial_line(kSecond);
  for (size_t length = 0; length < torn.size(); ++length) {
    const TemporaryFolder folder;
    const std::string path = folder.file("trials.jsonl", whole + torn.substr(0, length));
    TrialLog log(path, "{}");
    ASSERT_EQ(log.trials().size(), 1u) << length;
    log.append(kSecond);
    EXPECT_EQ(read_back(path), whole + torn);
  }
  const TemporaryFolder folder;
  const std::string path = folder.file("trials.jsonl", "{\"da");
  TrialLog log(path, "{}");
  log.append(kFirst);
  EXPECT_EQ(read_back(path), whole) << "the first line was torn, too";
}

TEST(TrialLog, RejectsTrialsOfAnotherSearch) {
  const TemporaryFolder folder;
  const std::string path = folder.file("trials.jsonl", "{\"seed\":1}\n" + trial_line(kFirst));
  const std::string message = message_of(ErrorCode::usage, [&] { TrialLog(path, "{\"seed\":2}"); });
  EXPECT_NE(message.find("another search"), std::string::npos) << message;
  EXPECT_EQ(read_back(path), "{\"seed\":1}\n" + trial_line(kFirst));
}

TEST(TrialLog, NamesTheLineThatIsNoTrial) {
  for (const char* line :
       {"", "[]", "{", "{\"trial\":1}", "{\"trial\":1,\"values\":{},\"epochs\":0}",
        "{\"trial\":2,\"values\":{},\"epochs\":0,\"score\":1}",
        "{\"trial\":1,\"values\":{\"a\":1},\"epochs\":0,\"score\":1}"}) {
    const std::string message = message_of(
        ErrorCode::data, [&] { parse_trials("{}\n" + std::string(line) + "\n", "trials.jsonl"); });
    EXPECT_NE(message.find("trials.jsonl:2"), std::string::npos) << message;
  }
}

}  // namespace

}  // namespace sinapse
