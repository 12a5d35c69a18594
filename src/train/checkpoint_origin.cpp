#include "train/checkpoint_origin.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "train/checkpoint_text.h"

namespace sinapse {

namespace {

constexpr const char* kFormatKey = "sinapse.checkpoint";
constexpr const char* kFormat = "1";  // raised when older readers would misunderstand a file
constexpr const char* kUnbegun = "unbegun";

// By the names they have in the file.
template <class AnyFingerprint, class Visit>
void visit_numbers(AnyFingerprint& data, Visit&& visit) {
  visit("data.rows", data.rows);
  visit("data.training_rows", data.training_rows);
  visit("data.validation_rows", data.validation_rows);
  visit("data.hash", data.hash);
}

// These change nothing in what has been learned so far.
constexpr std::array kMayDiffer = {
    std::string_view("data.path"),
    std::string_view("data.test"),
    std::string_view("training.epochs"),
    std::string_view("training.patience"),
    std::string_view("training.early_stopping"),
    std::string_view("training.time_limit"),
    std::string_view("training.threads"),
};

bool may_differ(std::string_view key) {
  return key.starts_with("checkpoint.") ||
         std::find(kMayDiffer.begin(), kMayDiffer.end(), key) != kMayDiffer.end();
}

Metadata run_text(const RunDescription& run) {
  return {{kFormatKey, kFormat}, {"program", "sinapse " SINAPSE_VERSION}, {"run", to_yaml(run)}};
}

}  // namespace

std::map<std::string, std::string> origin_text(const CheckpointOrigin& origin) {
  Metadata metadata = run_text(origin.run);
  visit_numbers(origin.data, writer_to(metadata));
  return metadata;
}

Safetensors unbegun_checkpoint(const RunDescription& run) {
  Safetensors contents{.metadata = run_text(run)};
  contents.metadata[kUnbegun] = "true";
  return contents;
}

bool is_unbegun(const std::map<std::string, std::string>& metadata) {
  return metadata.contains(kUnbegun);
}

CheckpointOrigin read_origin(const std::map<std::string, std::string>& metadata,
                             const std::string& source) {
  const auto format = metadata.find(kFormatKey);
  if (format == metadata.end()) {
    throw Error(ErrorCode::file,
                fmt::format("{}: this is no checkpoint of a training run.", source));
  }
  if (format->second != kFormat) {
    throw Error(ErrorCode::file,
                fmt::format("{}: this checkpoint has format {}; this version of Sinapse reads "
                            "format {}.",
                            source, format->second, kFormat));
  }
  CheckpointOrigin origin;
  merge_run_text(origin.run, metadata_at(metadata, "run", source), source);
  if (!is_unbegun(metadata)) visit_numbers(origin.data, reader_of(metadata, source));
  return origin;
}

void require_same_origin(const CheckpointOrigin& saved, const CheckpointOrigin& now,
                         const std::string& source) {
  for (const RunDifference& one : differences(saved.run, now.run)) {
    if (may_differ(one.key)) continue;
    throw Error(ErrorCode::usage,
                fmt::format("{}: the run was begun with {}: {}, but is to go on with {}. Leave it "
                            "as it was, or begin a new run.",
                            source, one.key, one.first, one.second));
  }
  if (saved.data == now.data) return;
  const Fingerprint &was = saved.data, &is = now.data;
  const bool same_rows = was.rows == is.rows && was.training_rows == is.training_rows &&
                         was.validation_rows == is.validation_rows;
  const auto rows = [](const Fingerprint& data) {
    return fmt::format("{} rows, {} for training and {} for validation", data.rows,
                       data.training_rows, data.validation_rows);
  };
  throw Error(
      ErrorCode::data,
      fmt::format("{}: the run was begun with other data: {}. To learn from these data, "
                  "begin a new run.",
                  source,
                  same_rows ? "the number of rows is the same, but not their contents"
                            : fmt::format("it had {}; now there are {}", rows(was), rows(is))));
}

}  // namespace sinapse
