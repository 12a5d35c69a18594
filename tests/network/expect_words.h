// An error that says certain words.
#pragma once

#include <gtest/gtest.h>

#include "data/expect_error.h"

namespace sinapse {

/// Fails the test unless the call throws an Error of that code whose message contains every word.
template <typename Call>
void expect_error(ErrorCode code, std::initializer_list<std::string_view> words, Call call) {
  const std::string message = message_of(code, call);
  for (const std::string_view word : words) {
    EXPECT_NE(message.find(word), std::string::npos) << word << " is not in: " << message;
  }
}

}  // namespace sinapse
