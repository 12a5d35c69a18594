// The one exception type of the library: what went wrong, in words for the person who can mend it.
#pragma once

#include <stdexcept>
#include <string>

namespace sinapse {

/// What kind of mistake an Error reports; the command line turns it into the exit code.
enum class ErrorCode {
  usage,        ///< a flag, a run file or an API argument is wrong           (exit code 2)
  data,         ///< a data file is malformed or does not fit the model       (exit code 1)
  model,        ///< a model file is malformed, or a network cannot be built  (exit code 1)
  numeric,      ///< training met NaN or infinity                             (exit code 1)
  file,         ///< a file cannot be opened, read or written                 (exit code 1)
  interrupted,  ///< the user stopped the run; what was learned is saved      (exit code 130)
};

/// Thrown for everything a user can cause. The message says who, what was expected, what came, and
/// what to do; a data error names file, line and column. Our own bugs are assertions instead.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace sinapse
