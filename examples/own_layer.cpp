// An activation and a layer of your own: they train, save, load and export like the built-in ones.
#include <iostream>

#include <sinapse/activation_formula.h>
#include <sinapse/layer.h>
#include <sinapse/train.h>

struct TanhSnake {  // a line with a bump around 0
  static constexpr sinapse::ActivationText text{.name = "tanh_snake",
                                                .formula = "x + tanh(alpha x)^2 / alpha"};
  static constexpr sinapse::ActivationConstant constants[] = {
      {"alpha", 1, "how narrow the bump is"}};
  template <class T>
  static T f(T x, T alpha) {
    return x + tanh(alpha * x) * tanh(alpha * x) / alpha;
  }
};

struct Gated {  // y = value(x) * sigmoid(gate(x)): half of the neurons decide what passes
  static constexpr std::string_view type = "gated";
  int64_t units = 32;
  void fields(sinapse::FieldVisitor& visit) { visit("units", units, "number of neurons"); }
  sinapse::Tensor build(sinapse::Builder& b, const sinapse::Tensor& x) const {
    const auto value = b.activate(b.dense(x, units, {.name = "value"}), "tanh_snake");
    const auto gate = b.activate(b.dense(x, units, {.name = "gate"}), "sigmoid");
    return b.multiply(value, gate);
  }
};

int main(int, char** arguments) try {
  sinapse::register_activation<TanhSnake>();
  sinapse::register_layer<Gated>();
  const sinapse::Table table = sinapse::read_table(arguments[1]);
  sinapse::RunOptions options;
  options.data.target = arguments[2];
  options.network.layers = {
      {"gated", "", {}, {{"units", int64_t{16}}}},
      {"dense", "", {}, {{"units", int64_t{8}}, {"activation", std::string("tanh_snake(0.5)")}}}};
  const sinapse::TrainResult result = sinapse::train(table, options);
  result.model.save("own_layer.onnx");
  const auto metrics = sinapse::Model::load("own_layer.onnx").evaluate(table);
  std::cout << "accuracy " << metrics.at("accuracy") << "\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
