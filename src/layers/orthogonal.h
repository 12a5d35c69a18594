// Orthonormal rows or columns from random ones.
#pragma once

#include <cstdint>
#include <vector>

namespace sinapse {

/// Turns a row-major matrix [rows, columns] of full rank into one with orthonormal rows (if there
/// are at most as many as columns) or orthonormal columns: the Q of its QR decomposition whose R
/// has a positive diagonal. Of normal numbers it makes every orthogonal matrix equally likely.
void orthogonalize(std::vector<double>& matrix, int64_t rows, int64_t columns);

}  // namespace sinapse
