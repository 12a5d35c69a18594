// Small tables to train on, the same in every run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace sinapse {

/// Numbers in [0, 1) by a linear congruence (Knuth's MMIX).
class Numbers {
 public:
  double next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 11) / 9007199254740992.0;
  }
  int64_t below(int64_t n) { return static_cast<int64_t>(next() * static_cast<double>(n)); }

 private:
  uint64_t state_ = 42;
};

/// Columns a, b, c; y = 3 a - 2 b + 10.
inline std::string regression_csv(int rows = 200) {
  Numbers numbers;
  std::string csv = "a,b,c,y\n";
  for (int i = 0; i < rows; ++i) {
    const double a = numbers.next(), b = numbers.next(), c = numbers.next();
    csv += fmt::format("{:.4f},{:.4f},{:.4f},{:.4f}\n", a, b, c, 3 * a - 2 * b + 10);
  }
  return csv;
}

/// Columns of every kind with missing cells and quoted texts; `class` has as many classes as asked.
inline std::string mixed_csv(int classes = 2, int rows = 240, char delimiter = ',') {
  const std::vector<std::string> cities = {"Paris", "\"Rome, \"\"Roma\"\"\"", "São Paulo", ""};
  const std::vector<std::string> names = {"no", "yes", "perhaps", "never"};
  Numbers numbers;
  std::string csv = "age,city,joined,member,score,class\n";
  for (int i = 0; i < rows; ++i) {
    const double score = numbers.next();
    const std::string age = numbers.below(8) == 0 ? "" : fmt::format("{}", 18 + numbers.below(60));
    const int64_t city = numbers.below(4);
    csv += fmt::format("{},{},20{:02}-{:02}-{:02},{},{:.3f},{}\n", age, cities[city],
                       10 + numbers.below(12), 1 + numbers.below(12), 1 + numbers.below(28),
                       numbers.below(2) == 0 ? "true" : "false", score,
                       names[static_cast<size_t>(score * classes)]);
  }
  if (delimiter != ',') {  // the quoted comma stays one
    bool quoted = false;
    for (char& c : csv) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) c = delimiter;
    }
  }
  return csv;
}

}  // namespace sinapse
