#include "explain/occlusion.h"

#include <algorithm>
#include <vector>

namespace sinapse {

namespace {

constexpr int64_t kSquaresAtOnce = 16;
constexpr int64_t kSquaresAlongSide = 7;

struct Square {
  int64_t top = 0, left = 0, height = 0, width = 0;
};

// The last one ends at the edge.
std::vector<int64_t> starts(int64_t side, int64_t patch) {
  const int64_t step = std::max<int64_t>(1, patch / 2);
  std::vector<int64_t> all;
  for (int64_t at = 0; at + patch < side; at += step) all.push_back(at);
  all.push_back(std::max<int64_t>(0, side - patch));
  return all;
}

std::vector<Square> squares_of(const Picture& picture, int64_t patch) {
  std::vector<Square> squares;
  for (const int64_t top : starts(picture.height, patch))
    for (const int64_t left : starts(picture.width, patch))
      squares.push_back(
          {top, left, std::min(patch, picture.height), std::min(patch, picture.width)});
  return squares;
}

template <class Visit>
void each_place(const Square& square, const Picture& picture, Visit&& visit) {
  for (int64_t y = square.top; y < square.top + square.height; ++y)
    for (int64_t x = square.left; x < square.left + square.width; ++x) visit(y * picture.width + x);
}

// The picture once for each square, covered there.
std::vector<double> covered(std::span<const double> point, std::span<const double> baseline,
                            const Picture& picture, std::span<const Square> squares) {
  std::vector<double> points;
  for (const Square& square : squares) {
    const size_t first = points.size();
    points.insert(points.end(), point.begin(), point.end());
    each_place(square, picture, [&](int64_t place) {
      for (int64_t c = 0; c < picture.channels; ++c) {
        const auto at = static_cast<size_t>(c * picture.places() + place);
        points[first + at] = baseline[at];
      }
    });
  }
  return points;
}

}  // namespace

AttentionMap occlusion(const InputGradient& network, std::span<const double> point,
                       std::span<const double> baseline, const Picture& picture, int64_t output,
                       int64_t patch, Team& team) {
  const int64_t shorter = std::min(picture.height, picture.width);
  if (patch <= 0) patch = (shorter + kSquaresAlongSide - 1) / kSquaresAlongSide;
  const std::vector<Square> squares = squares_of(picture, patch);
  const auto outputs = static_cast<size_t>(network.num_outputs());
  const double whole = network.evaluate(point, output, team).outputs[static_cast<size_t>(output)];
  std::vector<double> sums(static_cast<size_t>(picture.places())), counts(sums.size());
  for (size_t first = 0; first < squares.size(); first += kSquaresAtOnce) {
    const auto some =
        std::span(squares).subspan(first, std::min<size_t>(kSquaresAtOnce, squares.size() - first));
    const std::vector<double> answers =
        network.evaluate(covered(point, baseline, picture, some), output, team).outputs;
    for (size_t i = 0; i < some.size(); ++i) {
      const double lost = whole - answers[i * outputs + static_cast<size_t>(output)];
      each_place(some[i], picture, [&](int64_t place) {
        sums[static_cast<size_t>(place)] += lost;
        ++counts[static_cast<size_t>(place)];
      });
    }
  }
  for (size_t i = 0; i < sums.size(); ++i) sums[i] /= counts[i];
  return {picture.height, picture.width, std::move(sums)};
}

}  // namespace sinapse
