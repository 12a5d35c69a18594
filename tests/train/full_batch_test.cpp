// Optimizers that take all rows at once: fifty steps in double precision against PyTorch's L-BFGS
// and numpy's Levenberg-Marquardt, and whole trainings.
#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/error.h>

#include "compile/interpreter.h"
#include "data/expect_error.h"
#include "train/golden.h"
#include "train/lbfgs.h"
#include "train/levenberg_marquardt.h"
#include "train/make_stepper.h"

namespace sinapse {

namespace {

using golden::Json;

// A golden network as the algorithms see it: weights in a row, loss and derivatives.
class Problem {
 public:
  Problem(const Json& network, const Json& run)
      : network_(network),
        optimizer_(parse_optimizer(run.at("optimizer").at("text").get<std::string>())),
        rows_(network.at("inputs").at("shape")[0]),
        graph_(build_training_graph(golden::describe(network.at("layers")),
                                    {{"x", {network.at("inputs").at("shape")[1].get<int64_t>()}}},
                                    golden::loss_name(network.at("loss")), optimizer_)) {}

  const Optimizer& optimizer() const { return optimizer_; }

  Numbers initial() const {
    Numbers weights;
    for (const Updated& one : parameters()) {
      const auto values = golden::numbers_of(network_.at("initial").at(one.parameter.name));
      weights.insert(weights.end(), values.begin(), values.end());
    }
    return weights;
  }

  double loss_and_gradient(const Numbers& weights, Numbers& gradient) const {
    Interpreter<double> interpreter = at(weights, 0, rows_);
    gradient = gathered(interpreter);
    double sum = 0;
    for (const double loss : interpreter.value(graph_.loss)) sum += loss;
    return sum / static_cast<double>(rows_);
  }

  double loss(const Numbers& weights) const {
    Numbers gradient;
    return loss_and_gradient(weights, gradient);
  }

  NormalEquations linearise(const Numbers& weights) const {
    NormalEquations equations(weights.size());
    Team team(1);
    const int64_t outputs = row_size(graph_.graph.shape(graph_.output));
    for (int64_t r = 0; r < rows_; ++r) {
      for (int64_t k = 0; k < outputs; ++k) {
        Interpreter<double> interpreter = at(weights, r, 1, k);
        const double error =
            interpreter.value(graph_.output)[k] - interpreter.value(graph_.target)[k];
        equations.add_rows(gathered(interpreter), {error},
                           {1 / static_cast<double>(rows_ * outputs)}, team);
      }
    }
    return equations;
  }

  void expect_final(const Json& expected, const Numbers& weights) const {
    size_t i = 0;
    for (const Updated& one : parameters()) {
      for (const double value : golden::numbers_of(expected.at(one.parameter.name))) {
        ASSERT_NEAR(weights[i++], value, golden::kTolerance) << one.parameter.name;
      }
    }
    EXPECT_EQ(i, weights.size());
  }

 private:
  const std::vector<Updated>& parameters() const { return graph_.full_batch.parameters; }

  // After a run on some rows, each with weight 1 / count.
  Interpreter<double> at(const Numbers& weights, int64_t first, int64_t count,
                         int64_t picked = 0) const {
    Interpreter<double> interpreter(graph_.graph);
    size_t next = 0;
    for (const Updated& one : parameters()) {
      for (double& value : interpreter.value(one.parameter.value)) value = weights[next++];
    }
    const auto put = [&](ValueId id, const char* name) {
      const Numbers all = golden::numbers_of(network_.at(name));
      const auto width = static_cast<int64_t>(all.size()) / rows_;
      interpreter.value(id).assign(all.begin() + first * width,
                                   all.begin() + (first + count) * width);
    };
    put(graph_.inputs[0], "inputs");
    put(graph_.target, "targets");
    interpreter.value(graph_.row_weight).assign(count, 1.0 / static_cast<double>(count));
    if (graph_.full_batch.picked_output != kNoValue) {
      interpreter.value(graph_.full_batch.picked_output)[picked] = 1;
    }
    interpreter.run(count);
    return interpreter;
  }

