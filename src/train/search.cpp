#include "train/search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "data/philox.h"

namespace sinapse {

namespace {

constexpr int64_t kReduction = 3;  // of trials from round to round of halving

// The ends of a range where coordinates are proportional to values.
struct Scale {
  double low, high;
};

Scale scale_of(const SearchRange& range) {
  const double margin = range.whole ? 0.5 : 0;  // so that both ends are as likely as the others
  const Scale scale{range.low - margin, range.high + margin};
  return range.log ? Scale{std::log(scale.low), std::log(scale.high)} : scale;
}

Proposal halving_proposal(const Search& search, const std::vector<Observation>& seen) {
  size_t begin = 0, previous = 0;
  for (const Round& round : rounds_of_halving(search)) {
    const auto trials = static_cast<size_t>(round.trials);
    if (seen.size() < begin + trials) {
      if (begin == 0)
        return {random_point(search, static_cast<int64_t>(seen.size())), round.epochs};
      const std::vector<Observation> last(seen.begin() + static_cast<std::ptrdiff_t>(previous),
                                          seen.begin() + static_cast<std::ptrdiff_t>(begin));
      return {last[from_best(last)[seen.size() - begin]].proposal.point, round.epochs};
    }
    previous = begin;
    begin += trials;
  }
  throw Error(ErrorCode::usage, "the search is at its end.");
}

}  // namespace

Proposal propose(const Search& search, const std::vector<Observation>& seen) {
  const std::string& method = search.options.method;
  if (method == "random") return {random_point(search, static_cast<int64_t>(seen.size()))};
  if (method == "tpe") return {tpe_point(search, seen)};
  if (method == "halving") return halving_proposal(search, seen);
  throw Error(ErrorCode::usage, fmt::format("There is no method \"{}\".{}", method,
                                            did_you_mean(method, {"random", "tpe", "halving"})));
}

Point random_point(const Search& search, int64_t trial) {
  const RandomStream random(search.options.seed, Purpose::search, trial);
  Point point;
  for (size_t i = 0; i < search.space.size(); ++i) {
    const auto choices = static_cast<double>(search.space[i].choices.size());
    const double u = random.uniform(i);
    point.push_back(choices > 0 ? std::floor(u * choices) : u);
  }
  return point;
}

// As many rounds as the trials and the epochs allow; the last has all epochs.
std::vector<Round> rounds_of_halving(const Search& search) {
  int64_t last = 0;
  for (int64_t trials = search.options.trials, epochs = search.epochs;
       trials >= kReduction && epochs >= kReduction; trials /= kReduction, epochs /= kReduction) {
    ++last;
  }
  std::vector<Round> rounds;
  int64_t trials = search.options.trials;
  for (int64_t i = last; i >= 0; --i, trials /= kReduction) {
    int64_t epochs = search.epochs;
    for (int64_t k = 0; k < i; ++k) epochs /= kReduction;
    rounds.push_back({trials, epochs});
  }
  return rounds;
}

std::string value_text(const SearchRange& range, double coordinate) {
  if (!range.choices.empty()) return range.choices[static_cast<size_t>(coordinate)];
  const Scale scale = scale_of(range);
  double value = scale.low + coordinate * (scale.high - scale.low);
  if (range.log) value = std::exp(value);
  if (range.whole) value = std::round(value);
  value = std::clamp(value, range.low, range.high);
  return range.whole ? fmt::format("{}", static_cast<int64_t>(value)) : fmt::format("{}", value);
}

std::vector<size_t> from_best(const std::vector<Observation>& seen) {
  std::vector<size_t> order(seen.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return seen[a].loss < seen[b].loss; });
  return order;
}

void check_space(const SearchSpace& space) {
  if (space.empty()) {
    throw Error(ErrorCode::usage,
                "the space of the search is empty: declare at least one key, for example "
                "training.learning_rate=1e-4..1e-1:log.");
  }
  for (const SearchRange& range : space) {
    const auto fail = [&](const std::string& what) {
      throw Error(ErrorCode::usage, fmt::format("the range of {} {}.", range.key, what));
    };
    if (!range.choices.empty()) continue;
    if (!std::isfinite(range.low) || !std::isfinite(range.high) || !(range.low < range.high)) {
      fail(fmt::format("must go from a smaller to a larger number, not from {} to {}", range.low,
                       range.high));
    }
    if (range.log && range.low <= 0)
      fail(fmt::format("is log and must begin above 0, not at {}", range.low));
    constexpr double kLargestWhole = 9e15;
    const bool whole = range.low == std::trunc(range.low) && range.high == std::trunc(range.high) &&
                       std::abs(range.low) <= kLargestWhole &&
                       std::abs(range.high) <= kLargestWhole;
    if (range.whole && !whole) fail("must have whole numbers as its ends");
  }
}

}  // namespace sinapse
