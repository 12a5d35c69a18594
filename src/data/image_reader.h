// Picture files to one array of bytes, in memory or on disk: decoded on all processors, brought to
// one shape, in order.
#pragma once

#include <string>
#include <vector>

#include <sinapse/array.h>
#include <sinapse/image_set.h>

#include "data/image_files.h"

namespace sinapse {

/// What all pictures are brought to.
struct ImageShape {
  int64_t height = 0, width = 0, channels = 0;

  /// Of a sample: [height, width], or with channels [height, width, channels].
  std::vector<int64_t> sample() const;
};

/// The shape that the options ask for; what they leave open is chosen by some of the pictures.
ImageShape choose_shape(const std::vector<ImageFile>& files, const ImageOptions& options);

/// The pictures as bytes with their labels, and one sentence about those that could not be read.
/// Throws Error(data), or if options.damaged is "skip" only if none can be read.
ArrayDataset read_images(const std::vector<ImageFile>& files,
                         const std::vector<std::string>& classes, const ImageShape& shape,
                         const ImageOptions& options, std::vector<std::string>& remarks);

/// The same for a folder or list with classes that are known: see labelled_files().
ArrayDataset read_labelled_images(const std::string& path, const std::vector<std::string>& classes,
                                  const ImageShape& shape, const ImageOptions& options,
                                  std::vector<std::string>& remarks);

}  // namespace sinapse
