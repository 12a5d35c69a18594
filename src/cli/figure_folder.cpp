#include "cli/figure_folder.h"

#include <cctype>

#include "data/atomic_file.h"
#include "figures/png.h"
#include "figures/svg.h"

namespace sinapse::cli {

void FigureFolder::add(const std::string& name, const Drawing& drawing) {
  write_file_atomically(folder_.stage(name + ".svg"), to_svg(drawing));
  write_file_atomically(folder_.stage(name + ".png"), to_png(drawing));
}

std::string file_name_of(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80 ? c : '_';
  }
  return name;
}

}  // namespace sinapse::cli
