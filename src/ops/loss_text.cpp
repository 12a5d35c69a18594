// Losses as text: "huber(delta=2)", and the one that suits a task.
#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sinapse/error.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "ops/loss_table.h"

namespace sinapse {

namespace {

std::vector<const LossDefinition*> all_called(const CallText& call) {
  std::vector<const LossDefinition*> found;
  std::vector<std::string> names;
  for (const LossDefinition& definition : losses()) {
    if (is_called(definition, plain_name(call.name))) found.push_back(&definition);
    names.emplace_back(definition.name);
  }
  if (!found.empty()) return found;
  throw Error(ErrorCode::usage,
              fmt::format("There is no loss \"{}\".{}", call.name, did_you_mean(call.name, names)));
}

bool fits(const LossDefinition& definition, Task task) {
  return std::count(definition.tasks.begin(), definition.tasks.end(), task) > 0;
}

std::vector<std::string_view> names_for(Task task) {
  std::vector<std::string_view> names;
  for (const LossDefinition& definition : losses()) {
    if (fits(definition, task)) names.push_back(definition.name);
  }
  return names;
}

constexpr std::string_view kWeighted = " weighted ";

// "1, 4": behind " weighted ".
std::vector<double> read_label_weights(std::string_view text) {
  const CallText list = parse_call("loss", fmt::format("weighted({})", text));
  std::vector<double> weights;
  for (const std::string& part : list.arguments) {
    double weight = -1;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), weight);
    const bool is_number = error == std::errc{} && end == part.data() + part.size();
    if (!is_number || !(weight >= 0) || std::isinf(weight)) {
      throw Error(ErrorCode::usage,
                  fmt::format("the weights of a loss must be numbers of at least 0, but one is "
                              "\"{}\".",
                              part));
    }
    weights.push_back(weight);
  }
  return weights;
}

struct LossText {
  CallText call;
  std::vector<double> label_weights;
};

LossText parse_text(std::string_view text) {
  const size_t at = text.find(kWeighted);
  if (at == std::string_view::npos) return {parse_call("loss", text), {}};
  return {parse_call("loss", text.substr(0, at)),
          read_label_weights(text.substr(at + kWeighted.size()))};
}

Loss make_loss(const LossDefinition& definition, LossText text) {
  return {&definition, read_constants("loss", text.call, definition.constants),
          std::move(text.label_weights)};
}

}  // namespace

Loss parse_loss(std::string_view text) {
  LossText parsed = parse_text(text);
  const LossDefinition& definition = *all_called(parsed.call).front();
  return make_loss(definition, std::move(parsed));
}

Loss choose_loss(std::string_view text, Task task) {
  if (text == "auto") return parse_loss(names_for(task).front());
  LossText parsed = parse_text(text);
  if (!parsed.label_weights.empty() && task != Task::multilabel) {
    throw Error(ErrorCode::usage, fmt::format("The loss \"{}\" weighs labels, but the task is {}.",
                                              text, name_of(task)));
  }
  for (const LossDefinition* definition : all_called(parsed.call)) {
    if (fits(*definition, task)) return make_loss(*definition, std::move(parsed));
  }
  throw Error(ErrorCode::usage,
              fmt::format("The loss \"{}\" does not fit the task {}. Choose one of {}; or another "
                          "task.",
                          parsed.call.name, name_of(task), fmt::join(names_for(task), ", ")));
}

std::string to_string(const Loss& loss) {
  std::string text = call_text(loss.definition->name, loss.definition->constants, loss.constants);
  if (loss.label_weights.empty()) return text;
  return fmt::format("{}{}{}", text, kWeighted, fmt::join(loss.label_weights, ", "));
}

}  // namespace sinapse
