#include "cli/plot_output.h"

#include <cstdlib>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sinapse/error.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "data/atomic_file.h"
#include "figures/layout.h"
#include "figures/png.h"
#include "figures/svg.h"
#include "figures/terminal.h"

namespace sinapse::cli {

namespace {

bool on_terminal(const FigureOutput& output) {
  return output.terminal || (output.file.empty() && isatty(STDOUT_FILENO) == 1);
}

Size terminal_size() {
  winsize window{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
  const int columns = known ? window.ws_col : 80, lines = known ? window.ws_row : 24;
  return {double(columns) * kCellWidth, double(std::max(12, lines - 2)) * kCellHeight};
}

bool ends_in(const std::string& text, const char* end) {
  return text.ends_with(end);
}

// In place of the title that the drawing has, or above it.
Drawing with_title(Drawing drawing, const std::string& title) {
  const size_t shapes = drawing.shapes.size();
  std::erase_if(drawing.shapes, [](const DrawingShape& shape) {
    const auto* text = std::get_if<Text>(&shape);
    return text != nullptr && text->bold;
  });
  const double room = drawing.shapes.size() < shapes ? 0 : kMargin + kTitle;
  Drawing titled{
      .width = drawing.width, .height = drawing.height + room, .title = title, .shapes = {}};
  titled.place(drawing, {0, room});
  add_title(titled, title);
  return titled;
}

}  // namespace

void add_output_options(CLI::App& command, FigureOutput& output) {
  command.add_option("--output,-o", output.file, "FILE.svg or FILE.png")->type_name("FILE");
  command.add_flag("--terminal", output.terminal, "Draw with Unicode braille");
  command.add_flag("--dark", output.dark, "For a dark page");
  command.add_option("--width", output.width, "Pixels [640]")
      ->check(CLI::Range(100, 10000))
      ->type_name("N");
  command.add_option("--height", output.height, "Pixels [400]")
      ->check(CLI::Range(80, 10000))
      ->type_name("N");
  command.add_option("--title", output.title, "Instead of the figure's own")->type_name("TEXT");
  command.add_option("--language", output.language, "Of words and numbers [en]")
      ->check(CLI::IsMember({"en", "pt"}))
      ->type_name("en|pt");
}

Size size_of(const FigureOutput& output, int count) {
  Size size = on_terminal(output) ? terminal_size() : count > 1 ? Size{460, 300} : Size{640, 400};
  if (output.width > 0) size.width = output.width / (count > 1 && !on_terminal(output) ? 2 : 1);
  if (output.height > 0) size.height = output.height;
  return size;
}

int show(const Chart& chart, const FigureOutput& output) {
  return show(draw(chart, size_of(output, 1)), output);
}

int show(const std::vector<Chart>& charts, const FigureOutput& output) {
  if (charts.size() == 1) return show(charts[0], output);
  std::vector<Drawing> drawings;
  for (const Chart& chart : charts) {
    drawings.push_back(draw(chart, size_of(output, static_cast<int>(charts.size()))));
  }
  return show(tiled(drawings, on_terminal(output) ? 1 : 2), output);
}

int show(Drawing drawing, const FigureOutput& output) {
  if (!output.title.empty()) drawing = with_title(std::move(drawing), output.title);
  const Theme theme = output.dark ? Theme::dark : Theme::light;
  if (on_terminal(output)) {
    print(to_terminal(drawing, isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr));
  } else if (output.file.empty()) {
    print(to_svg(drawing, theme));
  } else if (ends_in(output.file, ".svg")) {
    write_file_atomically(output.file, to_svg(drawing, theme));
  } else if (ends_in(output.file, ".png")) {
    write_file_atomically(output.file, to_png(drawing, theme));
  } else {
    throw Error(ErrorCode::usage,
                fmt::format("plot: expected --output FILE.svg or FILE.png, got {}.", output.file));
  }
  return kSuccess;
}

}  // namespace sinapse::cli
