#include "report/tensorboard.h"

#include <chrono>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include <sinapse/error.h>

#include "figures/png.h"
#include "network/network.h"
#include "network/trained_network.h"
#include "report/confusion.h"
#include "train/run_file.h"

namespace sinapse {

namespace {

namespace fs = std::filesystem;

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string host_name() {
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "localhost";
  return name;
}

std::string file_in(const std::string& folder, double seconds) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw Error(ErrorCode::file, fmt::format("{}: cannot create this folder: {}. Choose another "
                                             "with --tensorboard.",
                                             folder, error.message()));
  }
  return (fs::path(folder) / fmt::format("events.out.tfevents.{:010}.{}.{}.0",
                                         static_cast<int64_t>(seconds), host_name(), ::getpid()))
      .string();
}

// TensorBoard groups tags by what stands before the slash.
void add_scalar(Message& summary, const std::string& tag, double value) {
  summary.message(1, scalar_value(tag, value));
}

// What the run file says beyond the defaults.
std::map<std::string, std::string> settings_of(const RunOptions& options) {
  std::map<std::string, std::string> settings;
  RunDescription defaults, run;  // two names: GCC 12 sees ghosts in temporaries
  run.options = options;
  for (const RunDifference& one : differences(defaults, run)) {
    settings[one.key] = one.second;
  }
  return settings;
}

std::string confusion_png(const TrainResult& result) {
  for (const char* part : {"test", "validation", "train"}) {
    const auto found = result.class_reports.find(part);
    if (found == result.class_reports.end()) continue;
    const auto confusion = confusion_of(found->second);
    return confusion ? to_png(*confusion, Theme::light, 1) : "";
  }
  return "";
}

}  // namespace

TensorBoard::TensorBoard(const std::string& folder) : begin_(now()) {
  file_ = std::make_unique<RecordFile>(file_in(folder, begin_));
  file_->append(Message().number(1, begin_).bytes(3, "brain.Event:2").str());
}

void TensorBoard::append(const Message& event) {
  if (!failure_.empty()) return;
  try {
    file_->append(event.str());
  } catch (const Error& error) {
    failure_ = error.what();
  }
}

void TensorBoard::write(int64_t step, const Message& summary) {
  append(Message().number(1, now()).whole(2, step).message(5, summary));
}

void TensorBoard::epoch(const WatchedEpoch& epoch) {
  Message summary;
  add_scalar(summary, "loss/train", epoch.record.loss);
  for (const auto& [name, value] : epoch.record.validation) {
    add_scalar(summary, name + "/validation", value);
  }
  add_scalar(summary, "learning_rate", epoch.record.learning_rate);
  for (const LayerState& layer : epoch.layers) {
    add_scalar(summary, "gradient_norm/" + layer.layer, layer.gradient_norm);
    if (layer.units == 0) continue;
    add_scalar(summary, "dead_units/" + layer.layer,
               static_cast<double>(layer.dead) / static_cast<double>(layer.units));
  }
  for (const auto& [name, values] : epoch.weights) {
    std::string tag = name;
    if (const size_t dot = tag.rfind('.'); dot != std::string::npos) tag[dot] = '/';
    summary.message(1, histogram_value(tag, values));
  }
  write(epoch.record.epoch, summary);
}

void TensorBoard::end(const TrainResult& result) {
  const TrainedNetwork& trained = result.model.trained();
  const NetworkGraph network = build_network(trained.network, input_descriptions(trained), false);
  append(Message().number(1, now()).bytes(4, graph_message(network.graph).str()));

  Message summary;
  std::vector<std::string> tags;
  for (const auto& [part, metrics] : result.metrics) {
    for (const auto& [name, value] : metrics) {
      tags.push_back(fmt::format("final_{}/{}", name, part));
      add_scalar(summary, tags.back(), value);
    }
  }
  const std::string png = confusion_png(result);
  if (!png.empty()) summary.message(1, png_value("confusion", png));
  const auto settings = settings_of(result.resolved);
  summary.message(1, experiment_value(settings, tags));
  summary.message(1, session_start_value(settings, begin_));
  summary.message(1, session_end_value(now(), !result.interrupted));
  write(result.epochs, summary);
}

}  // namespace sinapse
