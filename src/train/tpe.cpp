// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kégl 2011): the trials so far
// are divided into the best and the others; l and g are the densities of both, made of a normal
// distribution around each trial and one over the whole range. Of some candidates drawn from l the
// one with the largest l / g is tried, which has the largest expected improvement.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/philox.h"
#include "train/search.h"

namespace sinapse {

namespace {

constexpr size_t kRandomTrials = 10;
constexpr double kGoodShare = 0.15;
constexpr uint64_t kCandidates = 24;
constexpr uint64_t kDraws = 64;  // random numbers set aside for a candidate

double normal_distribution(double x) {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

/// A density over [0, 1]: equally weighted normal distributions, cut off at the ends.
class Parzen {
 public:
  // The width around a point is the distance to its farther neighbour.
  explicit Parzen(std::vector<double> points) {
    std::sort(points.begin(), points.end());
    const double narrowest = 1 / std::min(100.0, 1 + static_cast<double>(points.size()));
    for (size_t i = 0; i < points.size(); ++i) {
      const double left = points[i] - (i > 0 ? points[i - 1] : 0);
      const double right = (i + 1 < points.size() ? points[i + 1] : 1) - points[i];
      kernels_.push_back({points[i], std::clamp(std::max(left, right), narrowest, 1.0)});
    }
    kernels_.push_back({0.5, 1});
  }

  double density(double x) const {
    double sum = 0;
    for (const Kernel& kernel : kernels_) sum += kernel.density(x);
    return sum / static_cast<double>(kernels_.size());
  }

  // Numbers first .. first + kDraws - 1 of the stream.
  double draw(const RandomStream& random, uint64_t first) const {
    const auto pick =
        static_cast<size_t>(random.uniform(first) * static_cast<double>(kernels_.size()));
    const Kernel& kernel = kernels_[pick];
    const uint64_t normals = first / 2 + 1;  // normal(i) uses the numbers 2 i and 2 i + 1
    for (uint64_t i = normals; i < first / 2 + kDraws / 2; ++i) {
      const double x = kernel.centre + kernel.width * random.normal(i);
      if (x >= 0 && x < 1) return x;
    }
    return kernel.centre;
  }

 private:
  struct Kernel {
    double centre, width;
    double density(double x) const {
      const double z = (x - centre) / width;
      const double inside =
          normal_distribution((1 - centre) / width) - normal_distribution(-centre / width);
      return std::exp(-z * z / 2) / (std::sqrt(2 * std::numbers::pi) * width * inside);
    }
  };
  std::vector<Kernel> kernels_;
};

/// Probabilities of choices: how often each was seen, and once more each.
class Frequencies {
 public:
  Frequencies(const std::vector<double>& seen, size_t choices) : shares_(choices, 1.0) {
    for (const double choice : seen) ++shares_[static_cast<size_t>(choice)];
    for (double& share : shares_) share /= static_cast<double>(seen.size() + choices);
  }

  double density(double choice) const { return shares_[static_cast<size_t>(choice)]; }

  double draw(const RandomStream& random, uint64_t first) const {
    double left = random.uniform(first);
    for (size_t i = 0; i + 1 < shares_.size(); ++i) {
      if (left < shares_[i]) return static_cast<double>(i);
      left -= shares_[i];
    }
    return static_cast<double>(shares_.size() - 1);
  }

 private:
  std::vector<double> shares_;
};

template <class Density>
double best_candidate(const Density& good, const Density& other, const RandomStream& random,
                      uint64_t first) {
  double best = 0, best_ratio = -1;
  for (uint64_t i = 0; i < kCandidates; ++i) {
    const double x = good.draw(random, first + i * kDraws);
    const double ratio = good.density(x) / other.density(x);
    if (ratio > best_ratio) {
      best = x;
      best_ratio = ratio;
    }
  }
  return best;
}

}  // namespace

Point tpe_point(const Search& search, const std::vector<Observation>& seen) {
  const auto trial = static_cast<int64_t>(seen.size());
  if (seen.size() < kRandomTrials) return random_point(search, trial);
  const std::vector<size_t> order = from_best(seen);
  const auto num_good =
      static_cast<size_t>(std::ceil(kGoodShare * static_cast<double>(seen.size())));
  const RandomStream random(search.options.seed, Purpose::search, trial);
  Point point;
  for (size_t d = 0; d < search.space.size(); ++d) {
    std::vector<double> good, other;
    for (size_t i = 0; i < order.size(); ++i) {
      (i < num_good ? good : other).push_back(seen[order[i]].proposal.point[d]);
    }
    const uint64_t first = d * kCandidates * kDraws;
    const size_t choices = search.space[d].choices.size();
    point.push_back(choices > 0 ? best_candidate(Frequencies(good, choices),
                                                 Frequencies(other, choices), random, first)
                                : best_candidate(Parzen(good), Parzen(other), random, first));
  }
  return point;
}

}  // namespace sinapse
