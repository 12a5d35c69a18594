// libtorch (PyTorch's C++ library): the workloads, written as its tutorials write them, and with
// --adam flat or --format channels_last as fast as we could make them with its public interface.
#include <torch/torch.h>

#include "bench_program.h"
#include "rivals/libtorch_images.h"

namespace {

using torch::Tensor;

constexpr const char* kPeer = "libtorch-1.13";

torch::nn::Sequential dense_network(const std::vector<int64_t>& units) {
  torch::nn::Sequential network;
  for (size_t i = 0; i + 1 < units.size(); ++i) {
    if (i > 0) network->push_back(torch::nn::ReLU());
    network->push_back(torch::nn::Linear(units[i], units[i + 1]));
  }
  return network;
}

/// Moves all parameters and their gradients into one tensor, so that Adam is one short chain of
/// operators instead of one a parameter. The gradients must then be zeroed, not dropped.
Tensor flatten(torch::nn::Sequential& network) {
  int64_t count = 0;
  for (const Tensor& parameter : network->parameters()) count += parameter.numel();
  Tensor flat = torch::empty({count});
  flat.mutable_grad() = torch::zeros({count});
  int64_t offset = 0;
  for (Tensor& parameter : network->parameters()) {
    int64_t size = parameter.numel();
    Tensor place = flat.narrow(0, offset, size).view(parameter.sizes());
    place.copy_(parameter.detach());
    parameter.set_data(place);
    parameter.mutable_grad() = flat.grad().narrow(0, offset, size).view(parameter.sizes());
    offset += size;
  }
  return flat;
}

/// The rows of a shuffled epoch, batch after batch; the last, smaller batch is left out.
class Batches {
 public:
  Batches(int64_t rows, int64_t batch) : rows_(rows), batch_(batch), next_(rows) {}

  Tensor next() {
    if (next_ + batch_ > rows_) {
      order_ = torch::randperm(rows_, torch::kInt64);
      next_ = 0;
    }
    next_ += batch_;
    return order_.narrow(0, next_ - batch_, batch_);
  }

 private:
  int64_t rows_, batch_, next_;
  Tensor order_;
};

/// Dropping the gradients is faster than zeroing them, which is all 1.13's zero_grad() does in C++.
void clear_gradients(std::vector<Tensor>& parameters, bool keep) {
  for (Tensor& parameter : parameters) {
    if (keep) {
      parameter.mutable_grad().zero_();
    } else {
      parameter.mutable_grad().reset();
    }
  }
}

struct Task {
  std::vector<int64_t> units;
  int64_t rows, batch;
  bool classes;
};

/// Timed: gather of the batch + forward + loss + backward + Adam.
double training_step_seconds(const Task& task, const bench::Options& options) {
  Tensor inputs = torch::randn({task.rows, task.units.front()});
  Tensor targets = task.classes ? torch::randint(task.units.back(), {task.rows}, torch::kInt64)
                                : torch::randint(2, {task.rows, 1}).to(torch::kFloat32);
  auto network = dense_network(task.units);
  bool flat = options.get("adam", "plain") == "flat";
  std::vector<Tensor> parameters = network->parameters();
  if (flat) parameters = {flatten(network)};
  torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(1e-3));
  Batches batches(task.rows, task.batch);
  return bench::average_seconds(options.seconds(), [&] {
    Tensor rows = batches.next();
    Tensor logits = network->forward(inputs.index_select(0, rows));
    Tensor expected = targets.index_select(0, rows);
    Tensor loss = task.classes ? torch::nn::functional::cross_entropy(logits, expected)
                               : torch::binary_cross_entropy_with_logits(logits, expected);
    clear_gradients(parameters, /*keep=*/flat);
    loss.backward();
    optimizer.step();
  });
}

torch::MemoryFormat format_of(const bench::Options& options) {
  return options.get("format", "plain") == "channels_last" ? torch::MemoryFormat::ChannelsLast
                                                           : torch::MemoryFormat::Contiguous;
}

/// Weights in the layout of the images.
template <class Network>
void set_format(Network& network, torch::MemoryFormat format) {
  for (Tensor& parameter : network.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.detach().contiguous(format));
  }
}

/// Timed: gather of the batch + forward + loss + backward + update.
template <class Network>
double image_step_seconds(torch::IntArrayRef row, int64_t rows, torch::optim::Optimizer& optimizer,
                          Network& network, const bench::Options& options) {
  constexpr int64_t kBatch = 64;
  std::vector<int64_t> shape{rows};
  shape.insert(shape.end(), row.begin(), row.end());
  Tensor inputs = torch::randn(shape), targets = torch::randint(10, {rows}, torch::kInt64);
  const torch::MemoryFormat format = format_of(options);
  inputs = inputs.contiguous(format);
  set_format(network, format);
  network.train();
  std::vector<Tensor> parameters = network.parameters();
  Batches batches(rows, kBatch);
  return bench::average_seconds(options.seconds(), [&] {
    Tensor chosen = batches.next();
    Tensor logits = network.forward(inputs.index_select(0, chosen).contiguous(format));
    Tensor loss = torch::nn::functional::cross_entropy(logits, targets.index_select(0, chosen));
    clear_gradients(parameters, /*keep=*/false);
    loss.backward();
    optimizer.step();
  });
}

template <class Predict>
void report_predictions(int64_t batch, const bench::Options& options, Predict predict) {
  if (batch == 1) {
    bench::print_result(kPeer, options, "latency_p50_us",
                        1e6 * bench::median_seconds(options.seconds(), predict));
  } else {
    bench::print_result(kPeer, options, "inference_samples_per_s",
                        batch / bench::average_seconds(options.seconds(), predict));
  }
}

