// The contexts of a stream: a session for each key, kept in a file between two streams.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <sinapse/session.h>

namespace sinapse::cli {

/// A sequence that goes on: what the network remembers, and the place of the last step in the order
/// of steps, if there is one.
struct Context {
  Session session;
  std::optional<double> place;
};

/// Contexts by key. A file of them is safetensors: the states as tensors "state:KEY", the places as
/// metadata "place:KEY".
class Contexts {
 public:
  explicit Contexts(const Model& model) : model_(model), fresh_(model) {}

  const Session& fresh() const { return fresh_; }
  Context& of(const std::string& key) {
    const auto known = contexts_.find(key);
    if (known != contexts_.end()) return known->second;
    return contexts_.emplace(key, Context{fresh_, std::nullopt}).first->second;
  }

  /// Throws Error(file) for what --save-state has not written, or of another model.
  void load(const std::string& path);
  void save(const std::string& path) const;

 private:
  const Model& model_;
  const Session fresh_;
  std::map<std::string, Context> contexts_;
};

}  // namespace sinapse::cli
