// The README's example of the library, line by line.
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include <sinapse/train.h>

#include "data/temporary_folder.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

class InFolder {
 public:
  explicit InFolder(const std::string& folder) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  ~InFolder() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

std::string cars_csv() {
  std::string csv = regression_csv();
  return csv.replace(csv.find("y\n"), 1, "price");
}

TEST(Library, ExampleOfTheReadme) {
  const TemporaryFolder folder;
  const InFolder inside(folder.path(""));
  folder.file("cars.csv", cars_csv());
  folder.file("new_cars.csv", cars_csv());
  // clang-format off
  // Example begins.
sinapse::RunOptions options;
options.data.target = "price";
options.network.hidden = {64, 32};
options.network.activation = "gelu";

const sinapse::Table cars = sinapse::read_table("cars.csv");
sinapse::TrainResult result = sinapse::train(cars, options);
result.model.save("cars.onnx");

const sinapse::Model model = sinapse::Model::load("cars.onnx");
const sinapse::Predictions prices = model.predict(model.read("new_cars.csv"));
  // Example ends.
  // clang-format on
  EXPECT_EQ(prices.num_rows(), 200);
}

TEST(Library, ExampleStandsInTheReadme) {
  const std::string source = read_back(source_path("tests/end_to_end/library_test.cpp"));
  const std::string open = "  // Example begins.\n";
  const size_t begin = source.find(open) + open.size();
  const std::string example = source.substr(begin, source.find("  // Example ends.\n") - begin);
  EXPECT_NE(read_back(source_path("README.md")).find(example), std::string::npos);
}

}  // namespace

}  // namespace sinapse
