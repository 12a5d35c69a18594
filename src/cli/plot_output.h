// Where a figure goes, as the flags of `sinapse plot` say.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "figures/chart.h"
#include "figures/words.h"

namespace sinapse::cli {

struct FigureOutput {
  std::string file;  // *.svg or *.png; empty: the terminal or standard output
  bool terminal = false, dark = false;
  double width = 0, height = 0;  // pixels, or 0: a suitable size
  std::string title;             // instead of the figure's own
  std::string language = "en";

  Words words() const { return language == "pt" ? Language::portuguese : Language::english; }
};

void add_output_options(CLI::App& command, FigureOutput& output);

/// Draws the charts, several as tiles, and shows them. Gives the exit code.
int show(const Chart& chart, const FigureOutput& output);
int show(const std::vector<Chart>& charts, const FigureOutput& output);
int show(Drawing drawing, const FigureOutput& output);

/// The size for one of `count` figures.
Size size_of(const FigureOutput& output, int count);

}  // namespace sinapse::cli