  Numbers gathered(Interpreter<double>& interpreter) const {
    Numbers gradient;
    for (const Updated& one : parameters()) {
      const auto& values = interpreter.value(one.gradient);
      gradient.insert(gradient.end(), values.begin(), values.end());
    }
    return gradient;
  }

  const Json& network_;
  const Optimizer optimizer_;
  const int64_t rows_;
  const TrainingGraph graph_;
};

void compare(const Json& network, const Json& run) {
  const Problem problem(network, run);
  Numbers weights = problem.initial();
  const LossAndGradient evaluate = [&](const Numbers& at, Numbers& gradient) {
    return problem.loss_and_gradient(at, gradient);
  };
  const LeastSquares squares{[&](const Numbers& at) { return problem.loss(at); },
                             [&](const Numbers& at) { return problem.linearise(at); }};
  const bool marquardt = is_levenberg_marquardt(problem.optimizer());
  LbfgsMemory memory;
  double damping = problem.optimizer().constants[0];
  for (const double loss : run.at("losses").get<std::vector<double>>()) {
    ASSERT_NEAR(problem.loss(weights), loss, golden::kTolerance);
    if (marquardt) {
      levenberg_marquardt_step(LevenbergMarquardtOptions(problem.optimizer()), squares, weights,
                               damping);
    } else {
      lbfgs_step(LbfgsOptions(problem.optimizer()), run.at("optimizer").at("learning_rate"),
                 evaluate, weights, memory);
    }
  }
  problem.expect_final(run.at("final"), weights);
}

TEST(FullBatch, FiftyStepsEqualPyTorchAndNumpy) {
  int runs = 0;
  for (const Json& network : golden::networks("full_batch.json")) {
    for (const Json& run : network.at("runs")) {
      SCOPED_TRACE(network.at("name").get<std::string>() + " by " + run.at("optimizer").dump());
      compare(network, run);
      ++runs;
    }
  }
  EXPECT_GE(runs, 11);
}

TEST(LineSearch, FindsAPointThatSatisfiesTheStrongWolfeConditions) {
  // Far from the minimum at 7 of a curve that is steep on one side and flat on the other.
  const LossAndGradient curve = [](const Numbers& x, Numbers& gradient) {
    gradient = {1 - std::exp(-(x[0] - 7))};
    return x[0] + std::exp(-(x[0] - 7));
  };
  for (const double first_step : {1e-3, 0.1, 10.0}) {
    LinePoint start{.gradient = {0}};
    start.loss = curve({0}, start.gradient);
    const Numbers direction{1};
    start.slope = start.gradient[0];
    const LinePoint end = strong_wolfe(curve, {0}, direction, start, first_step).point;
    EXPECT_LE(end.loss, start.loss + 1e-4 * end.step * start.slope);
    EXPECT_LE(std::abs(end.slope), 0.9 * std::abs(start.slope));
  }
}

TEST(LineSearch, AnInfiniteLossIsTooFar) {
  const LossAndGradient well = [](const Numbers& x, Numbers& gradient) {
    gradient = {x[0] > 1 ? NAN : 2 * (x[0] - 0.5)};
    return x[0] > 1 ? NAN : (x[0] - 0.5) * (x[0] - 0.5);
  };
  LinePoint start{.gradient = {-1}, .slope = -1};
  start.loss = 0.25;
  const LinePoint end = strong_wolfe(well, {0}, {1}, start, 50).point;
  EXPECT_GT(end.step, 0);
  EXPECT_LE(end.step, 1);
}

Column numbers(const std::string& name, int64_t rows, double (*f)(int64_t)) {
  Column column{.name = name, .kind = ColumnKind::number};
  for (int64_t r = 0; r < rows; ++r) column.numbers.push_back(f(r));
  return column;
}

Table curve(int64_t rows) {
  return Table({numbers("x", rows, [](int64_t r) { return std::sin(0.7 * r); }),
                numbers("z", rows, [](int64_t r) { return std::cos(1.3 * r); }),
                numbers("y", rows, [](int64_t r) {
                  return std::sin(2 * std::sin(0.7 * r)) * std::cos(1.3 * r);
                })});
}

RunOptions options(const std::string& optimizer, int threads = 1) {
  RunOptions run;
  run.data.target = "y";
  run.network.hidden = {10};
  run.network.activation = "tanh";
  run.training.optimizer = optimizer;
  run.training.epochs = 60;
  run.training.threads = threads;
  return run;
}

TEST(FullBatch, LearnsWhatAdamDoesNotInAsManyEpochs) {
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt"}) {
    const TrainResult result = train(curve(3000), options(optimizer));
    EXPECT_GT(result.metrics.at("validation").at("r2"), 0.99) << optimizer;
    EXPECT_EQ(result.resolved.training.batch_size, 2700);
    EXPECT_EQ(result.resolved.training.schedule, "constant");
  }
}

TEST(FullBatch, SameBitsOnAnyNumberOfThreads) {
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt"}) {
    RunOptions run = options(optimizer);
    run.training.epochs = 4;
    const std::string one = train(curve(2500), run).weights_sha256;
    for (const int threads : {2, 3, 8}) {
      run.training.threads = threads;
      EXPECT_EQ(train(curve(2500), run).weights_sha256, one) << optimizer;
    }
  }
}

