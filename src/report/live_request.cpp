#include "report/live_request.h"

#include <fmt/format.h>

namespace sinapse {

namespace {

constexpr std::string_view kText = "text/plain", kHtml = "text/html";

bool is_this_machine(std::string_view host, int port) {
  return host == fmt::format("127.0.0.1:{}", port) || host == fmt::format("localhost:{}", port);
}

LiveAnswer not_allowed(const char* what) {
  return {405, "Method Not Allowed", kText, what};
}

LiveAnswer answer_stop(const LiveRequest& request, const LivePage& page) {
  if (request.method != "POST") return not_allowed("Send a POST.\n");
  if (page.token.empty() || request.token != page.token)
    return {403, "Forbidden", kText, "Only the page itself may stop the run.\n"};
  return {200, "OK", kText, "The run stops after the step at hand.\n", /*stops=*/true};
}

}  // namespace

LiveAnswer answer_to(const LiveRequest& request, const LivePage& page, int port) {
  if (!is_this_machine(request.host, port))
    return {403, "Forbidden", kText, "This page is for this machine alone.\n"};
  if (request.path == "/stop") return answer_stop(request, page);
  if (request.method != "GET") return not_allowed("Send a GET.\n");
  if (request.path == "/") return {200, "OK", kHtml, page.run.page(page.token, page.nonce)};
  if (request.path == "/live") return {200, "OK", kHtml, page.run.fragment()};
  return {404, "Not Found", kText, "There is only one page: /\n"};
}

}  // namespace sinapse
