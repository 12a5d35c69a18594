// Figures beside one another in a folder.
#pragma once

#include <string>

#include "cli/output_folder.h"
#include "figures/drawing.h"

namespace sinapse::cli {

/// Writes each drawing as name.svg and name.png. Nothing is there before commit().
class FigureFolder {
 public:
  explicit FigureFolder(const std::string& path) : folder_(path) {}

  void add(const std::string& name, const Drawing& drawing);
  void commit() { folder_.commit(); }

 private:
  OutputFolder folder_;
};

/// A name for a file: letters, digits, '-' and '_' of the text, anything else as '_'.
std::string file_name_of(const std::string& text);

}  // namespace sinapse::cli
