#include "cli/network_graph.h"

#include <map>

#include <fmt/format.h>

#include "cli/layer_table.h"
#include "cli/output.h"
#include "network/trained_network.h"

namespace sinapse::cli {

namespace {

// How a language of diagrams writes boxes and arrows.
struct Form {
  const char* begin;
  const char* end;
  const char* box;    // {0}: its key, {1} and {2}: two lines of text
  const char* arrow;  // {0}: from, {1}: to
  const char* quote;  // stands for a quotation mark in a text
};
constexpr Form kDot{"digraph network {\n  node [shape=box, fontname=sans];\n", "}\n",
                    "  {0} [label=\"{1}\\n{2}\"];\n", "  {0} -> {1};\n", "\\\""};
constexpr Form kMermaid{"flowchart TD\n", "", "  {0}[\"{1}<br>{2}\"]\n", "  {0} --> {1}\n",
                        "#quot;"};

std::string escaped(const std::string& text, const Form& form) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '"') {
      result += form.quote;
    } else if (c == '\\') {
      result += "/";
    } else {
      result += c;
    }
  }
  return result;
}

class Diagram {
 public:
  explicit Diagram(const Form& form) : form_(form), text_(form.begin) {}

  void add(const std::string& name, const std::string& first, const std::string& second) {
    const std::string key = fmt::format("n{}", keys_.size());
    keys_[name] = key;
    text_ +=
        fmt::format(fmt::runtime(form_.box), key, escaped(first, form_), escaped(second, form_));
  }
  void join(const std::string& from, const std::string& to) {
    text_ += fmt::format(fmt::runtime(form_.arrow), keys_.at(from), keys_.at(to));
  }
  std::string finish() { return text_ + form_.end; }

 private:
  const Form& form_;
  std::string text_;
  std::map<std::string, std::string> keys_;
};

std::string title(const LayerSummary& layer) {
  const std::string activation = activation_of(layer);
  const std::string kind =
      activation.empty() || activation == "identity" || layer.type == activation
          ? layer.type
          : layer.type + ", " + activation;
  return fmt::format("{} ({})", layer.name, kind);
}

}  // namespace

std::string network_graph(const Model& model, const std::string& form) {
  Diagram diagram(form == "dot" ? kDot : kMermaid);
  for (const InputDescription& input : input_descriptions(model.trained())) {
    diagram.add(input.name, input.name, to_string(batched(input.row_shape)));
  }
  for (const LayerSummary& layer : model.layers()) {
    diagram.add(layer.name, title(layer), to_string(layer.output_shape));
    for (const std::string& input : layer.inputs) diagram.join(input, layer.name);
  }
  return diagram.finish();
}

}  // namespace sinapse::cli
