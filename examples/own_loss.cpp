// A loss of your own: after one line of formula it is a loss as any other.
#include <iostream>

#include <sinapse/loss_formula.h>
#include <sinapse/train.h>

struct CauchyLoss {  // far-off rows hardly count: for targets with gross errors
  static constexpr sinapse::LossText text{.name = "cauchy",
                                          .formula = "log(1 + ((p - t) / width)^2)"};
  static constexpr sinapse::Constant constants[] = {
      {"width", 1, "where far-off begins", sinapse::Domain::positive}};
  template <class T>
  static T f(T p, T t, T width) {
    const T error = (p - t) / width;
    return log(T(1) + error * error);
  }
};

int main(int, char** arguments) try {
  sinapse::register_loss<CauchyLoss>();
  const sinapse::Table table = sinapse::read_table(arguments[1]);
  sinapse::RunOptions options;
  options.data.target = arguments[2];
  for (const char* loss : {"mean_squared_error", "cauchy(width=0.1)"}) {
    options.training.loss = loss;
    const sinapse::TrainResult result = sinapse::train(table, options);
    result.model.save("own_loss.onnx");
    std::cout << loss << ": median absolute error "
              << result.metrics.at("validation").at("median_absolute_error") << "\n";
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
