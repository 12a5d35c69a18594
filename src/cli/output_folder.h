// The folder that a run's files are written to.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace sinapse::cli {

/// Makes sure before a long run that its results can be written, and then writes them all or none:
/// files are made in a hidden folder inside and moved to their names when all are there.
class OutputFolder {
 public:
  /// Creates the folder and its parents if need be, and removes what a run that was killed left
  /// half done. Throws Error(file) if that fails, if nothing can be written there, or if another
  /// process is writing its results there.
  explicit OutputFolder(const std::string& path);
  /// Removes what was not committed, and folders that this object made and that are still empty.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// Where to write a file of that name for now.
  std::string stage(const std::string& name);

  /// Moves the staged files to their names. Throws Error(file).
  void commit();

  /// The final path of a file.
  std::string path(const std::string& name) const;

 private:
  void lock();
  void remove_leftovers() const;

  std::string path_;
  std::string staging_;
  int lock_ = -1;
  std::vector<std::string> staged_;
  std::vector<std::string> created_;  // innermost first
};

}  // namespace sinapse::cli
