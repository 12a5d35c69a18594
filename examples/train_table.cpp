// Trains on a table, looks at the result, saves a model, and predicts with it.
#include <iostream>

#include <sinapse/train.h>

int main(int, char** arguments) try {
  const sinapse::Table table = sinapse::read_table(arguments[1]);
  sinapse::RunOptions options;
  options.data.target = arguments[2];
  const sinapse::TrainResult result = sinapse::train(table, options);
  for (const auto& [name, value] : result.metrics.at("validation")) {
    std::cout << name << " " << value << "\n";
  }
  result.model.save("model.onnx");
  const auto predictions = sinapse::Model::load("model.onnx").predict(table);
  std::cout << predictions.num_rows() << " rows predicted\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
