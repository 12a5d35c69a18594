// Samples that are not in memory: fitted part by part.
#pragma once

#include <functional>

#include "features/pixels.h"

namespace sinapse {

/// Brings some samples, [rows.size(), shape...].
using ReadSamples = std::function<Array(std::span<const int64_t> rows)>;

/// The same as ArrayFeatures::fit_to().
ArrayFeatures fit_parts(const std::vector<int64_t>& shape, ElementType type,
                        const ReadSamples& read, std::span<const int64_t> training_rows,
                        Channels channels);

/// Samples of the type that was fitted, one behind the other, as the network sees them.
void encode_samples(const ArrayFeatures& fitted, std::span<const std::byte> samples, float* to);

/// Throws Error(data) unless samples [samples, ...] are of the shape and type that were fitted.
void require_like(const ArrayFeatures& fitted, ElementType type, const std::vector<int64_t>& shape);

}  // namespace sinapse
