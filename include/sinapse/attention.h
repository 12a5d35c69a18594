// Where a model looks: maps of a picture that say what its prediction depends on.
#pragma once

#include <sinapse/array.h>
#include <sinapse/model.h>

namespace sinapse {

struct AttentionOptions {
  std::string output;             ///< a class; empty: the predicted one
  std::string layer;              ///< of grad_cam; empty: what comes out of the last convolutions
  int64_t patch = 0;              ///< side of occlusion's squares; 0: a seventh of the shorter side
  int64_t max_evaluations = 500;  ///< gradients along the path of integrated gradients
  int threads = 1;                ///< 0: one for each processor; results do not depend on it
};

/// One number for each place of the picture.
struct AttentionMap {
  int64_t height = 0, width = 0;
  std::vector<double> values;  // [height, width]; empty: there is none
};

struct AttentionMaps {
  int64_t sample = 0;
  std::string output;  ///< the class that is explained
  double logit = 0;    ///< the network's output for it
  double probability = 0;
  AttentionMap picture;  ///< its brightness, 0 to 1
  /// The largest absolute derivative of the logit among the channels of a pixel (Simonyan, Vedaldi,
  /// Zisserman 2014).
  AttentionMap saliency;
  /// What each pixel adds to the logit of a picture that has the mean colour of the training
  /// pictures everywhere (Sundararajan, Taly, Yan 2017); the sum over all pixels is the difference,
  /// less gap.
  AttentionMap integrated;
  double gap = 0;
  /// What the logit loses when a square there takes the mean colour, the mean over the squares that
  /// cover the place (Zeiler, Fergus 2014). It asks the network only, not its gradients.
  AttentionMap occlusion;
  /// The positive part of the sum over the channels of a layer, each times its mean derivative,
  /// stretched over the picture (Grad-CAM; Selvaraju and others 2017). None without convolutions.
  AttentionMap grad_cam;
  std::string layer;  ///< of grad_cam
};

/// Throws Error(usage) for a model of tables or of arrays that are no pictures, a sample, class or
/// layer that there is not.
std::vector<AttentionMaps> attention_maps(const Model& model, const Array& samples,
                                          const std::vector<int64_t>& chosen,
                                          const AttentionOptions& options = {});
std::vector<AttentionMaps> attention_maps(const Model& model, const ArrayDataset& samples,
                                          const std::vector<int64_t>& chosen,
                                          const AttentionOptions& options = {});

}  // namespace sinapse
