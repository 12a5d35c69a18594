// Arithmetic along rows that are cut into equal groups: layer normalisation, rectifiers with
// learned slopes, sums over everything that a smaller operand is repeated over.
#pragma once

#include "cpu/columns.h"

namespace sinapse {

/// Rows of a batch whose columns are cut into groups of n; the functions below work on columns
/// [first, last) of every group. With n = 1 the only sum is over everything.
struct Groups {
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t n = 0;
  int64_t first = 0, last = 0;
};

/// mean and inverse_deviation of the numbers of one group, one number a group in each row.
struct GroupMoments {
  Rows mean, inverse_deviation;
};

struct VectorFunctions {
  /// Mean and 1 / sqrt(variance + epsilon) of n numbers.
  void (*moments)(const float* x, int64_t n, float epsilon, float* mean, float* inverse_deviation);
  /// y = (x - mean) inverse_deviation scale + bias.
  void (*normalize)(const float* x, float* y, int64_t n, float mean, float inverse_deviation,
                    const float* scale, const float* bias);
  /// With g = dy scale and u = (x - mean) inverse_deviation:
  /// dx = inverse_deviation (g - mean of g - u mean of g u).
  void (*normalize_gradient)(const float* x, const float* dy, float* dx, int64_t n, float mean,
                             float inverse_deviation, const float* scale);
  /// dscale = sum of dy u, dbias = sum of dy, by column of the group.
  void (*normalize_sums)(Rows x, Rows dy, GroupMoments moments, Groups groups, float* dscale,
                         float* dbias);
  /// sums = sum of x by column of the group.
  void (*sums)(Rows x, Groups groups, float* sums);
  /// sums = sum of dy x where x <= 0, by column of the group.
  void (*slope_sums)(Rows x, Rows dy, Groups groups, float* sums);
  /// y = x > 0 ? source : slope source, element by element; n elements.
  void (*rectify)(const float* x, const float* source, const float* slope, float* y, int64_t n);
  /// y = scale x + offset.
  void (*affine)(const float* x, float* y, int64_t n, float scale, float offset);
};

/// The functions for the instruction set of the running CPU.
const VectorFunctions& vector_functions();

}  // namespace sinapse
