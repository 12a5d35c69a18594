// What a throwing call says.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include <sinapse/error.h>

namespace sinapse {

/// The message of the Error thrown by `call`; a failure of the test if none of that code comes.
template <typename Call>
std::string message_of(ErrorCode code, Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no Error was thrown";
  return "";
}

}  // namespace sinapse
