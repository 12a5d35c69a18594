#include "layers/orthogonal.h"

#include <cmath>

namespace sinapse {

namespace {

double dot(const double* a, const double* b, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// Gram-Schmidt, each vector freed twice of those before it: once leaves rounding errors, twice is
// enough (Giraud, Langou, Rozložník 2005).
void orthonormalize_rows(std::vector<double>& matrix, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; ++r) {
    double* row = matrix.data() + r * columns;
    for (int pass = 0; pass < 2; ++pass) {
      for (int64_t before = 0; before < r; ++before) {
        const double* other = matrix.data() + before * columns;
        const double share = dot(row, other, columns);
        for (int64_t i = 0; i < columns; ++i) row[i] -= share * other[i];
      }
    }
    const double length = std::sqrt(dot(row, row, columns));
    for (int64_t i = 0; i < columns; ++i) row[i] /= length;
  }
}

std::vector<double> transposed(const std::vector<double>& matrix, int64_t rows, int64_t columns) {
  std::vector<double> result(matrix.size());
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}

}  // namespace

void orthogonalize(std::vector<double>& matrix, int64_t rows, int64_t columns) {
  if (rows <= columns) return orthonormalize_rows(matrix, rows, columns);
  matrix = transposed(matrix, rows, columns);
  orthonormalize_rows(matrix, columns, rows);
  matrix = transposed(matrix, columns, rows);
}

}  // namespace sinapse
