#include "cli/explain_pictures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <sinapse/map_sanity.h>

#include "cli/model_data.h"
#include "cli/output.h"
#include "figures/attention_figure.h"

namespace sinapse::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kPictures = 4;  // if no rows are named
constexpr int64_t kRandomNetworks = 10;

/// The rows or columns of a picture between which the middle half of a map lies.
struct MiddleHalf {
  int64_t first = 0, last = 0;
};

MiddleHalf middle_half(const std::vector<double>& sums) {
  const double total = std::accumulate(sums.begin(), sums.end(), 0.0);
  MiddleHalf half{0, static_cast<int64_t>(sums.size()) - 1};
  double below = 0;
  bool found = false;
  for (size_t i = 0; i < sums.size(); ++i) {
    below += sums[i];
    if (!found && below >= 0.25 * total) half.first = static_cast<int64_t>(i), found = true;
    if (below >= 0.75 * total) {
      half.last = static_cast<int64_t>(i);
      break;
    }
  }
  return half;
}

struct Focus {
  MiddleHalf rows, columns;
};

Focus focus_of(const AttentionMap& map) {
  std::vector<double> rows(static_cast<size_t>(map.height)),
      columns(static_cast<size_t>(map.width));
  for (int64_t y = 0; y < map.height; ++y)
    for (int64_t x = 0; x < map.width; ++x) {
      rows[y] += std::abs(map.values[y * map.width + x]);
      columns[x] += std::abs(map.values[y * map.width + x]);
    }
  return {middle_half(rows), middle_half(columns)};
}

struct NamedMap {
  const char* name;
  AttentionMap AttentionMaps::*map;
  MapLikeness SanityStep::*likeness;
  bool has_signs;
};
constexpr NamedMap kMaps[] = {
    {"saliency", &AttentionMaps::saliency, &SanityStep::saliency, false},
    {"integrated_gradients", &AttentionMaps::integrated, &SanityStep::integrated, true},
    {"occlusion", &AttentionMaps::occlusion, &SanityStep::occlusion, true},
    {"grad_cam", &AttentionMaps::grad_cam, &SanityStep::grad_cam, false}};

std::string span_of(const MiddleHalf& half) {
  return fmt::format("{}-{}", half.first + 1, half.last + 1);
}

std::string text_of(const AttentionMaps& maps, const std::string& title) {
  std::vector<std::vector<std::string>> rows{{"map", "rows", "columns"}};
  for (const NamedMap& named : kMaps) {
    const AttentionMap& map = maps.*named.map;
    if (map.values.empty()) continue;
    const Focus focus = focus_of(map);
    rows.push_back({named.name, span_of(focus.rows), span_of(focus.columns)});
  }
  return title + "\n" + format_table(rows, {Align::left, Align::right, Align::right});
}

Json to_json(const AttentionMaps& maps, const std::string& name) {
  Json json = {{"row", maps.sample + 1},
               {"name", name},
               {"output", maps.output},
               {"logit", maps.logit},
               {"probability", maps.probability},
               {"height", maps.picture.height},
               {"width", maps.picture.width},
               {"gap", maps.gap},
               {"layer", maps.layer}};
  for (const NamedMap& named : kMaps) {
    const AttentionMap& map = maps.*named.map;
    if (!map.values.empty()) json[named.name] = map.values;
  }
  return json;
}

// The maps that this network has.
std::vector<NamedMap> maps_in(const AttentionMaps& maps) {
  std::vector<NamedMap> all;
  for (const NamedMap& named : kMaps)
    if (!(maps.*named.map).values.empty()) all.push_back(named);
  return all;
}

std::string text_of(const std::vector<SanityStep>& steps, const std::vector<NamedMap>& maps) {
  std::vector<std::vector<std::string>> rows{{"random from"}};
  std::vector<Align> aligned{Align::left};
  for (const NamedMap& map : maps) {
    rows[0].emplace_back(map.name);
    aligned.push_back(Align::right);
  }
  for (const SanityStep& step : steps) {
    rows.push_back({step.layer});
    for (const NamedMap& map : maps) {
      const auto& [values, sizes] = step.*map.likeness;
      rows.back().push_back(map.has_signs ? fmt::format("{:.2f} (sizes {:.2f})", values, sizes)
                                          : fmt::format("{:.2f}", values));
    }
  }
  return fmt::format(
      "\nlikeness to the maps of {} networks whose weights are random from the named layer on to "
      "the "
      "output\n{}",
      kRandomNetworks, format_table(rows, aligned));
}

Json to_json(const std::vector<SanityStep>& steps, const std::vector<NamedMap>& maps) {
  Json json = Json::array();
  for (const SanityStep& step : steps) {
    json.push_back({{"layer", step.layer}});
    for (const NamedMap& map : maps) {
      const auto& [values, sizes] = step.*map.likeness;
      json.back()[map.name] = {{"values", values}, {"sizes", sizes}};
    }
  }
  return json;
}

}  // namespace

Explanation explain_pictures(const Model& model, const PictureQuestion& question) {
  const ArrayDataset samples = read_samples(model, question.data);
  std::vector<int64_t> rows;
  for (const int64_t row : question.rows) rows.push_back(row - 1);
  if (rows.empty()) {
    const int64_t count = samples.inputs.shape.empty() ? 0 : samples.inputs.shape[0];
    rows.resize(static_cast<size_t>(std::min(kPictures, count)));
    std::iota(rows.begin(), rows.end(), int64_t{0});
  }
  const std::vector<AttentionMaps> all = attention_maps(model, samples, rows, question.options);
  Explanation result{.text = "", .json = {{"data", question.data}}, .figures = {}};
  for (size_t i = 0; i < all.size(); ++i) {
    const AttentionMaps& maps = all[i];
    const std::string name =
        samples.names.empty() ? "" : samples.names[static_cast<size_t>(maps.sample)];
    const std::string title = fmt::format("{}{}: {} ({:.1f} %)", maps.sample + 1,
                                          name.empty() ? "" : " " + printable(name),
                                          printable(maps.output), 100 * maps.probability);
    result.text += (i == 0 ? "" : "\n") + text_of(maps, title);
    result.json["rows"].push_back(to_json(maps, name));
    result.figures.emplace_back(fmt::format("picture_{}", maps.sample + 1),
                                attention_figure(maps, title));
  }
  if (question.sanity && !all.empty()) {
    const std::vector<SanityStep> steps =
        map_sanity(model, samples, rows, question.options, question.seed, kRandomNetworks);
    result.text += text_of(steps, maps_in(all[0]));
    result.json["sanity"] = to_json(steps, maps_in(all[0]));
  }
  return result;
}

}  // namespace sinapse::cli
