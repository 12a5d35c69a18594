// Layers: a layer is a few operators with parameters. Writing one of your own:
//
//     struct Gated {                                     // y = value(x) * sigmoid(gate(x))
//       static constexpr std::string_view type = "gated";
//       int64_t units = 32;
//       void fields(sinapse::FieldVisitor& visit) { visit("units", units, "number of neurons"); }
//       sinapse::Tensor build(sinapse::Builder& b, sinapse::Tensor x) const {
//         auto value = b.dense(x, units, {.name = "value"});
//         auto gate = b.activate(b.dense(x, units, {.name = "gate"}), "sigmoid");
//         return b.multiply(value, gate);
//       }
//     };
//     sinapse::register_layer<Gated>();
//
// It can then be used by its type in every network; its gradient, file form and ONNX export follow.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sinapse/layer_options.h>
#include <sinapse/shape.h>

namespace sinapse {

struct BuilderState;

/// A value that flows through the network being built; shape [batch, ...].
struct Tensor {
  int32_t id = -1;
  Shape shape;
};

/// Builds a graph operator by operator. Every method throws Error(model), naming the layer and the
/// shapes, if its arguments do not fit.
class Builder {
 public:
  explicit Builder(BuilderState& state) : state_(state) {}

  /// Whether the graph is for training (dropout, batch statistics) or for inference.
  bool training() const;

  /// Throws Error(model): layer "conv1": <message>.
  [[noreturn]] void fail(const std::string& message) const;

  /// A learned tensor, named <layer>.<name>. Initializers: see initializer.h.
  Tensor parameter(const std::string& name, Shape shape, const std::string& initializer);

  /// y = x weight^T + bias.  x [batch, k] → [batch, units].
  Tensor dense(const Tensor& x, int64_t units, const DenseOptions& options = {});
  /// x weight^T + bias with parameters that several products may share.  Without bias: {}.
  Tensor product(const Tensor& x, const Tensor& weight, const Tensor& bias);
  /// f(x) for any activation by name, with constants: "leaky_relu(alpha=0.2)".
  Tensor activate(const Tensor& x, const std::string& activation);
  /// x for x > 0, slope x otherwise, with one learned slope a channel or one for all.
  Tensor prelu(const Tensor& x, bool shared, double initial_slope);

  /// Weighted sums over windows.  x [batch, channels, ...] → [batch, filters, ...], any rank.
  Tensor convolution(const Tensor& x, int64_t filters, const ConvolutionOptions& options);
  /// The opposite way: from what a convolution puts out to what it takes in.
  Tensor transposed_convolution(const Tensor& x, int64_t filters,
                                const ConvolutionOptions& options);
  /// The largest element, or the mean, of each window of a channel.
  Tensor max_pool(const Tensor& x, const WindowOptions& window);
  Tensor average_pool(const Tensor& x, const WindowOptions& window);
  /// The same of as many bins as wanted: bin i of n is [floor(i size / n), ceil((i + 1) size / n)).
  Tensor adaptive_max_pool(const Tensor& x, std::vector<int64_t> sizes);
  Tensor adaptive_average_pool(const Tensor& x, std::vector<int64_t> sizes);

  /// Zeros around the spatial axes, before each and then after each; negative numbers crop. One
  /// number for each axis stands for both sides, one number for all.
  Tensor pad(const Tensor& x, std::vector<int64_t> pads);
  /// Spatial axes several times as long; interpolation "nearest" or "linear".
  Tensor up_sample(const Tensor& x, std::vector<int64_t> factors, const std::string& interpolation);

  /// A recurrent cell.  x [batch, time, k] → [batch, units], or [batch, time, units]; twice as wide
  /// if bidirectional.  lengths [batch, 1]: how many steps of each row count; without: {}, all.
  Tensor recurrent(const Tensor& x, int64_t units, const RecurrentOptions& options,
                   const Tensor& lengths = {});
  /// A hidden layer that sees its own last output, or that of output neurons behind it.
  /// x [batch, time, k] → [batch, units or outputs], or [batch, time, ...].
  Tensor context(const Tensor& x, int64_t units, const ContextOptions& options,
                 const Tensor& lengths = {});
  /// The same dense layer on every step.  x [batch, time, k] → [batch, time, units].
  Tensor dense_per_step(const Tensor& x, int64_t units, const DenseOptions& options = {});
  /// Steps up to the last that is not all padding.  x [batch, time(, k)] → [batch, 1].
  Tensor sequence_lengths(const Tensor& x, double padding);
  Tensor mask_steps(const Tensor& x, const Tensor& lengths);  ///< x, zeros behind its lengths
  /// What stands for all steps, "mean", "max" or "last".  x [batch, time, k] → [batch, k].
  Tensor pool_steps(const Tensor& x, const std::string& mode, const Tensor& lengths = {});
  Tensor swap_axes(const Tensor& x);  ///< [batch, a, b] → [batch, b, a]
  /// x plus sines and cosines that tell steps apart.  Vaswani and others 2017.
  Tensor positions(const Tensor& x);
  /// softmax(q k^T / sqrt(d)) v for each head of d channels; all [batch, time, heads d].
  Tensor attention(const Tensor& query, const Tensor& key, const Tensor& value, int64_t heads,
                   bool causal, const Tensor& lengths = {});

