// Looks over training's shoulder: remarks, layers, epochs; and ends it when it is good enough.
#include <iostream>

#include <sinapse/train.h>

int main(int, char** arguments) try {
  const sinapse::Table table = sinapse::read_table(arguments[1]);
  sinapse::RunOptions options;
  options.data.target = arguments[2];
  options.training.optimizer = "adam";
  options.training.learning_rate = 0.02;
  bool good_enough = false;
  const sinapse::TrainResult result = sinapse::train(
      table, options,
      {.on_remark = [](const std::string& remark) { std::cout << "note: " << remark << "\n"; },
       .on_layer =
           [](const sinapse::LayerSummary& layer) {
             std::cout << layer.name << ": " << layer.num_parameters << " parameters\n";
           },
       .on_step = {},  // several times a second: for a progress bar
       .on_epoch =
           [&](const sinapse::EpochRecord& epoch) {
             std::cout << "epoch " << epoch.epoch << (epoch.best ? " * " : "   ") << "loss "
                       << epoch.loss << ", validation " << epoch.validation.at("loss") << "\n";
             good_enough = epoch.validation.at("accuracy") > 0.95;
           },
       .should_stop = [&] { return good_enough; }});
  std::cout << (result.interrupted ? "stopped" : "ended") << " after " << result.epochs
            << " epochs\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
