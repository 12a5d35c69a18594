// Which picture files make a data set: folders of classes, or a list of paths and labels.
#pragma once

#include <string>
#include <vector>

namespace sinapse {

struct ImageFile {
  std::string path;
  int32_t label = -1;  // of the classes; -1: none
};

struct ImageFiles {
  std::vector<ImageFile> train, validation, test;
  std::vector<std::string> classes;  // in order of their bytes
};

/// Whether the name ends as pictures do: .png, .jpg, .jpeg, .bmp, .pgm, .ppm, .pnm, .pbm.
bool has_image_name(const std::string& path);

/// Whether image_files() finds something to read there.
bool looks_like_images(const std::string& path);

/// - path/train/<class>/..., and where there are any path/val|valid|validation/<class>/... and
///   path/test/<class>/...; or
/// - path/<class>/...; or
/// - a CSV file with the columns path and label (beside it, if paths are relative), and, if wanted,
///   split: train, validation or test.
/// Files stand in the order of their paths. Throws Error(file) or Error(data), e.g. if there is
/// only one class, or the test folder has another one.
ImageFiles image_files(const std::string& path);

/// The pictures to measure a model of these classes by: those in path/test/<class>/, or where there
/// is none in path/<class>/, or the list's (if it has a split, its test part). Throws as
/// image_files().
std::vector<ImageFile> labelled_files(const std::string& path,
                                      const std::vector<std::string>& classes);

/// The pictures in a folder, at any depth, or the file itself. Throws Error(file) or Error(data).
std::vector<std::string> image_paths(const std::string& path);

}  // namespace sinapse