TEST(FullBatch, ReferenceKernelsLearnTheSame) {
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt"}) {
    RunOptions run = options(optimizer);
    run.training.epochs = 4;
    run.training.l2 = 0.001;
    const double loss = train(curve(200), run).history.back().loss;
    run.training.reference = true;
    EXPECT_NEAR(train(curve(200), run).history.back().loss, loss, 1e-4 * loss) << optimizer;
  }
}

// Every row twice, with two targets, each missing now and then. Both weigh 1, or, `merged`, the
// first 2 and the second 0; some weigh 0 at all events.
Table two_targets(bool merged) {
  std::vector<Column> columns(5);
  const char* names[] = {"x", "z", "y", "t", "weight"};
  for (size_t c = 0; c < 5; ++c) {
    columns[c].name = names[c];
    columns[c].kind = ColumnKind::number;
  }
  for (int64_t i = 0; i < 120; ++i) {
    const int64_t r = i / 2;
    const double row = static_cast<double>(r), x = std::sin(0.7 * row), z = std::cos(1.3 * row);
    const double weight = !merged ? 1 : i % 2 == 0 ? 2 : 0;
    columns[0].numbers.push_back(x);
    columns[1].numbers.push_back(z);
    columns[2].numbers.push_back(r % 5 == 1 ? std::nan("") : std::sin(2 * x) * z);
    columns[3].numbers.push_back(r % 7 == 2 ? std::nan("") : x * x - z);
    columns[4].numbers.push_back(r % 11 == 3 ? 0 : weight);
  }
  return Table(columns);
}

RunOptions weighted(const std::string& optimizer) {
  RunOptions run = options(optimizer);
  run.data.target = "y,t";
  run.data.weight = "weight";
  run.data.validation_split = 0;
  run.training.epochs = 12;
  return run;
}

TEST(FullBatch, AWeightOfTwoIsTheRowTwice) {
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt"}) {
    const TrainResult twice = train(two_targets(false), weighted(optimizer));
    const TrainResult merged = train(two_targets(true), weighted(optimizer));
    ASSERT_EQ(twice.history.size(), merged.history.size());
    for (size_t epoch = 0; epoch < 6; ++epoch) {
      const double loss = twice.history[epoch].loss;
      EXPECT_NEAR(merged.history[epoch].loss, loss, 5e-3 * loss) << optimizer << " " << epoch;
    }
    EXPECT_LT(twice.history.back().loss, 0.7 * twice.history.front().loss) << optimizer;
  }
}