  /// Element by element; b may have only the last axes of a.
  Tensor add(const Tensor& a, const Tensor& b);
  Tensor subtract(const Tensor& a, const Tensor& b);
  Tensor multiply(const Tensor& a, const Tensor& b);
  Tensor divide(const Tensor& a, const Tensor& b);
  /// scale x + offset with fixed numbers.
  Tensor affine(const Tensor& x, double scale, double offset);
  /// Every channel times its factor.  x [batch, channels, ...], factors [batch, channels].
  Tensor multiply_channels(const Tensor& x, const Tensor& factors);

  /// Drops elements with probability `rate` while training; the identity otherwise.
  Tensor dropout(const Tensor& x, double rate);
  /// Dropout for selu networks, which keeps mean and variance.  Klambauer and others 2017.
  Tensor alpha_dropout(const Tensor& x, double rate);
  /// Multiplies by normal noise of mean 1 and variance rate / (1 - rate).  Srivastava 2014.
  Tensor gaussian_dropout(const Tensor& x, double rate);
  /// Dropout of whole channels.  Tompson and others 2015.
  Tensor spatial_dropout(const Tensor& x, double rate);
  /// `name` tells the parameters of several normalisations apart.
  Tensor batch_normalization(const Tensor& x, double momentum, double epsilon,
                             const std::string& name = "");
  Tensor layer_normalization(const Tensor& x, double epsilon, const std::string& name = "");
  /// Over groups of neighbouring channels of each row.  Wu, He 2018.
  Tensor group_normalization(const Tensor& x, int64_t groups, double epsilon);

  /// The same values in rows of another shape; one size may be -1: what remains.
  Tensor reshape(const Tensor& x, const Shape& row_shape);
  Tensor concatenate(std::span<const Tensor> tensors);
  /// Learned vectors by index.  [batch, 1] → [batch, dimension]; [batch, time] → [batch, time, d].
  Tensor embedding(const Tensor& index, int64_t categories, int64_t dimension);

 private:
  Tensor state(const std::string& name, Shape shape, const std::string& initializer);
  BuilderState& state_;
};

using FieldValue = std::variant<bool, int64_t, double, std::string, std::vector<int64_t>>;

/// Sees every field of a layer once: to read it from a description, to write it, or to document it.
class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;
  virtual void operator()(std::string_view name, bool& value, std::string_view doc) = 0;
  virtual void operator()(std::string_view name, int64_t& value, std::string_view doc) = 0;
  virtual void operator()(std::string_view name, double& value, std::string_view doc) = 0;
  virtual void operator()(std::string_view name, std::string& value, std::string_view doc) = 0;
  virtual void operator()(std::string_view name, std::vector<int64_t>& value,
                          std::string_view doc) = 0;
};

/// A layer with its fields set.
class Layer {
 public:
  virtual ~Layer() = default;
  virtual void fields(FieldVisitor& visit) = 0;
  virtual Tensor build(Builder& builder, std::span<const Tensor> inputs) const = 0;
  virtual bool takes_several_inputs() const = 0;
  /// One sentence for lists and the manual; may be empty.
  virtual std::string_view doc() const { return ""; }
};

/// Makes a layer type known by its name; `make` returns one with default fields.
/// Throws Error(usage) if the name is taken.
void register_layer_type(std::string_view type, std::function<std::unique_ptr<Layer>()> make);

/// Adapts a struct with `type`, `fields`, `build` and, optionally, `doc` to Layer.
template <class L>
class LayerOf : public Layer {
 public:
  void fields(FieldVisitor& visit) override { layer_.fields(visit); }
  Tensor build(Builder& builder, std::span<const Tensor> inputs) const override {
    if constexpr (kSeveral) {
      return layer_.build(builder, inputs);
    } else {
      return layer_.build(builder, inputs[0]);
    }
  }
  bool takes_several_inputs() const override { return kSeveral; }
  std::string_view doc() const override {
    if constexpr (requires { L::doc; }) return L::doc;
    return "";
  }

 private:
  static constexpr bool kSeveral = requires(const L& l, Builder& b, std::span<const Tensor> s) {
    l.build(b, s);
  };
  L layer_;
};

template <class L>
void register_layer() {
  register_layer_type(L::type, [] { return std::make_unique<LayerOf<L>>(); });
}

}  // namespace sinapse
