// Whether maps of pictures tell of what a model has learned, or of the pictures alone.
#pragma once

#include <sinapse/attention.h>

namespace sinapse {

/// How alike maps are to those of the same network with random weights: Spearman's correlations,
/// means over pictures and networks.
struct MapLikeness {
  double values = 0;  ///< of the values with their signs, where a map has signs
  double sizes = 0;   ///< of their sizes alone
};

/// A layer whose weights are random, and so are those of all layers behind it.
struct SanityStep {
  std::string layer;
  MapLikeness saliency, integrated, occlusion, grad_cam;
};

/// Cascading randomisation (Adebayo and others 2018): from the output backwards the weights of one
/// layer after the other are drawn anew as before training, and the maps, of the same classes, are
/// compared with those of the model. In the last step no weight is left: a map that tells of the
/// weights has lost its values there (near 0); one that tells of the picture alone keeps them
/// (near 1). Sizes are kept in part by maps that multiply with the picture (integrated gradients,
/// occlusion): where it has the mean colour, nothing can change, whatever the weights.
/// `networks` are drawn, with the seeds from `seed` on. Throws as attention_maps() does.
std::vector<SanityStep> map_sanity(const Model& model, const ArrayDataset& samples,
                                   const std::vector<int64_t>& chosen,
                                   const AttentionOptions& options = {}, uint64_t seed = 1,
                                   int64_t networks = 10);

/// The same model with all weights drawn anew as before training.
Model randomised(const Model& model, uint64_t seed = 1);

/// Spearman's correlation of two maps' values, -1 to 1; 0 if one is constant.
double rank_correlation(const AttentionMap& a, const AttentionMap& b);

}  // namespace sinapse
