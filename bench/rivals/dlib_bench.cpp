// dlib's dnn module: W2, the small network for a table, without the bookkeeping of its dnn_trainer.
#include <random>

#include <dlib/dnn.h>

#include "bench_program.h"

namespace {

using Row = dlib::matrix<float, 0, 1>;
using Network = dlib::loss_binary_log<
    dlib::fc<1, dlib::relu<dlib::fc<32, dlib::relu<dlib::fc<64, dlib::input<Row>>>>>>>;

constexpr int kRows = 4096, kInputs = 30, kBatch = 32;

}  // namespace

int main(int count, char** arguments) {
  bench::Options options(count, arguments);
  if (options.workload() != "W2") bench::reject_workload(options);

  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<Row> rows(kRows, Row(kInputs));
  std::vector<float> labels(kRows);
  for (Row& row : rows) {
    for (float& value : row) value = normal(random);
  }
  for (float& label : labels) label = normal(random) > 0 ? 1 : -1;

  Network network;
  std::vector<dlib::adam> solvers(Network::num_computational_layers, dlib::adam(0, 0.9, 0.999));
  std::vector<int> order(kRows);
  for (int i = 0; i < kRows; ++i) order[i] = i;
  int next = kRows;
  std::vector<Row> batch(kBatch);
  std::vector<float> expected(kBatch);
  dlib::resizable_tensor input;

  // Timed: gather of the batch + forward + loss + backward + Adam.
  double seconds = bench::average_seconds(options.seconds(), [&] {
    if (next + kBatch > kRows) {
      std::shuffle(order.begin(), order.end(), random);
      next = 0;
    }
    for (int i = 0; i < kBatch; ++i, ++next) {
      batch[i] = rows[order[next]];
      expected[i] = labels[order[next]];
    }
    network.to_tensor(batch.begin(), batch.end(), input);
    network.compute_parameter_gradients(input, expected.begin());
    network.update_parameters(solvers, 1e-3);
  });
  bench::print_result("dlib-19.24", options, "train_step_us", 1e6 * seconds);
}
