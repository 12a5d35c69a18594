// Sinapse's own times for the workloads that bench/run compares. What is timed is what a user's
// loop does: picking shuffled rows, forward, backward, update; or encoded rows in, outputs out.
#include <cmath>
#include <filesystem>

#include <sinapse/model.h>
#include <sinapse/optimizer.h>
#include <sinapse/table.h>

#include "bench_program.h"
#include "csv_text.h"
#include "data/philox.h"
#include "image_networks.h"
#include "network/trained_network.h"
#include "train/predictor.h"
#include "train/stepper.h"

namespace {

using namespace sinapse;

std::string peer = "sinapse-" SINAPSE_VERSION;

struct Workload {
  NetworkDescription network;
  Shape row;
  int64_t classes, batch, rows;
  std::string loss, optimizer = "adam";
  double learning_rate = 1e-3;
};

Workload w1() {
  return {dense_network({512, 256}, "relu", 10), {784}, 10, 128, 60000, "categorical_crossentropy"};
}
Workload w2() {
  return {dense_network({64, 32}, "relu", 1), {30}, 2, 32, 4096, "binary_crossentropy"};
}
Workload w3() {
  return {bench::small_cnn(), {1, 28, 28}, 10, 64, 8192, "categorical_crossentropy"};
}
Workload w4() {
  return {bench::resnet20(),          {3, 32, 32}, 10,  64, 4096,
          "categorical_crossentropy", "momentum",  0.01};
}
Workload w5(const std::string& cell) {
  return {
      {{{cell, "", {}, {{"units", int64_t{128}}}}, {"dense", "", {}, {{"units", int64_t{10}}}}}},
      {50, 32},
      10,
      64,
      4096,
      "categorical_crossentropy"};
}
// W5 is named with its cell: W5-lstm, W5-gru-batch256.
std::string cell_of(const std::string& workload) {
  for (const char* cell : {"lstm", "gru"}) {
    if (workload.find(cell) != std::string::npos) return cell;
  }
  return "rnn";
}
Workload workload_named(const std::string& workload) {
  const std::string name = workload.substr(0, 2);
  if (name == "W5") return w5(cell_of(workload));
  if (name == "W2") return w2();
  if (name == "W3") return w3();
  return name == "W4" ? w4() : w1();
}

Dataset synthetic_data(const Workload& work) {
  Dataset data{.rows = work.rows};
  const int64_t inputs = row_size(work.row);
  data.inputs.push_back({.columns = inputs});
  data.inputs[0].numbers.resize(work.rows * inputs);
  const RandomStream random(1, Purpose::resample, 0);
  int64_t element = 0;
  for (float& x : data.inputs[0].numbers) x = static_cast<float>(random.uniform(element++) - 0.5);
  for (int64_t row = 0; row < work.rows; ++row) {
    const double x = data.inputs[0].numbers[row * inputs] + 0.5;
    data.target.push_back(static_cast<float>(std::floor(x * static_cast<double>(work.classes))));
  }
  return data;
}

ProductPrecision precision_of(const bench::Options& options) {
  return parse_precision(options.get("precision", "float32"));
}

double seconds_per_step(const Workload& work, const bench::Options& options) {
  const Optimizer optimizer = parse_optimizer(work.optimizer);
  const TrainingGraph graph =
      build_training_graph(work.network, {{"x", work.row}}, work.loss, optimizer);
  Team team(options.threads());
  const auto stepper = compiled_stepper(graph, optimizer, work.batch, team, precision_of(options));
  initialize(*stepper, graph, 1);
  const Dataset data = synthetic_data(work);
  const std::vector<int64_t> order = RandomStream(1, Purpose::shuffle, 1).permutation(work.rows);
  const int64_t steps = work.rows / work.batch;
  int64_t step = 0;
  double loss = 0;
  const double seconds = bench::average_seconds(options.seconds(), [&] {
    const auto rows = std::span(order).subspan(step % steps * work.batch, work.batch);
    ++step;
    for (const float row_loss : stepper->step({data, rows}, {1, step, work.learning_rate}))
      loss += row_loss;
  });
  if (!std::isfinite(loss)) std::exit(1);
  return seconds;
}

std::unique_ptr<Predictor> untrained_predictor(const Workload& work, int64_t max_rows) {
  const std::vector<InputDescription> inputs{{"x", work.row}};
  auto predictor = std::make_unique<Predictor>(work.network, inputs, max_rows);
  Team team(1);
  const TrainingGraph graph =
      build_training_graph(work.network, {{"x", work.row}}, work.loss, parse_optimizer("sgd"));
  const auto stepper = compiled_stepper(graph, parse_optimizer("sgd"), 1, team);
  initialize(*stepper, graph, 1);
  predictor->set_weights(weights_of(*stepper, graph));
  return predictor;
}

// One call: the network on rows that lie in its input, as the rivals' bound tensors do.
template <class Measure>
double seconds_per_prediction(const Workload& work, int64_t rows, const bench::Options& options,
                              Measure measure) {
  const std::unique_ptr<const Predictor> predictor = untrained_predictor(work, rows);
  Team team(options.threads());
  Executor executor = predictor->executor(team);
  const View<float> x = executor.rows(predictor->inputs()[0], rows);
  for (int64_t r = 0; r < rows; ++r) std::fill_n(x.row(r), x.columns, 0.25f);
  float sum = 0;
  const double seconds = measure(options.seconds(), [&] {
    executor.run(rows);
    sum += executor.rows(predictor->output(), rows).at(0, 0);
  });
  if (!std::isfinite(sum)) std::exit(1);
  return seconds;
}

// The model file of the start-up contest: W1 behind 784 bytes of pixels.
void write_model(const std::string& path) {
  TrainedNetwork trained;
  const Workload work = w1();
  trained.network = with_names({[&] {
    auto layers = work.network.layers;
    layers.insert(layers.begin(), {"flatten", "", {}, {}});
    return layers;
  }()});
  trained.pixels =
      ArrayFeatures{.shape = {28, 28}, .type = ElementType::uint8, .mean = {73}, .scale = {0.01f}};
  std::vector<std::string> classes;
  for (int c = 0; c < 10; ++c) classes.push_back(std::to_string(c));
  trained.target = Target::of_classes("label", classes);
  const TrainingGraph graph = build_training_graph(trained.network, input_descriptions(trained),
                                                   work.loss, parse_optimizer("sgd"));
  Team team(1);
  const auto stepper = compiled_stepper(graph, parse_optimizer("sgd"), 1, team);
  initialize(*stepper, graph, 1);
  trained.weights = weights_of(*stepper, graph);
  Model(std::make_shared<const TrainedNetwork>(std::move(trained))).save(path);
}

void first_prediction(const std::string& path) {
  Array image{.type = ElementType::uint8, .shape = {1, 28, 28}, .bytes = {}};
  image.bytes.resize(784, std::byte{64});
  const Predictions predictions = Model::load(path).predict(image);
  if (predictions.num_rows() != 1) std::exit(1);
}

// From the file, which is in the system's cache, to typed columns.
double seconds_per_table(const std::string& path, const bench::Options& options) {
  return bench::median_seconds(options.seconds(), [&] {
    if (read_table(path).num_rows() == 0) std::exit(1);
  });
}

}  // namespace

