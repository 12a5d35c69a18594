// Student's t distribution.
#pragma once

namespace sinapse {

/// The value that is exceeded with probability 1 - q (Student 1908). q in [0.5, 1), degrees of
/// freedom >= 1.
double student_quantile(double q, double degrees_of_freedom);

}  // namespace sinapse