TEST(FullBatch, RowsOfWeightZeroTeachNothing) {
  const Table table = two_targets(false);
  std::vector<Column> columns = table.columns();
  std::swap(columns[2].numbers[6], columns[2].numbers[28]);  // the target's mean stays
  for (const char* optimizer : {"lbfgs", "levenberg_marquardt"}) {
    RunOptions run = weighted(optimizer);
    run.training.epochs = 3;
    run.network.hidden = {4};
    const double loss = train(table, run).history.back().loss;
    EXPECT_NEAR(train(Table(columns), run).history.back().loss, loss, 1e-3 * loss) << optimizer;
  }
}

// What a checkpoint needs: the snapshot of a stepper, written into another, goes on to the same
// bits.
TEST(FullBatch, ASnapshotHoldsEverything) {
  Dataset data{.rows = 40, .inputs = {{.columns = 2}}};
  for (int i = 0; i < 80; ++i) data.inputs[0].numbers.push_back(std::sin(1.7f * i));
  for (int i = 0; i < 40; ++i) data.target.push_back(std::cos(0.9f * i));
  std::vector<int64_t> rows(40);
  for (int64_t i = 0; i < 40; ++i) rows[i] = i;
  const NetworkDescription network{
      {{"dense", "hidden", {}, {{"units", int64_t{6}}, {"activation", std::string("tanh")}}},
       {"dense", "output", {}, {{"units", int64_t{1}}}}}};
  Team team(1);
  for (const char* text : {"lbfgs(history=2)", "levenberg_marquardt"}) {
    const Optimizer optimizer = parse_optimizer(text);
    const TrainingGraph graph =
        build_training_graph(network, {{"x", {2}}}, "mean_squared_error", optimizer);
    const TrainingOptions training{.batch_size = 40};
    const auto first = make_stepper(graph, optimizer, training, team);
    const auto second = make_stepper(graph, optimizer, training, team);
    initialize(*first, graph, 1);
    const StepState state{.step = 1, .learning_rate = 1};
    for (int i = 0; i < 5; ++i) first->step({data, rows}, state);
    restore(*second, take_snapshot(*first, graph));
    for (int i = 0; i < 3; ++i) first->step({data, rows}, state);
    for (int i = 0; i < 3; ++i) second->step({data, rows}, state);
    EXPECT_EQ(weights_of(*first, graph), weights_of(*second, graph)) << text;
  }
}

void expect_refused(RunOptions run, const std::vector<std::string>& words) {
  const std::string message = message_of(ErrorCode::usage, [&] { train(curve(60), run); });
  for (const std::string& word : words) EXPECT_NE(message.find(word), std::string::npos) << message;
}

TEST(FullBatch, RefusesWhatItCannotDo) {
  RunOptions run = options("lbfgs");
  run.training.clip_norm = 1;
  expect_refused(run, {"lbfgs", "clip_norm"});
  run = options("lbfgs");
  run.training.batch_size = 16;
  expect_refused(run, {"lbfgs", "all 54 training rows", "batch_size = 16"});
  run = options("levenberg_marquardt");
  run.training.loss = "huber";
  expect_refused(run, {"levenberg_marquardt", "huber", "mean_squared_error"});
  run = options("levenberg_marquardt");
  run.network.hidden = {600};
  expect_refused(run, {"levenberg_marquardt", "2000", "2401"});
  run = options("levenberg_marquardt");
  run.network.dropout = 0.5;
  expect_refused(run, {"levenberg_marquardt", "dropout"});
  run = options("levenberg_marquardt");
  run.training.l1 = 0.1;
  expect_refused(run, {"levenberg_marquardt", "l1"});
}

TEST(FullBatch, NamesTheRowWhenTheLossIsNotFinite) {
  RunOptions run = options("lbfgs(line_search=none)");
  run.training.learning_rate = 1e30;
  EXPECT_NE(message_of(ErrorCode::numeric, [&] { train(curve(60), run); }).find("row "),
            std::string::npos);
}

}  // namespace

}  // namespace sinapse
