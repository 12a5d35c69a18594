// Snapshots: SINAPSE_UPDATE_SNAPSHOTS=1 writes them anew; then look at each.
#include "figures/svg.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "data/temporary_folder.h"
#include "figures/activation_figures.h"
#include "figures/answer_figures.h"
#include "figures/attention_figure.h"
#include "figures/explain_figures.h"
#include "figures/filter_figure.h"
#include "figures/matrix_figure.h"
#include "figures/network_figure.h"
#include "figures/row_figure.h"
#include "figures/surface_figure.h"
#include "paths.h"

namespace sinapse {

namespace {

void expect_snapshot(const std::string& name, const Drawing& drawing) {
  const std::string path = source_path("tests/figures/snapshots/" + name + ".svg");
  const std::string svg = to_svg(drawing);
  if (std::getenv("SINAPSE_UPDATE_SNAPSHOTS") != nullptr) std::ofstream(path) << svg;
  EXPECT_EQ(svg, read_back(path)) << name;
}

TEST(Svg, DrawsEveryShape) {
  Drawing drawing{.width = 200, .height = 100, .title = "Shapes", .shapes = {}};
  drawing.line({1, 2}, {3.25, 4}, Paint::series(1), 2, true);
  drawing.box({10, 10}, 30, 20, Ink::grid, Paint::fixed_colour({1, 2, 255}));
  drawing.add(Circle{.centre = {50, 50}, .radius = 4, .stroke = Ink::axis, .fill = {}});
  drawing.text({5, 90}, "a < b & \"c\"", 12, Anchor::end);
  drawing.add(Raster{.corner = {100, 10},
                     .width = 20,
                     .height = 20,
                     .rows = 1,
                     .columns = 2,
                     .colours = {{255, 0, 0}, {0, 0, 255}}});
  const std::string svg = to_inline_svg(drawing);
  EXPECT_NE(svg.find("<polyline points=\"1,2 3.2,4\" class=\"stroke-series1\" fill=\"none\" "
                     "stroke-width=\"2\" stroke-dasharray=\"5 4\""),
            std::string::npos)
      << svg;
  EXPECT_NE(svg.find("class=\"fill-grid\" stroke=\"#0102ff\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("<circle cx=\"50\" cy=\"50\" r=\"4\" class=\"stroke-axis\" fill=\"none\""),
            std::string::npos)
      << svg;
  EXPECT_NE(svg.find(">a &lt; b &amp; &quot;c&quot;</text>"), std::string::npos) << svg;
  EXPECT_NE(svg.find("text-anchor=\"end\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("href=\"data:image/png;base64,iVBORw0KGgo"), std::string::npos) << svg;
}

TEST(Svg, ActivationSnapshot) {
  const std::vector<Activation> both{parse_activation("sigmoid"), parse_activation("relu")};
  expect_snapshot("activations", draw(activation_chart(both, {-2, 2}, true), {320, 200}));
}

TEST(Svg, RocSnapshot) {
  const ClassAnswers answers{{"no", "yes"}, {0, 1, 1, 0}, {0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7}};
  expect_snapshot("roc", draw(roc_chart(answers), {320, 240}));
}

TEST(Svg, ConfusionSnapshot) {
  expect_snapshot("confusion",
                  confusion_figure({"cat", "dog", "bird"}, {8, 1, 1, 0, 12, 3, 2, 2, 6}, 400));
}

TEST(Svg, NeuronSnapshot) {
  expect_snapshot(
      "neurons",
      neuron_figure(
          {{.title = "Input layer", .note = "2 neurons", .count = 2, .names = {"size", "rooms"}},
           {.title = "Hidden layer 1",
            .note = "3 neurons, relu",
            .count = 3,
            .weights = {1, -1, 0.5, 0, -0.25, 2},
            .bias = true},
           {.title = "Output layer",
            .note = "1 neuron",
            .count = 1,
            .names = {"rent"},
            .weights = {1, 2, -3},
            .bias = true}}));
}

TEST(Svg, ImportanceSnapshot) {
  const PermutationImportance importance{
      "r2", 0.9, 100, {{"size", 0.5, {0.4, 0.6}, {}}, {"district", -0.01, {-0.05, 0.03}, {}}}};
  expect_snapshot("importance", draw(importance_bars(importance), 320));
}

TEST(Svg, DependenceSnapshot) {
  const PartialDependence numbers{.column = "size",
                                  .numbers = {20, 40, 60},
                                  .texts = {"20", "40", "60"},
                                  .outputs = {"rent"},
                                  .mean = {500, 700, 1000},
                                  .low = {400, 600, 700},
                                  .high = {600, 800, 1400}};
  PartialDependence categories = numbers;
  categories.numbers.clear();
  categories.texts = {"North", "South", "missing"};
  PartialDependence classes = categories;
  classes.outputs = {"no", "yes"};
  classes.mean = {0.2, 0.8, 0.5, 0.5, 0.9, 0.1};
  expect_snapshot("dependence", tiled({dependence_figure(numbers, {320, 200}),
                                       dependence_figure(categories, {320, 200}),
                                       dependence_figure(classes, {320, 200})},
                                      2));
}

TEST(Svg, RowSnapshot) {
  const RowExplanation row{.row = 2,
                           .output = "rent",
                           .unit = "rent",
                           .baseline = 700,
                           .value = 812,
                           .contributions = {{"size", "54", 150},
                                             {"district", "North", -60},
                                             {"built", "missing", 12},
                                             {"rooms", "3", 10}}};
  expect_snapshot("row", draw(row_bars(row, 3), 400));
}

TEST(Svg, AttentionSnapshot) {
  const AttentionMap picture{2, 3, {0, 0.5, 1, 0, 0.2, 0.4}}, map{2, 3, {0, 1, 2, 3, 4, 5}};
  const AttentionMaps maps{.sample = 0,
                           .output = "cat",
                           .picture = picture,
                           .saliency = map,
                           .integrated = {2, 3, {0, -1, 2, -3, 4, -5}},
                           .occlusion = {2, 3, {1, 0, 0, 0, -1, 0.5}},
                           .grad_cam = map,
                           .layer = "conv2d2"};
  expect_snapshot("attention", attention_figure(maps, "1: cat (98.0 %)"));
}

TEST(Svg, SurfaceSnapshot) {
  const DecisionSurface surface{.x_column = "size",
                                .y_column = "rooms",
                                .x = {1, 2, 3},
                                .y = {10, 20},
                                .outputs = {"yes"},
                                .classes = {"no", "yes"},
                                .values = {0, 0.2, 0.5, 0.4, 0.9, 1},
                                .row_x = {1.5, 2.5, 2},
                                .row_y = {12, 18, 15},
                                .labels = {0, 1, -1}};
  expect_snapshot("surface", draw(surface_chart(surface), {320, 240}));
}

TEST(Svg, ActivationsOfARowSnapshot) {
  const std::vector<LayerActivation> layers{{"pixels", {1, 2, 3}, {0, 1, 2, -1, -2, 0}},
                                            {"conv2d1", {2, 2, 2}, {0, 1, 2, 3, 0, 0, 1, 0}},
                                            {"lstm1", {2, 2}, {-1, 1, 0.5, 0}},
                                            {"output", {2}, {-0.25, 4}}};
  expect_snapshot("row_activations", activation_figure(layers, "Activations of a.csv:2", 480));
}

TEST(Svg, FiltersSnapshot) {
  std::vector<float> values;
  for (int i = 0; i < 48; ++i) values.push_back(static_cast<float>(i % 7 - 3) / 3);
  const Filters gray{
      .layer = "conv2d1", .filters = 12, .channels = 1, .height = 2, .width = 2, .values = values};
  const Filters colours{.layer = "conv2d1",
                        .filters = 4,
                        .channels = 3,
                        .height = 2,
                        .width = 2,
                        .values = values,
                        .of_colours = true};
  const Filters deep{
      .layer = "conv2d2", .filters = 4, .channels = 3, .height = 2, .width = 2, .values = values};
  const Filters line{
      .layer = "conv1d1", .filters = 4, .channels = 4, .height = 1, .width = 3, .values = values};
  expect_snapshot("filters", tiled({filter_figure(gray, 320), filter_figure(colours, 320),
                                    filter_figure(deep, 320), filter_figure(line, 320)},
                                   2));
}

TEST(Svg, EveryThemeHasEveryInk) {
  const std::string style = ink_style_sheet();
  for (const char* name : {".fill-page{", ".fill-text{", ".stroke-grid{", ".stroke-series7{"}) {
    const size_t first = style.find(name);
    ASSERT_NE(first, std::string::npos) << name;
    EXPECT_NE(style.find(name, first + 1), std::string::npos) << name;
  }
}

}  // namespace

}  // namespace sinapse
