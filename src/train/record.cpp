#include "train/record.h"

#include <nlohmann/json.hpp>

namespace sinapse {

std::string training_record(const TrainResult& result, const Split& split) {
  const TrainingOptions& training = result.resolved.training;
  nlohmann::ordered_json record{
      {"program", "sinapse " SINAPSE_VERSION},
      {"training_rows", split.train.size()},
      {"validation_rows", split.validation.size()},
      {"test_rows", split.test.size()},
      {"epochs", result.epochs},
      {"best_epoch", result.best_epoch},
      {"batch_size", training.batch_size},
      {"loss", training.loss},
      {"optimizer", training.optimizer},
      {"learning_rate", training.learning_rate},
      {"schedule", training.schedule},
      {"seed", training.seed},
      {"precision", training.precision},
      {"interrupted", result.interrupted},
      {"final_fit", training.final_fit},
      {"weights_sha256", result.weights_sha256},
  };
  for (const auto& [name, metrics] : result.metrics) record["metrics"][name] = metrics;
  return record.dump(2);
}

}  // namespace sinapse
