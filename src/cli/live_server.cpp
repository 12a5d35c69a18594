#include "cli/live_server.h"

#include <atomic>
#include <chrono>
#include <random>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <civetweb.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sinapse/error.h>

#include "report/live_request.h"

namespace sinapse::cli {

namespace {

// 128 bits from the system.
std::string random_token() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

void answer(mg_connection* connection, int code, std::string_view reason, std::string_view type,
            std::string_view body) {
  const std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
      "Referrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n"
      "Connection: close\r\n\r\n",
      code, reason, type, body.size());
  mg_write(connection, head.data(), head.size());
  mg_write(connection, body.data(), body.size());
}

// Keeps what the server says when it cannot start.
int note_failure(const mg_connection* connection, const char* message) {
  if (connection == nullptr) return 1;
  const mg_context* context = mg_get_context(connection);
  auto* failure = context ? static_cast<std::string*>(mg_get_user_data(context)) : nullptr;
  if (failure != nullptr && failure->empty()) *failure = message;
  return 1;  // nothing is written to standard error
}

}  // namespace

struct LiveServer::State {
  State(const LiveRun& run, std::function<void()> stop)
      : page{run, random_token(), random_token()}, stop(std::move(stop)) {}
  ~State() {
    if (context != nullptr) end();
    mg_exit_library();
  }

  // The server looks up from its sockets every two seconds; connections let it look up at once.
  void end() {
    std::atomic<bool> ended{false};
    std::thread waking([&] {
      while (!ended) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        connect_once();
      }
    });
    mg_stop(context);
    ended = true;
    waking.join();
  }

  void connect_once() const {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle < 0) return;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)!::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::close(handle);
  }

  static int handle(mg_connection* connection, void* state) {
    try {
      static_cast<State*>(state)->respond(connection);
    } catch (const std::exception&) {  // no memory: nothing that a C library may see
      answer(connection, 500, "Internal Server Error", "text/plain", "");
    }
    return 1;
  }

  void respond(mg_connection* connection) {
    const mg_request_info* request = mg_get_request_info(connection);
    const auto text = [](const char* value) { return std::string_view(value ? value : ""); };
    const LiveAnswer given =
        answer_to({.method = text(request->request_method),
                   .path = text(request->local_uri),
                   .host = text(mg_get_header(connection, "Host")),
                   .token = text(mg_get_header(connection, "X-Sinapse-Token"))},
                  page, port);
    if (given.stops && !stopped.exchange(true)) stop();
    answer(connection, given.code, given.reason, given.type, given.body);
  }

  const LivePage page;
  const std::function<void()> stop;
  std::atomic<bool> stopped{false};
  std::string failure;
  mg_context* context = nullptr;
  int port = 0;
};

LiveServer::LiveServer(int port, const LiveRun& run, std::function<void()> stop)
    : state_(std::make_unique<State>(run, std::move(stop))) {
  mg_init_library(MG_FEATURES_DEFAULT);
  mg_callbacks callbacks{};
  callbacks.log_message = note_failure;
  const std::string listening = fmt::format("127.0.0.1:{}", port);
  const char* options[] = {"listening_ports",
                           listening.c_str(),
                           "num_threads",
                           "4",
                           "request_timeout_ms",
                           "5000",
                           "max_request_size",
                           "8192",
                           "enable_directory_listing",
                           "no",
                           nullptr};
  state_->context = mg_start(&callbacks, &state_->failure, options);
  if (state_->context == nullptr) {
    throw Error(
        ErrorCode::usage,
        fmt::format("--dashboard {}: the port cannot be opened{}{}. Another program may have "
                    "it: choose another one, or 0 for any.",
                    port, state_->failure.empty() ? "" : ": ", state_->failure));
  }
  mg_server_port ports[1] = {};
  mg_get_server_ports(state_->context, 1, ports);
  state_->port = ports[0].port;
  mg_set_request_handler(state_->context, "**", State::handle, state_.get());
}

LiveServer::~LiveServer() = default;

std::string LiveServer::address() const {
  return fmt::format("http://127.0.0.1:{}/", state_->port);
}

}  // namespace sinapse::cli
