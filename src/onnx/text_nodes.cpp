#include "onnx/text_nodes.h"

#include <limits>
#include <numeric>

namespace sinapse {

// The tokens come in, [batch, tokens]; short texts end in empty ones, which no n-gram has.
std::string append_text_nodes(FeatureWork& work, const TextFeature& feature) {
  const std::string scope = "features/" + feature.column;
  const char* tokens = feature.characters ? "characters" : "words";
  const std::string input =
      work.input(feature.column, onnx::TensorProto::STRING,
                 std::string("the text's ") + tokens +
                     " in lower case, in order; short texts end in empty ones");
  auto& shape = *work.graph.mutable_input(work.graph.input_size() - 1)
                     ->mutable_type()
                     ->mutable_tensor_type()
                     ->mutable_shape();
  shape.mutable_dim(1)->set_dim_param(feature.column + " " + tokens);

  std::vector<std::string> pool;
  std::vector<int64_t> starts(feature.shortest, 0), places(feature.width());
  std::iota(places.begin(), places.end(), 0);
  for (int64_t length = feature.shortest; length <= feature.longest; ++length) {
    const auto [begin, end] = feature.places_of(length);
    for (int64_t k = begin; k < end; ++k)
      for (std::string& token : feature.tokens_of(feature.vocabulary[k]))
        pool.push_back(std::move(token));
    if (length < feature.longest) starts.push_back(static_cast<int64_t>(pool.size()));
  }
  std::vector<float> weights(feature.inverse_frequencies.begin(),
                             feature.inverse_frequencies.end());
  const bool weighted = !weights.empty();
  if (!weighted) weights.assign(feature.vocabulary.size(), 1.0f);
  const std::string mode = weighted ? "TFIDF" : feature.weights == "binary" ? "IDF" : "TF";
  std::string y = work.append("TfIdfVectorizer", scope, {input},
                              {{"max_gram_length", feature.longest},
                               {"max_skip_count", int64_t{0}},
                               {"min_gram_length", feature.shortest},
                               {"mode", mode},
                               {"ngram_counts", starts},
                               {"ngram_indexes", places},
                               {"pool_strings", pool},
                               {"weights", weights}});
  if (weighted) {
    const std::string norm =
        work.append("ReduceL2", scope, {y}, {{"axes", std::vector<int64_t>{1}}});
    const float smallest = std::numeric_limits<float>::min();
    y = work.append("Div", scope,
                    {y, work.append("Max", scope, {norm, work.writer.scalar(smallest)})});
  }
  return y;
}

std::string append_token_nodes(FeatureWork& work, const TokenFeature& feature, bool free_time) {
  onnx::ValueInfoProto& value = *work.graph.add_input();
  describe_steps(value, work.writer.unique(feature.column), onnx::TensorProto::STRING,
                 free_time ? 0 : feature.length, {});
  value.set_doc_string(std::string("the text's ") + feature.unit() +
                       " in lower case, in order; short texts end in empty ones");
  const std::string name = value.name();
  std::vector<std::string> texts{""};
  std::vector<float> numbers{0};
  for (const std::string& token : feature.vocabulary) {
    if (token.empty()) continue;
    texts.push_back(token);
    numbers.push_back(static_cast<float>(feature.places.at(token)));
  }
  const OnnxAttribute attributes[] = {
      {"keys_strings", texts},
      {"values_floats", numbers},
      {"default_float", static_cast<float>(feature.unknown_place())}};
  return work.writer.ml_node("LabelEncoder", "features/" + feature.column, {name}, attributes);
}

}  // namespace sinapse
