// Learns y = 2 x from a table built in memory, and predicts with it.
#include <iostream>

#include <sinapse/error.h>
#include <sinapse/train.h>

int main() try {
  sinapse::Column x{.name = "x"}, y{.name = "y"};
  for (int i = 0; i < 64; ++i) {
    x.numbers.push_back(i / 64.0);
    y.numbers.push_back(2 * i / 64.0);
  }
  const sinapse::Table table({x, y});
  sinapse::RunOptions options;
  options.data.target = "y";
  options.network.hidden = {8};
  options.training.epochs = 2;
  const sinapse::Model model = sinapse::train(table, options).model;
  std::cout << model.predict(table).num_rows() << " rows predicted\n";
} catch (const sinapse::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
