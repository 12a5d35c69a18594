// The page of a model on data that it was not trained with: what `sinapse evaluate --report`
// writes.
#pragma once

#include <string>

#include <sinapse/forecast.h>
#include <sinapse/image_set.h>
#include <sinapse/metric.h>
#include <sinapse/model.h>
#include <sinapse/table.h>

namespace sinapse {

/// Data with known answers: a table, or samples in the place of training data.
struct EvaluatedData {
  std::string name;
  const Table* table = nullptr;
  const ImageFolder* samples = nullptr;
};

/// The sections of a run's page that do not tell of training; rows are called test rows. Throws
/// Error(usage) for a model of series or of sequences of rows.
std::string evaluation_page(const Model& model, const Evaluation& evaluation,
                            const EvaluatedData& data, const std::string& command, int threads);

/// Of a model of series: beside the simple ways, step by step, and what it relies on.
std::string evaluation_page(const Model& model, const ForecastEvaluation& evaluation,
                            const EvaluatedData& data, const std::string& command, int threads);

}  // namespace sinapse
