// Traced, the number type that records what a formula computes, as a graph of ONNX operators
// (opset 17). The model file's writer and tests walk it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sinapse {

/// An attribute of an ONNX operator.
struct TracedAttribute {
  std::string name;
  std::variant<float, int64_t> value;
};

/// One step of a traced formula: its argument x, a constant, or an ONNX operator on other nodes.
/// A node used twice is the same object twice: write it once.
struct TracedNode {
  enum class Kind { argument, constant, operation };
  Kind kind = Kind::argument;
  double constant = 0;        ///< of a constant: a scalar of the type of x
  std::string operator_type;  ///< of an operation: "Mul", "Where", "LeakyRelu", ...
  std::vector<TracedAttribute> attributes;
  std::vector<std::shared_ptr<const TracedNode>> inputs;
};

/// A number that remembers how it came about. Operations on constants alone are carried out at
/// once.
class Traced {
 public:
  Traced(double constant);   ///< implicit, for formulas such as 1 + x
  static Traced argument();  ///< the x of f(x)
  static Traced operation(std::string_view operator_type, std::initializer_list<Traced> inputs,
                          std::vector<TracedAttribute> attributes = {});

  const std::shared_ptr<const TracedNode>& node() const { return node_; }
  bool is_constant() const { return node_->kind == TracedNode::Kind::constant; }

  friend Traced operator+(const Traced& a, const Traced& b);
  friend Traced operator-(const Traced& a, const Traced& b);
  friend Traced operator*(const Traced& a, const Traced& b);
  friend Traced operator/(const Traced& a, const Traced& b);
  friend Traced operator-(const Traced& a);

  friend Traced operator<(const Traced& a, const Traced& b);
  friend Traced operator<=(const Traced& a, const Traced& b);
  friend Traced operator>(const Traced& a, const Traced& b);
  friend Traced operator>=(const Traced& a, const Traced& b);
  friend Traced operator==(const Traced& a, const Traced& b);
  friend Traced select(const Traced& mask, const Traced& a, const Traced& b);

  friend Traced gated(const Traced& x, const Traced& gate);
  friend Traced clip(const Traced& x, const Traced& lower, const Traced& upper);
  friend Traced min(const Traced& a, const Traced& b);
  friend Traced max(const Traced& a, const Traced& b);
  friend Traced leaky(const Traced& x, const Traced& slope);

  friend Traced abs(const Traced& x);
  friend Traced sqrt(const Traced& x);
  friend Traced exp(const Traced& x);
  friend Traced expm1(const Traced& x);
  friend Traced log(const Traced& x);
  friend Traced log1p(const Traced& x);
  friend Traced sin(const Traced& x);
  friend Traced cos(const Traced& x);
  friend Traced tanh(const Traced& x);
  friend Traced sigmoid(const Traced& x);
  friend Traced softplus(const Traced& x);
  friend Traced erf(const Traced& x);
  friend Traced normal_cdf(const Traced& x);

 private:
  explicit Traced(std::shared_ptr<const TracedNode> node) : node_(std::move(node)) {}
  std::shared_ptr<const TracedNode> node_;
};

struct Activation;

/// The ONNX operators that compute an activation; softmax and log_softmax are one operator with
/// attribute axis = -1.
Traced trace(const Activation& activation);

}  // namespace sinapse
