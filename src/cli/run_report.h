// What a training run leaves behind: its files, and its summary.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <sinapse/train.h>

#include "cli/output_folder.h"
#include "train/run_file.h"

namespace sinapse::cli {

/// Task, metrics, class_reports, epochs, seconds, parameters, weights_sha256.
nlohmann::ordered_json report_json(const TrainResult& result);

/// Columns: epoch, loss, val_loss, val_<metric>..., learning_rate, seconds.
std::string history_csv(const std::vector<EpochRecord>& history);

/// Writes model.onnx, run.yaml, history.csv, metrics.json and, unless `page` is empty, report.html,
/// all or none. Throws Error(file).
void write_run(OutputFolder& folder, const TrainResult& result, const RunDescription& run,
               const std::string& page = "");

/// The summary for a person; `folder` says where the files are.
std::string report_text(const TrainResult& result, const OutputFolder& folder,
                        bool has_page = false);

}  // namespace sinapse::cli
