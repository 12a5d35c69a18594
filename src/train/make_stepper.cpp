#include "train/make_stepper.h"

#include "train/full_batch_stepper.h"
#include "train/lbfgs_stepper.h"
#include "train/levenberg_marquardt.h"
#include "train/levenberg_marquardt_stepper.h"

namespace sinapse {

std::unique_ptr<Stepper> make_stepper(const TrainingGraph& graph, const Optimizer& optimizer,
                                      const TrainingOptions& options, Team& team) {
  const bool is_full = optimizer.definition->full_batch;
  const int64_t rows = is_full ? std::min(kChunkRows, options.batch_size) : options.batch_size;
  auto stepper = options.reference ? reference_stepper(graph, rows)
                                   : compiled_stepper(graph, optimizer, rows, team,
                                                      parse_precision(options.precision));
  if (!is_full) return stepper;
  if (is_levenberg_marquardt(optimizer)) {
    return levenberg_marquardt_stepper(graph, std::move(stepper), optimizer, team);
  }
  return lbfgs_stepper(graph, std::move(stepper), optimizer);
}

}  // namespace sinapse