template <class Network>
void measure_images(Network& network, std::vector<int64_t> row, const bench::Options& options) {
  torch::InferenceMode inference;
  network.eval();
  const int64_t batch = options.workload().size() > 2 && options.workload()[3] == 'b' ? 256 : 1;
  row.insert(row.begin(), batch);
  set_format(network, format_of(options));
  Tensor inputs = torch::randn(row).contiguous(format_of(options));
  auto predict = [&] { return torch::softmax(network.forward(inputs), 1); };
  report_predictions(batch, options, predict);
}

void measure_w3(const bench::Options& options) {
  images::SmallCnn network;
  if (options.workload() != "W3") return measure_images(network, {1, 28, 28}, options);
  torch::optim::Adam optimizer(network.parameters(), torch::optim::AdamOptions(1e-3));
  bench::print_result(kPeer, options, "train_samples_per_s",
                      64 / image_step_seconds({1, 28, 28}, 8192, optimizer, network, options));
}

void measure_w4(const bench::Options& options) {
  images::Resnet20 network;
  if (options.workload() != "W4") return measure_images(network, {3, 32, 32}, options);
  torch::optim::SGD optimizer(network.parameters(), torch::optim::SGDOptions(0.01).momentum(0.9));
  bench::print_result(kPeer, options, "train_samples_per_s",
                      64 / image_step_seconds({3, 32, 32}, 4096, optimizer, network, options));
}

/// One recurrent layer, its last output to a dense layer. Sequences stand [time, rows, features].
template <class Cell, class CellOptions>
struct SequenceNetwork : torch::nn::Module {
  SequenceNetwork()
      : cell(register_module("cell", Cell(CellOptions(32, 128)))),
        dense(register_module("dense", torch::nn::Linear(128, 10))) {}
  Tensor forward(const Tensor& x) { return dense->forward(std::get<0>(cell->forward(x))[-1]); }
  Cell cell;
  torch::nn::Linear dense;
};

/// The data lie with time first, as its cells work fastest; so a batch is gathered along axis 1.
template <class Network>
void measure_sequences(const bench::Options& options) {
  constexpr int64_t kRows = 4096, kBatch = 64, kTime = 50, kInputs = 32;
  Network network;
  const std::string workload = options.workload();
  const bool many = workload.find("batch256") != std::string::npos;
  if (many || workload.find("latency") != std::string::npos) {
    torch::InferenceMode inference;
    network.eval();
    Tensor inputs = torch::randn({kTime, many ? 256 : 1, kInputs});
    return report_predictions(many ? 256 : 1, options,
                              [&] { return torch::softmax(network.forward(inputs), 1); });
  }
  Tensor inputs = torch::randn({kTime, kRows, kInputs});
  Tensor targets = torch::randint(10, {kRows}, torch::kInt64);
  std::vector<Tensor> parameters = network.parameters();
  torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(1e-3));
  Batches batches(kRows, kBatch);
  const double seconds = bench::average_seconds(options.seconds(), [&] {
    Tensor rows = batches.next();
    Tensor logits = network.forward(inputs.index_select(1, rows));
    Tensor loss = torch::nn::functional::cross_entropy(logits, targets.index_select(0, rows));
    clear_gradients(parameters, /*keep=*/false);
    loss.backward();
    optimizer.step();
  });
  bench::print_result(kPeer, options, "train_sequences_per_s", kBatch / seconds);
}

void measure_w5(const bench::Options& options) {
  const std::string workload = options.workload();
  if (workload.rfind("W5-lstm", 0) == 0) {
    return measure_sequences<SequenceNetwork<torch::nn::LSTM, torch::nn::LSTMOptions>>(options);
  }
  if (workload.rfind("W5-gru", 0) == 0) {
    return measure_sequences<SequenceNetwork<torch::nn::GRU, torch::nn::GRUOptions>>(options);
  }
  measure_sequences<SequenceNetwork<torch::nn::RNN, torch::nn::RNNOptions>>(options);
}

void measure_inference(const bench::Options& options) {
  torch::InferenceMode inference;
  auto network = dense_network({784, 512, 256, 10});
  network->eval();
  int64_t batch = options.workload() == "W1-batch256" ? 256 : 1;
  Tensor inputs = torch::randn({batch, 784});
  auto predict = [&] { return torch::softmax(network->forward(inputs), 1); };
  if (options.workload() == "W1-start") {
    predict();
    bench::print_result(kPeer, options, "start_to_first_prediction_ms",
                        bench::milliseconds_since_start(options));
  } else {
    report_predictions(batch, options, predict);
  }
}

}  // namespace

int main(int count, char** arguments) {
  bench::Options options(count, arguments);
  torch::manual_seed(1);
  torch::set_num_threads(options.threads());
  std::string workload = options.workload();
  if (workload == "W1") {
    Task task{{784, 512, 256, 10}, 60000, 128, true};
    bench::print_result(kPeer, options, "train_samples_per_s",
                        task.batch / training_step_seconds(task, options));
  } else if (workload == "W2") {
    Task task{{30, 64, 32, 1}, 4096, 32, false};
    bench::print_result(kPeer, options, "train_step_us",
                        1e6 * training_step_seconds(task, options));
  } else if (workload.rfind("W3", 0) == 0) {
    measure_w3(options);
  } else if (workload.rfind("W4", 0) == 0) {
    measure_w4(options);
  } else if (workload.rfind("W5", 0) == 0) {
    measure_w5(options);
  } else if (workload.rfind("W1-", 0) == 0) {
    measure_inference(options);
  } else {
    bench::reject_workload(options);
  }
}
