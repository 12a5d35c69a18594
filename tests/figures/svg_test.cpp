// Snapshots: SINAPSE_UPDATE_SNAPSHOTS=1 writes them anew; then look at each.
#include "figures/svg.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "data/temporary_folder.h"
#include "figures/activation_figures.h"
#include "figures/answer_figures.h"
#include "figures/matrix_figure.h"
#include "figures/network_figure.h"
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
