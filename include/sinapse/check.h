// What may be wrong with a model and its data, each with a sentence on what to change.
#pragma once

#include <string>
#include <vector>

#include <sinapse/image_set.h>
#include <sinapse/model.h>
#include <sinapse/train.h>

namespace sinapse {

enum class Severity : uint8_t {
  note,     ///< worth a look
  warning,  ///< probably costs something
  error,    ///< wrong
};
std::string_view name_of(Severity severity);

struct Finding {
  std::string check;  ///< one of those below: "dead_units"
  Severity severity = Severity::note;
  std::string where;   ///< a layer, parameter, column, or rows
  std::string what;    ///< a sentence
  std::string advice;  ///< a sentence: what to change
};

/// One check that was made.
struct CheckResult {
  std::string name;
  std::string result;  ///< what was looked at: "12 parameters and inputs, largest error 3e-09"
  std::vector<Finding> findings;
};

struct CheckOptions {
  int64_t max_rows = 256;  ///< at most, for activations and gradients in double precision
  uint64_t seed = 1;
  int threads = 1;  ///< 0: one for each processor; results do not depend on it
};

/// On random rows: weights (all finite), gradients (gradient_check.h), dead_units, saturation,
/// gradient_flow.
std::vector<CheckResult> check(const Model& model, const CheckOptions& options = {});

/// On the rows of a table, with unused_columns, leakage, duplicates and labels besides. With the
/// options of the run, duplicates are looked for between its training, validation and test rows.
/// Throws Error(data) if columns are missing.
std::vector<CheckResult> check(const Model& model, const Table& table,
                               const CheckOptions& options = {}, const RunOptions* run = nullptr);

/// On pictures and other arrays, with duplicates and labels besides.
std::vector<CheckResult> check(const Model& model, const ArrayDataset& samples,
                               const CheckOptions& options = {});

/// Before training: the network with the weights it would begin with. On the table that it would
/// learn from, with leakage and duplicates besides. Throws as train() would.
std::vector<CheckResult> check_untrained(const Table& table, const RunOptions& run,
                                         const CheckOptions& options = {});
std::vector<CheckResult> check_untrained(const ImageFolder& images, const RunOptions& run,
                                         const CheckOptions& options = {});

/// The same without data, on random rows: network.layers must begin with a layer "input" with the
/// shape of a row. It answers with one number, or three classes if the loss is for classes. Throws
/// Error(usage) without such a layer.
std::vector<CheckResult> check_untrained(const RunOptions& run, const CheckOptions& options = {});

}  // namespace sinapse
