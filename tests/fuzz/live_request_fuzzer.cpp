// Requests to the dashboard, four lines: whatever they say, only the page itself stops a run, and
// only this machine sees it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "report/live_request.h"

namespace {

std::string_view next_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sinapse;
  static const LiveRun run("data.csv");
  static const LivePage page{run, "0123456789abcdef", "nonce"};
  std::string_view text(reinterpret_cast<const char*>(data), size);
  LiveRequest request;
  for (std::string_view* part : {&request.method, &request.path, &request.host, &request.token})
    *part = next_line(text);
  const LiveAnswer answer = answer_to(request, page, 8080);
  const bool here = request.host == "127.0.0.1:8080" || request.host == "localhost:8080";
  if (answer.code < 200 || answer.code > 499 || answer.reason.empty()) __builtin_trap();
  if (answer.stops && (!here || request.method != "POST" || request.token != page.token))
    __builtin_trap();
  if (!here && answer.body.find(page.token) != std::string::npos) __builtin_trap();
  return 0;
}
