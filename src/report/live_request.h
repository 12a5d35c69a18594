// What the dashboard answers to whom: all of HTTP that is not left to the server's library.
#pragma once

#include <string>
#include <string_view>

#include "report/live_page.h"

namespace sinapse {

/// A request, as untrusted as it came.
struct LiveRequest {
  std::string_view method, path, host, token;  // host and X-Sinapse-Token as the headers say
};

struct LiveAnswer {
  int code = 200;
  std::string_view reason, type;
  std::string body;
  bool stops = false;  // the run
};

/// The page and what only its own requests know.
struct LivePage {
  const LiveRun& run;
  const std::string token, nonce;
};

/// Requests must name this machine as their host (no DNS rebinding); to stop the run takes a POST
/// with the token that only the page has.
LiveAnswer answer_to(const LiveRequest& request, const LivePage& page, int port);

}  // namespace sinapse
