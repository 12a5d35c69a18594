// A training loop of your own: two rings of points, batches made up as they are needed, a learning
// rate that falls when the loss no longer does.
#include <cmath>
#include <iostream>
#include <random>
#include <vector>

#include <sinapse/trainer.h>

struct Points {
  std::vector<float> inputs;   // [rows, 2]
  std::vector<float> targets;  // [rows] 0: inner ring, 1: outer ring
};

Points draw(int rows, std::mt19937& random) {
  std::uniform_real_distribution<float> angle(0, 6.2831853f), noise(-0.3f, 0.3f);
  Points points;
  for (int r = 0; r < rows; ++r) {
    const float ring = static_cast<float>(r % 2), radius = 1 + ring + noise(random);
    const float a = angle(random);
    points.inputs.insert(points.inputs.end(), {radius * std::cos(a), radius * std::sin(a)});
    points.targets.push_back(ring);
  }
  return points;
}

int main() try {
  sinapse::Trainer trainer(sinapse::dense_network({16, 16}, "tanh", 1), {2},
                           {.loss = "binary_crossentropy", .learning_rate = 0.02});
  std::mt19937 random(1);
  double mean = 1, best = 1;
  for (int step = 1; step <= 1500; ++step) {
    const Points batch = draw(32, random);
    mean += 0.02 * (trainer.step(batch.inputs, batch.targets) - mean);
    if (step % 100) continue;
    if (mean > 0.95 * best) trainer.set_learning_rate(trainer.learning_rate() / 2);
    best = std::min(best, mean);
    std::cout << "step " << step << "  loss " << mean << "\n";
  }
  const Points test = draw(1000, random);
  const std::vector<float> logits = trainer.predict(test.inputs);
  int right = 0;
  for (size_t i = 0; i < logits.size(); ++i) right += (logits[i] > 0) == (test.targets[i] > 0);
  std::cout << "accuracy " << right / 1000.0 << "\n";
  trainer.model({"inner", "outer"}).save("own_loop.onnx");
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
