#include "explain/integrated_gradients.h"

#include <algorithm>
#include <cmath>

namespace sinapse {

namespace {

constexpr int64_t kFirstPieces = 4;

/// The network at one place of the path.
struct Place {
  double at = 0, output = 0, slope = 0;  // slope: by t
  std::vector<double> gradient;
};

struct Piece {
  Place begin, middle, end;

  double length() const { return end.at - begin.at; }
  /// What Simpson's rule says of the difference, less the difference.
  double error() const {
    return length() * (begin.slope + 4 * middle.slope + end.slope) / 6 -
           (end.output - begin.output);
  }
};

class Path {
 public:
  Path(const InputGradient& network, std::span<const double> point,
       std::span<const double> baseline, int64_t output, Team& team)
      : network_(network), baseline_(baseline), output_(output), team_(team) {
    for (size_t i = 0; i < point.size(); ++i) step_.push_back(point[i] - baseline[i]);
  }

  const std::vector<double>& step() const { return step_; }
  int64_t evaluations() const { return evaluations_; }

  std::vector<Place> look(const std::vector<double>& at) {
    std::vector<double> points;
    for (const double t : at)
      for (size_t i = 0; i < step_.size(); ++i) points.push_back(baseline_[i] + t * step_[i]);
    const InputGradient::Values values = network_.evaluate(points, output_, team_);
    evaluations_ += static_cast<int64_t>(at.size());
    std::vector<Place> places;
    for (size_t p = 0; p < at.size(); ++p) {
      const auto first = values.gradients.begin() + static_cast<std::ptrdiff_t>(p * step_.size());
      Place place{at[p],
                  values.outputs[p * static_cast<size_t>(network_.num_outputs()) +
                                 static_cast<size_t>(output_)],
                  0,
                  {first, first + static_cast<std::ptrdiff_t>(step_.size())}};
      for (size_t i = 0; i < step_.size(); ++i) place.slope += place.gradient[i] * step_[i];
      places.push_back(std::move(place));
    }
    return places;
  }

 private:
  const InputGradient& network_;
  std::span<const double> baseline_;
  int64_t output_;
  Team& team_;
  std::vector<double> step_;
  int64_t evaluations_ = 0;
};

std::vector<Piece> first_pieces(Path& path) {
  std::vector<double> at;
  for (int64_t i = 0; i <= 2 * kFirstPieces; ++i)
    at.push_back(static_cast<double>(i) / (2 * kFirstPieces));
  const std::vector<Place> places = path.look(at);
  std::vector<Piece> pieces;
  for (size_t i = 0; i + 2 < places.size(); i += 2)
    pieces.push_back({places[i], places[i + 1], places[i + 2]});
  return pieces;
}

double total_error(const std::vector<Piece>& pieces) {
  double sum = 0;
  for (const Piece& piece : pieces) sum += std::abs(piece.error());
  return sum;
}

// Pieces whose error is above the threshold are halved, the worst ones first, `most` of them.
void refine(std::vector<Piece>& pieces, double threshold, int64_t most, Path& path) {
  std::vector<size_t> worst;
  for (size_t i = 0; i < pieces.size(); ++i)
    if (std::abs(pieces[i].error()) > threshold && pieces[i].length() > 1e-13) worst.push_back(i);
  std::stable_sort(worst.begin(), worst.end(), [&](size_t a, size_t b) {
    return std::abs(pieces[a].error()) > std::abs(pieces[b].error());
  });
  worst.resize(std::min(worst.size(), static_cast<size_t>(most)));
  std::sort(worst.begin(), worst.end());
  std::vector<double> at;
  for (const size_t i : worst) {
    at.push_back((pieces[i].begin.at + pieces[i].middle.at) / 2);
    at.push_back((pieces[i].middle.at + pieces[i].end.at) / 2);
  }
  std::vector<Place> places = path.look(at);
  std::vector<Piece> refined;
  size_t next = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (next == worst.size() || worst[next] != i) {
      refined.push_back(std::move(pieces[i]));
      continue;
    }
    Piece& piece = pieces[i];
    refined.push_back({piece.begin, places[2 * next], piece.middle});
    refined.push_back({piece.middle, places[2 * next + 1], piece.end});
    ++next;
  }
  pieces = std::move(refined);
}

void add(const Piece& piece, const std::vector<double>& step, std::vector<double>& attributions) {
  const double share = piece.length() / 6;
  for (size_t i = 0; i < step.size(); ++i)
    attributions[i] +=
        step[i] * share *
        (piece.begin.gradient[i] + 4 * piece.middle.gradient[i] + piece.end.gradient[i]);
}

}  // namespace

double Integral::gap() const {
  double sum = 0;
  for (const double attribution : attributions) sum += attribution;
  return sum - (to - from);
}

Integral integrate(const InputGradient& network, std::span<const double> point,
                   std::span<const double> baseline, int64_t output,
                   const IntegrationOptions& options, Team& team) {
  Path path(network, point, baseline, output, team);
  std::vector<Piece> pieces = first_pieces(path);
  Integral integral{.attributions = std::vector<double>(point.size()),
                    .from = pieces.front().begin.output,
                    .to = pieces.back().end.output};
  const double size = std::max({std::abs(integral.from), std::abs(integral.to),
                                std::abs(integral.to - integral.from), 1e-30});
  const double allowed = options.tolerance * size;
  while (total_error(pieces) > allowed && path.evaluations() + 2 <= options.max_evaluations) {
    const size_t before = pieces.size();
    refine(pieces, allowed / (2 * static_cast<double>(pieces.size())),
           (options.max_evaluations - path.evaluations()) / 2, path);
    if (pieces.size() == before) break;
  }
  for (const Piece& piece : pieces) add(piece, path.step(), integral.attributions);
  integral.evaluations = path.evaluations();
  return integral;
}

}  // namespace sinapse
