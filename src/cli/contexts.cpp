#include "cli/contexts.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/safetensors.h"

namespace sinapse::cli {

namespace {

constexpr const char* kFormatKey = "format";
constexpr const char* kFormat = "sinapse state 1";
constexpr const char* kWeightsKey = "weights_sha256";
constexpr std::string_view kState = "state:";  // of the names of states: a key may be any text
constexpr std::string_view kPlace = "place:";

[[noreturn]] void fail(const std::string& path, const std::string& what) {
  throw Error(ErrorCode::file, fmt::format("{}: {}", path, what));
}

}  // namespace

void Contexts::load(const std::string& path) {
  const Safetensors file = read_safetensors(path);
  const auto text = [&](const char* key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  if (text(kFormatKey) != kFormat) fail(path, "this is no state that --save-state wrote.");
  if (text(kWeightsKey) != model_.weights_sha256())
    fail(path, "the state is of another model: its weights differ.");
  for (const NamedTensor& tensor : file.tensors) {
    if (!tensor.name.starts_with(kState) || tensor.values.size() != fresh_.state().size())
      fail(path, fmt::format("\"{}\" is no state of this model.", tensor.name));
    Context context{fresh_, {}};
    context.session.set_state(tensor.values);
    contexts_.emplace(tensor.name.substr(kState.size()), context);
  }
  for (const auto& [name, place] : file.metadata) {
    if (!name.starts_with(kPlace)) continue;
    const auto found = contexts_.find(name.substr(kPlace.size()));
    double value = 0;
    const auto read = std::from_chars(place.data(), place.data() + place.size(), value);
    if (found == contexts_.end() || read.ec != std::errc() || !std::isfinite(value))
      fail(path, fmt::format("\"{}\" is no place of a step.", name));
    found->second.place = value;
  }
}

void Contexts::save(const std::string& path) const {
  Safetensors file{.metadata = {{kFormatKey, kFormat}, {kWeightsKey, model_.weights_sha256()}}};
  for (const auto& [key, context] : contexts_) {
    const auto state = context.session.state();
    file.tensors.push_back({std::string(kState) + key,
                            {static_cast<int64_t>(state.size())},
                            {state.begin(), state.end()}});
    if (context.place) file.metadata[std::string(kPlace) + key] = fmt::format("{}", *context.place);
  }
  write_safetensors(path, file);
}

}  // namespace sinapse::cli