int main(int count, char** arguments) {
  const bench::Options options(count, arguments);
  const std::string workload = options.workload();
  const Workload work = workload_named(workload);
  if (precision_of(options) == ProductPrecision::bf16) peer += "-bf16";
  if (workload == "W1" || workload == "W3" || workload == "W4") {
    const double seconds = seconds_per_step(work, options);
    bench::print_result(peer, options, "train_samples_per_s",
                        static_cast<double>(work.batch) / seconds);
  } else if (workload == "W2") {
    const double seconds = seconds_per_step(work, options);
    bench::print_result(peer, options, "train_step_us", seconds * 1e6);
  } else if (workload.ends_with("-batch256")) {
    const double seconds = seconds_per_prediction(
        work, 256, options, [](double s, auto step) { return bench::average_seconds(s, step); });
    bench::print_result(peer, options, "inference_samples_per_s", 256 / seconds);
  } else if (workload.ends_with("-latency")) {
    const double seconds = seconds_per_prediction(
        work, 1, options, [](double s, auto step) { return bench::median_seconds(s, step); });
    bench::print_result(peer, options, "latency_p50_us", seconds * 1e6);
  } else if (workload.starts_with("W5-")) {
    const double seconds = seconds_per_step(work, options);
    bench::print_result(peer, options, "train_sequences_per_s",
                        static_cast<double>(work.batch) / seconds);
  } else if (workload.starts_with("CSV-")) {
    const std::string path = options.get("csv", workload + ".csv");
    if (options.get("write", "no") == "yes") return bench::write_csv(workload, path), 0;
    const auto bytes = static_cast<double>(std::filesystem::file_size(path));
    bench::print_result(peer, options, "megabytes_per_s",
                        bytes / 1e6 / seconds_per_table(path, options));
  } else if (workload == "W1-start") {
    const std::string path = options.get("own-model", "w1_sinapse.onnx");
    if (options.get("write", "no") == "yes") return write_model(path), 0;
    first_prediction(path);
    bench::print_result(peer, options, "start_to_first_prediction_ms",
                        bench::milliseconds_since_start(options));
  } else {
    bench::reject_workload(options);
  }
}
