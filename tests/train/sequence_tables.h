// Tables whose rows make sequences.
#pragma once

#include <cmath>
#include <string>

#include <fmt/format.h>

#include <sinapse/train.h>

namespace sinapse {

/// Machines of 1 to 14 rows, mixed: `sum` says whether the x of a machine add up to more than 0,
/// `so_far` whether those up to the row do, `level` is their sum so far.
inline std::string machines_csv(int machines = 60) {
  std::string csv = "machine,t,x,color,sum,so_far,level\n";
  const auto x_of = [](int m, int t) {
    const double y = std::sin(12.9898 * (m * 17 + t)) * 43758.5453;
    return y - std::floor(y) - 0.5;
  };
  const auto length = [](int m) { return 1 + m * 7 % 14; };
  for (int t = 0; t < 14; ++t) {
    for (int m = 0; m < machines; ++m) {
      if (t >= length(m)) continue;
      double so_far = 0, sum = 0;
      for (int i = 0; i < length(m); ++i) (i <= t ? so_far : sum) += x_of(m, i);
      csv += fmt::format("m{},{},{:.4f},{},{},{},{:.4f}\n", m, t, x_of(m, t),
                         t % 3 == 0 ? "red" : "blue", so_far + sum > 0 ? "up" : "down",
                         so_far > 0 ? "up" : "down", so_far);
    }
  }
  return csv;
}

inline RunOptions machine_options(const std::string& target) {
  RunOptions options;
  options.data.target = target;
  options.data.sequence_by = "machine";
  options.data.order_by = "t";
  for (const char* other : {"sum", "so_far", "level"})
    if (other != target) options.data.ignore.emplace_back(other);
  options.data.validation_split = 0.2;
  options.training.epochs = 4;
  options.training.threads = 1;
  options.network.layers = {{"gru", "", {}, {{"units", int64_t{8}}}}};
  if (target != "sum") options.network.layers[0].fields["return_sequences"] = true;
  return options;
}

}  // namespace sinapse
