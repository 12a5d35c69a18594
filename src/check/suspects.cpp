#include "check/suspects.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "data/column_cells.h"
#include "data/philox.h"
#include "features/features.h"
#include "features/match_columns.h"

namespace sinapse {

namespace {

constexpr int64_t kBins = 64, kRowsPerBin = 8;
constexpr double kDoubtful = 0.05;  // a given class that is more likely than this is not doubted
constexpr double kFarAway = 6, kNormalDeviation = 1.4826;

constexpr int64_t kMissing = 0;  // the bin of cells that are

struct Bins {
  std::vector<int64_t> of;  // each row
  bool ordered = false;     // of numbers
};

// For some of the rows of a column.
Bins bins_of(const Column& column, const std::vector<int64_t>& rows) {
  const ColumnCells cells(column);
  Bins bins{.of = {}, .ordered = has_numbers(column.kind)};
  if (!bins.ordered) {
    for (const int64_t row : rows) bins.of.push_back(cells.code(row) + 1);
    return bins;
  }
  std::vector<double> sorted;
  for (const int64_t row : rows)
    if (std::isfinite(cells.number(row))) sorted.push_back(cells.number(row));
  std::sort(sorted.begin(), sorted.end());
  const auto count = static_cast<int64_t>(sorted.size());
  const int64_t num_bins = std::clamp<int64_t>(count / kRowsPerBin, 1, kBins);
  std::vector<double> edges;
  for (int64_t b = 1; b < num_bins; ++b)
    edges.push_back(sorted[static_cast<size_t>(b * count / num_bins)]);
  for (const int64_t row : rows) {
    const double x = cells.number(row);
    bins.of.push_back(std::isfinite(x)
                          ? 1 + (std::upper_bound(edges.begin(), edges.end(), x) - edges.begin())
                          : kMissing);
  }
  return bins;
}

// Halves of the rows: what is learned from one is measured on the other.
bool in_half(size_t row, uint32_t half) {
  static const RandomStream random(1, purpose_of("halves of a column"), 0);
  return (random.bits(row) & 1) == half;
}

// The entry of the bin or, where bins are ordered, of the nearest one; end() if there is none.
template <class Learned>
auto entry_for(const Learned& learned, int64_t bin, bool ordered) {
  const auto above = learned.lower_bound(bin);
  if (above != learned.end() && above->first == bin) return above;
  if (!ordered || bin == kMissing || learned.empty()) return learned.end();
  if (above == learned.begin()) return above;
  const auto below = std::prev(above);
  return above == learned.end() || bin - below->first <= above->first - bin ? below : above;
}

double share_explained(const Bins& bins, std::span<const float> numbers) {
  double error = 0, total = 0, mean = 0;
  for (const float y : numbers) mean += double{y} / static_cast<double>(numbers.size());
  for (const uint32_t half : {0u, 1u}) {
    std::map<int64_t, std::pair<double, double>> sums;
    for (size_t r = 0; r < numbers.size(); ++r) {
      if (!in_half(r, half)) continue;
      sums[bins.of[r]].first += double{numbers[r]};
      ++sums[bins.of[r]].second;
    }
    for (size_t r = 0; r < numbers.size(); ++r) {
      if (in_half(r, half)) continue;
      const auto found = entry_for(std::as_const(sums), bins.of[r], bins.ordered);
      const double guess = found == sums.end() ? mean : found->second.first / found->second.second;
      error += (double{numbers[r]} - guess) * (double{numbers[r]} - guess);
      total += (double{numbers[r]} - mean) * (double{numbers[r]} - mean);
    }
  }
  return total > 0 ? 1 - error / total : 0;
}

// Places in rising order, equal numbers sharing theirs: a few large ones must not decide.
std::vector<float> ranks_of(std::span<const float> numbers) {
  std::vector<size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return numbers[a] < numbers[b]; });
  std::vector<float> ranks(numbers.size());
  for (size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && numbers[order[last]] == numbers[order[first]]) ++last;
    for (size_t i = first; i < last; ++i)
      ranks[order[i]] = static_cast<float>(first + last - 1) / 2;
  }
  return ranks;
}

std::ptrdiff_t most_frequent(const std::vector<double>& counts) {
  return std::max_element(counts.begin(), counts.end()) - counts.begin();
}

double share_told(const Bins& bins, std::span<const float> labels, size_t classes) {
  std::vector<double> overall(classes);
  for (const float label : labels) ++overall[static_cast<size_t>(label)];
  const auto usual = most_frequent(overall);
  double right = 0;
  for (const uint32_t half : {0u, 1u}) {
    std::map<int64_t, std::vector<double>> counts;
    for (size_t r = 0; r < labels.size(); ++r) {
      if (!in_half(r, half)) continue;
      std::vector<double>& bin = counts[bins.of[r]];
      bin.resize(classes);
      ++bin[static_cast<size_t>(labels[r])];
    }
    for (size_t r = 0; r < labels.size(); ++r) {
      if (in_half(r, half)) continue;
      const auto found = entry_for(std::as_const(counts), bins.of[r], bins.ordered);
      const auto guess = found == counts.end() ? usual : most_frequent(found->second);
      right += guess == static_cast<std::ptrdiff_t>(labels[r]) ? 1 : 0;
    }
  }
  const double rows = static_cast<double>(labels.size()), by_chance = overall[usual];
  return by_chance < rows ? (right - by_chance) / (rows - by_chance) : 0;
}

