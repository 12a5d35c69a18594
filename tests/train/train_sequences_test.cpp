// Training on rows that make sequences.
#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/session.h>

#include "data/table_reader.h"
#include "network/trained_network.h"
#include "train/encode.h"
#include "train/sequence_stepper.h"
#include "train/sequence_tables.h"

namespace sinapse {
namespace {

Table machines(int count = 60) {
  return parse_table(machines_csv(count), "machines.csv");
}

// The rows of one machine alone, and its steps one by one.
Table part_of(const Table& table, std::span<const int64_t> rows) {
  std::vector<Column> columns = table.columns();
  for (Column& column : columns) {
    const auto pick = [&](auto& cells) {
      auto all = std::move(cells);
      cells.clear();
      for (const int64_t row : rows)
        if (!all.empty()) cells.push_back(all[row]);
    };
    pick(column.numbers);
    pick(column.codes);
  }
  return Table(std::move(columns));
}

struct Kind {
  const char* target;
  std::vector<LayerDescription> layers;
};

std::vector<Kind> kinds() {
  const auto cell = [](const char* type, bool all, int64_t stacked = 1) {
    return LayerDescription{
        type, "", {}, {{"units", int64_t{7}}, {"return_sequences", all}, {"num_layers", stacked}}};
  };
  const LayerDescription step{
      "dense_per_step", "", {}, {{"units", int64_t{5}}, {"activation", std::string("tanh")}}};
  return {{"sum", {cell("gru", false)}},
          {"sum", {step, cell("lstm", false, 2)}},
          {"sum", {cell("rnn", true), cell("lstm", false)}},
          {"level", {cell("gru", true), step}},
          {"so_far", {cell("lstm", true), cell("rnn", true)}},
          {"sum", {}}};
}

TEST(TrainSequences, OneRowAtATimeGivesTheAnswerOfTheWhole) {
  const Table table = machines();
  for (const Kind& kind : kinds()) {
    RunOptions options = machine_options(kind.target);
    options.network.layers = kind.layers;
    const Model model = train(table, options).model;
    const SequenceColumns& columns = *model.trained().sequences;
    const RowSequences sequences = sequences_of(table, columns.id, columns.order);
    const Predictions all = model.predict(table);
    const auto answer_of = [&](const Predictions& answers, int64_t i) {
      return answers.classes.empty() ? answers.values[i] : answers.probabilities[2 * i + 1];
    };
    const Session fresh(model);
    for (int64_t s = 0; s < sequences.size(); ++s) {
      Session session = fresh;
      const auto rows = sequences.rows_of(s);
      for (size_t t = 0; t < rows.size(); ++t) {
        const float now = session.step(part_of(table, rows.subspan(t, 1))).back();
        if (columns.per_row) {
          EXPECT_EQ(now, answer_of(all, rows[t]));
        } else {
          EXPECT_EQ(now, answer_of(model.predict(part_of(table, rows.first(t + 1))), 0));
        }
      }
      if (!columns.per_row) {
        EXPECT_EQ(session.step(part_of(table, rows.first(1))).size(), 2u);
      }
    }
  }
}

TEST(TrainSequences, AnAnswerDependsOnItsOwnSequenceAlone) {
  const Table table = machines();
  for (const char* target : {"sum", "so_far"}) {
    const Model model = train(table, machine_options(target)).model;
    const RowSequences sequences = sequences_of(table, "machine", "t");
    const Predictions all = model.predict(table);
    for (const int64_t s : {0, 7, 33}) {
      const auto rows = sequences.rows_of(s);
      const Predictions alone = model.predict(part_of(table, rows));
      for (int64_t i = 0; i < alone.num_rows(); ++i) {
        const int64_t place = std::string(target) == "sum" ? s : rows[i];
        EXPECT_EQ(alone.probabilities[2 * i], all.probabilities[2 * place]);
      }
    }
  }
}

TEST(TrainSequences, LearnsASumOfASequence) {
  RunOptions options = machine_options("sum");
  options.training.epochs = 60;
  options.training.learning_rate = 0.01;
  options.data.test_split = 0.2;
  const TrainResult result = train(machines(300), options);
  EXPECT_GT(result.metrics.at("test").at("accuracy"), 0.9);
  options = machine_options("level");
  options.training.epochs = 60;
  options.training.learning_rate = 0.01;
  options.data.test_split = 0.2;
  EXPECT_GT(train(machines(300), options).metrics.at("test").at("r2"), 0.9);
}

TEST(TrainSequences, AnswersEachRowIfTheTargetChanges) {
  const Table table = machines();
  EXPECT_FALSE(train(table, machine_options("sum")).model.trained().sequences->per_row);
  const TrainResult rows = train(table, machine_options("so_far"));
  EXPECT_TRUE(rows.model.trained().sequences->per_row);
  EXPECT_EQ(rows.resolved.data.answer_per, "row");
  EXPECT_EQ(rows.model.predict(table).num_rows(), table.num_rows());
  EXPECT_EQ(train(table, machine_options("sum")).model.predict(table).num_rows(), 60);
}

TEST(TrainSequences, ClassesOfEachRowMayBeMany) {
  std::string csv = "id,x,y\n";
  for (int i = 0; i < 200; ++i) csv += fmt::format("{},{},{}\n", i / 9, i % 3, "abc"[i % 3]);
  RunOptions options;
  options.data.target = "y";
  options.data.sequence_by = "id";
  options.training.epochs = 60;
  options.training.learning_rate = 0.01;
  options.training.threads = 1;
  const TrainResult result = train(parse_table(csv, "s.csv"), options);
  EXPECT_GT(result.metrics.at("train").at("accuracy"), 0.95);
}

// Which sequences are for what is a function of seed and number alone: those whose rows, changed,
// change nothing that is learned are not those of the training part.
TEST(TrainSequences, NothingIsLearnedFromTheRowsOfOtherParts) {
  const std::string csv = machines_csv();
  RunOptions options = machine_options("sum");
  options.data.test_split = 0.3;
  options.training.early_stopping = options.training.restore_best_weights = false;
  const auto features_of = [](const TrainResult& run) {
    return run.model.trained().features->to_json();
  };
  const TrainResult before = train(parse_table(csv, "s.csv"), options);
  int unmoved = 0;
  for (const char* machine : {"m3,", "m5,", "m11,", "m17,", "m23,", "m29,", "m31,", "m37,"}) {
    std::string changed = csv;
    const std::string start = std::string("\n") + machine;
    for (size_t at = changed.find(start); at != std::string::npos;
         at = changed.find(start, at + 1)) {
      const size_t x = changed.find(',', at + start.size()) + 1;
      changed.replace(x, changed.find(',', x) - x, "9");
    }
    const TrainResult after = train(parse_table(changed, "s.csv"), options);
    const bool same = after.weights_sha256 == before.weights_sha256;
    EXPECT_EQ(same, features_of(after) == features_of(before));
    EXPECT_EQ(same, after.metrics.at("train") == before.metrics.at("train"));
    unmoved += same;
  }
  EXPECT_GT(unmoved, 0);
  EXPECT_LT(unmoved, 8);
}

TEST(TrainSequences, SameBitsOnAnyNumberOfThreads) {
  for (const char* target : {"sum", "so_far"}) {
    RunOptions options = machine_options(target);
    const std::string one = train(machines(200), options).weights_sha256;
    for (const int threads : {2, 3}) {
      options.training.threads = threads;
      EXPECT_EQ(train(machines(200), options).weights_sha256, one);
    }
  }
}

// The interpreter fills up to the longest sequence of all.
TEST(TrainSequences, ShortBatchesLearnAsLongOnes) {
  for (const char* target : {"sum", "level"}) {
    RunOptions options = machine_options(target);
    const TrainResult fast = train(machines(), options);
    options.training.reference = true;
    const TrainResult reference = train(machines(), options);
    EXPECT_NEAR(fast.history.back().loss, reference.history.back().loss, 1e-5);
    for (const auto& [name, weights] : fast.model.trained().weights)
      for (size_t i = 0; i < weights.size(); ++i)
        EXPECT_NEAR(weights[i], reference.model.trained().weights.at(name)[i], 1e-4) << name;
  }
}

// Of all batches together: the longest sequence's steps less the shortest one's.
int64_t spread_of_batches(const Dataset& data, const std::vector<int64_t>& rows, int64_t size) {
  int64_t spread = 0;
  for (size_t first = 0; first + size <= rows.size(); first += size) {
    const auto [least, most] = std::minmax_element(
        rows.begin() + first, rows.begin() + first + size,
        [&](int64_t a, int64_t b) { return data.num_steps(a) < data.num_steps(b); });
    spread += data.num_steps(*most) - data.num_steps(*least);
  }
  return spread;
}

TEST(TrainSequences, BatchesHoldSequencesOfSimilarLength) {
  const Table table = machines(200);
  const Model model = train(table, machine_options("sum")).model;
  const Dataset data = encode_inputs(model.trained(), table);
  std::vector<int64_t> rows(200);
  for (int64_t i = 0; i < 200; ++i) rows[i] = (i * 37) % 200;
  const std::vector<int64_t> shuffled = rows;
  put_similar_lengths_together(data, 16, 1, 1, rows);
  EXPECT_LT(3 * spread_of_batches(data, rows, 16), spread_of_batches(data, shuffled, 16));
  EXPECT_NE(rows, shuffled);
  EXPECT_TRUE(std::is_permutation(rows.begin(), rows.end(), shuffled.begin()));
  std::vector<int64_t> again = shuffled;
  put_similar_lengths_together(data, 16, 1, 2, again);
  EXPECT_NE(again, rows);
}

void expect_words(const RunOptions& options, const std::string& csv,
                  const std::vector<std::string>& words) {
  try {
    train(parse_table(csv, "s.csv"), options);
    ADD_FAILURE() << "no error: " << words[0];
  } catch (const Error& error) {
    for (const std::string& word : words)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(TrainSequences, RejectsATargetThatChangesWhereItMustNot) {
  RunOptions options = machine_options("so_far");
  options.data.answer_per = "sequence";
  options.network.layers[0].fields.erase("return_sequences");
  expect_words(options, machines_csv(), {"s.csv:", "so_far", "one answer", "answer_per: row"});
  options.data.answer_per = "rows";
  expect_words(options, machines_csv(), {"answer_per", "\"rows\""});
}

TEST(TrainSequences, RejectsWhatCannotBe) {
  RunOptions options = machine_options("sum");
  options.network.layers = {{"flatten", "", {}, {}}, {"dense", "", {}, {{"units", int64_t{4}}}}};
  expect_words(options, machines_csv(), {"dense1.weight", "sequence_pool"});
  options = machine_options("sum");
  options.data.weight = "t";
  expect_words(options, machines_csv(), {"data.weight"});
  options = machine_options("sum");
  options.data.sequence_by = "machin";
  expect_words(options, machines_csv(), {"machine"});
}

}  // namespace
}  // namespace sinapse
