// Trains a convolutional network on arrays in memory: small pictures of crosses and squares.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include <sinapse/image_set.h>
#include <sinapse/train.h>

sinapse::ArrayDataset draw(int samples, std::mt19937& random) {
  std::uniform_int_distribution<int> place(2, 9), noise(0, 80);
  sinapse::ArrayDataset data;
  data.classes = {"cross", "square"};
  data.inputs.type = sinapse::ElementType::uint8;
  data.inputs.shape = {samples, 1, 12, 12};  // one channel
  data.inputs.bytes.resize(samples * 144);
  for (int s = 0; s < samples; ++s) {
    std::byte* const picture = data.inputs.bytes.data() + s * 144;
    for (int i = 0; i < 144; ++i) picture[i] = std::byte(noise(random));
    const int x = place(random), y = place(random), label = s % 2;
    for (int dx = -2; dx <= 2; ++dx) {
      for (int dy = -2; dy <= 2; ++dy) {
        const bool on_cross = dx == 0 || dy == 0,
                   on_square = std::max(std::abs(dx), std::abs(dy)) == 2;
        if (label == 0 ? on_cross : on_square) picture[12 * (y + dy) + x + dx] = std::byte(200);
      }
    }
    data.labels.push_back(label);
  }
  return data;
}

int main() try {
  std::mt19937 random(1);
  const sinapse::ImageFolder images{draw(1000, random), draw(200, random)};
  sinapse::RunOptions options;
  options.network.layers = {{"conv",
                             "",
                             {},
                             {{"filters", int64_t{8}},
                              {"kernel_size", std::vector<int64_t>{5, 5}},
                              {"activation", std::string("relu")}}},
                            {"max_pool", "", {}, {{"pool_size", std::vector<int64_t>{2, 2}}}},
                            {"flatten", "", {}, {}}};
  options.training.epochs = 15;
  options.training.batch_size = 32;
  options.training.learning_rate = 0.01;
  const sinapse::TrainResult result = sinapse::train(images, options);
  result.model.save("train_arrays.onnx");
  std::cout << "accuracy " << result.metrics.at("test").at("accuracy") << "\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
