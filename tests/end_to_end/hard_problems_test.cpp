// The problems of the manual that lbfgs learns without a mistake.
#include <cmath>

#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

using HardProblems = EndToEnd;

std::string parity_csv() {
  std::string csv = "a,b,c,d,e,f,g,h,odd\n";
  for (int i = 0; i < 256; ++i) {
    int ones = 0;
    for (int k = 0; k < 8; ++k) {
      ones += i >> k & 1;
      csv += fmt::format("{},", i >> k & 1);
    }
    csv += ones % 2 == 1 ? "yes\n" : "no\n";
  }
  return csv;
}

// Lang, Witbrock 1988.
std::string spirals_csv() {
  std::string csv = "x,y,arm\n";
  for (int i = 0; i < 97; ++i) {
    const double angle = i * 3.14159265 / 16, radius = 6.5 * (104 - i) / 104;
    const double x = radius * std::sin(angle), y = radius * std::cos(angle);
    csv += fmt::format("{:f},{:f},first\n{:f},{:f},second\n", x, y, -x, -y);
  }
  return csv;
}

TEST_F(HardProblems, ParityOfEightBits) {
  file("parity.csv", parity_csv());
  const auto report = sinapse_json({"train", "parity.csv", "--target", "odd", "--optimizer",
                                    "lbfgs", "--activation", "tanh", "--hidden", "48",
                                    "--validation-split", "0", "--epochs", "200", "--json"});
  EXPECT_EQ(report["metrics"]["train"]["accuracy"], 1.0);
}

TEST_F(HardProblems, TwoSpirals) {
  file("spirals.csv", spirals_csv());
  const auto report = sinapse_json({"train", "spirals.csv", "--target", "arm", "--optimizer",
                                    "lbfgs", "--activation", "gelu", "--hidden", "48,48",
                                    "--validation-split", "0", "--epochs", "900", "--json"});
  EXPECT_EQ(report["metrics"]["train"]["accuracy"], 1.0);
}

}  // namespace

}  // namespace sinapse