// FNV-1a of all inputs of a row.
uint64_t hash_of(const Dataset& data, int64_t row, std::vector<float>& buffer) {
  uint64_t hash = 14695981039346656037u;
  for (const InputColumns& input : data.inputs) {
    buffer.resize(input.columns);
    input.copy_row(row, buffer.data());
    for (const float x : buffer) {
      uint32_t bits = 0;
      const float value = x == 0 ? 0.0f : x;  // -0 is 0
      std::memcpy(&bits, &value, sizeof bits);
      for (int byte = 0; byte < 4; ++byte)
        hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 1099511628211u;
    }
  }
  return hash;
}

}  // namespace

std::vector<LoneColumn> lone_columns(const Features& features, const Table& table,
                                     const Target& target, std::span<const float> encoded) {
  const size_t classes = target.classes().size();
  const auto width = static_cast<size_t>(target.width());
  std::vector<int64_t> rows;
  std::vector<float> truth;
  for (size_t r = 0; r * width < encoded.size(); ++r) {
    if (std::isnan(encoded[r * width])) continue;
    rows.push_back(static_cast<int64_t>(r));
    truth.push_back(encoded[r * width]);
  }
  const MatchedColumns matched(table, features.kinds());
  std::vector<LoneColumn> result;
  for (const auto& [name, kind] : features.kinds()) {
    const Bins bins = bins_of(matched[name], rows);
    result.push_back({name, classes > 0 ? share_told(bins, truth, classes)
                                        : share_explained(bins, ranks_of(truth))});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  return result;
}

std::vector<Twins> find_twins(const Dataset& data, const std::vector<NamedRows>& parts) {
  struct First {
    size_t part;
    int64_t row;
  };
  std::unordered_map<uint64_t, First> seen;
  std::vector<Twins> result;
  std::vector<float> buffer;
  for (size_t p = 0; p < parts.size(); ++p) {
    std::vector<Twins> with(parts.size());
    for (const int64_t row : parts[p].rows) {
      const auto [found, is_new] = seen.try_emplace(hash_of(data, row, buffer), First{p, row});
      if (is_new) continue;
      Twins& twins = with[found->second.part];
      if (twins.rows++ == 0) twins.example = row, twins.twin = found->second.row;
    }
    for (size_t other = 0; other <= p; ++other) {
      if (with[other].rows == 0 || (other == p && parts.size() > 1)) continue;
      with[other].part = parts[p].name;
      with[other].other = parts[other].name;
      with[other].of = static_cast<int64_t>(parts[p].rows.size());
      result.push_back(with[other]);
    }
  }
  return result;
}

std::vector<DoubtfulLabel> doubtful_labels(std::span<const double> probabilities,
                                           std::span<const float> truth, size_t classes) {
  std::vector<double> sums(classes), counts(classes);
  for (size_t r = 0; r < truth.size(); ++r) {
    if (std::isnan(truth[r])) continue;
    const auto label = static_cast<size_t>(truth[r]);
    sums[label] += probabilities[r * classes + label];
    ++counts[label];
  }
  std::vector<DoubtfulLabel> result;
  for (size_t r = 0; r < truth.size(); ++r) {
    if (std::isnan(truth[r])) continue;
    const auto given = static_cast<size_t>(truth[r]);
    const auto row = probabilities.subspan(r * classes, classes);
    const auto likely = static_cast<size_t>(std::max_element(row.begin(), row.end()) - row.begin());
    if (likely == given || row[given] >= kDoubtful || counts[likely] == 0) continue;
    if (row[likely] < sums[likely] / counts[likely]) continue;
    result.push_back({static_cast<int64_t>(r), static_cast<int32_t>(given),
                      static_cast<int32_t>(likely), row[given]});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.probability < b.probability; });
  return result;
}

std::vector<DoubtfulNumber> doubtful_numbers(std::span<const double> truth,
                                             std::span<const double> predicted) {
  std::vector<double> distances;
  for (size_t r = 0; r < truth.size(); ++r)
    if (std::isfinite(truth[r] - predicted[r]))
      distances.push_back(std::abs(truth[r] - predicted[r]));
  if (distances.empty()) return {};
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  const double deviation = kNormalDeviation * *middle;
  std::vector<DoubtfulNumber> result;
  for (size_t r = 0; r < truth.size(); ++r) {
    const double distance = std::abs(truth[r] - predicted[r]);
    if (deviation > 0 && std::isfinite(distance) && distance > kFarAway * deviation)
      result.push_back({static_cast<int64_t>(r), truth[r], predicted[r], distance / deviation});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.deviations > b.deviations; });
  return result;
}

}  // namespace sinapse
