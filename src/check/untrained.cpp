// Checks of a network that is not trained yet: how a run would begin.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/check.h>
#include <sinapse/error.h>
#include <sinapse/loss.h>

#include "check/check_network.h"
#include "check/check_rows.h"
#include "check/loss_graph.h"
#include "train/default_network.h"
#include "train/encode.h"
#include "train/observer.h"

namespace sinapse {

namespace {

constexpr int64_t kClasses = 3;  // where nobody says how many

// Looks at a run when it begins, and ends it there.
class Beginning : public TrainingObserver {
 public:
  Beginning(const RunOptions& run, const CheckOptions& options) : run_(run), options_(options) {
    run_.checkpoint = {};
    run_.training.final_fit = "none";
  }

  void on_start(const RunStart& start) override {
    trained = start.trained;
    const NetworkGraph network =
        build_network(trained.network, input_descriptions(trained), /*training=*/true);
    trained.weights = draw_weights(network.parameters, run_.training.seed);
    results = check_network(checked(trained), &start.data, options_);
  }

  template <class Data>
  void see(const Data& data) {
    train(data, run_, {.should_stop = [] { return true; }, .observers = {this}});
  }

  TrainedNetwork trained;
  std::vector<CheckResult> results;

 private:
  RunOptions run_;
  const CheckOptions& options_;
};

// The shape of a row, as the layer "input" gives it.
Shape input_shape(const std::vector<LayerDescription>& layers) {
  Shape shape;
  if (!layers.empty() && layers.front().type == "input") {
    const auto found = layers.front().fields.find("shape");
    const auto* sizes = found == layers.front().fields.end()
                            ? nullptr
                            : std::get_if<std::vector<int64_t>>(&found->second);
    if (sizes != nullptr) shape = *sizes;
  }
  if (!shape.empty() && std::all_of(shape.begin(), shape.end(), [](int64_t n) { return n > 0; }))
    return shape;
  throw Error(ErrorCode::usage,
              "check: how long is a row? Name data, or let network.layers begin with {type: input, "
              "shape: [4]}, without -1.");
}

}  // namespace

std::vector<CheckResult> check_untrained(const Table& table, const RunOptions& run,
                                         const CheckOptions& options) {
  Beginning beginning(run, options);
  beginning.see(table);
  std::vector<CheckResult> results = std::move(beginning.results);
  const TrainedNetwork& trained = beginning.trained;
  if (!answers_rows_alone(trained)) return results;
  const Dataset data = encode_labelled(trained, table);
  if (has_one_plain_target(trained.target))
    results.push_back(check_leakage(trained, table, all_targets(data)));
  if (!data.source) {
    const Location location = [&](int64_t row) { return table.location(row); };
    results.push_back(check_duplicates(data, parts_of(table, &run, data.rows), location));
  }
  return results;
}

std::vector<CheckResult> check_untrained(const ImageFolder& images, const RunOptions& run,
                                         const CheckOptions& options) {
  Beginning beginning(run, options);
  beginning.see(images);
  return std::move(beginning.results);
}

std::vector<CheckResult> check_untrained(const RunOptions& run, const CheckOptions& options) {
  const Shape shape = input_shape(run.network.layers);
  const bool chosen = run.training.loss != "auto" && !run.training.loss.empty();
  const std::string loss = chosen ? run.training.loss : "mean_squared_error";
  const bool classes = parse_loss(loss).definition->tasks.front() == Task::multiclass;
  const Shape row{row_size(batched(shape))};
  const NetworkDescription network =
      describe_network(run.network, nullptr, row, classes ? kClasses : 1);
  const std::vector<InputDescription> inputs{{"features", row}};
  const auto weights =
      draw_weights(build_network(network, inputs, /*training=*/true).parameters, run.training.seed);
  return check_network({network, inputs, loss, weights}, nullptr, options);
}

}  // namespace sinapse
