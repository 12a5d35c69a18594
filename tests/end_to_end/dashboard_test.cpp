// The live page of a run: seen in a browser, and asked by those who mean it no good.
#include <csignal>
#include <regex>
#include <thread>

#include <arpa/inet.h>
#include <unistd.h>

#include "end_to_end/browser.h"
#include "end_to_end/program.h"
#include "end_to_end/tables.h"
#include "paths.h"

namespace sinapse {

namespace {

using namespace std::chrono_literals;

// A connection to a port of this machine.
class Connection {
 public:
  explicit Connection(int port) : handle_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{5, 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Connection() { ::close(handle_); }
  bool connected() const { return connected_; }
  void send(const std::string& bytes) const {
    (void)!::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  std::string answer() const {
    std::string all;
    char buffer[4096];
    for (ssize_t count; (count = ::recv(handle_, buffer, sizeof buffer, 0)) > 0;) {
      all.append(buffer, static_cast<size_t>(count));
    }
    return all;
  }

 private:
  int handle_;
  bool connected_ = false;
};

class Dashboard : public EndToEnd {
 protected:
  // A run that lasts until it is stopped, and the port of its page.
  void start() {
    file("data.csv", regression_csv(2000));
    run_.emplace(Invocation{
        .command = {program_path(), "train", "data.csv", "--target", "y", "--hidden", "16",
                    "--epochs", "1000000", "--set", "training.early_stopping=false", "--output",
                    "run", "--dashboard", "0"},
        .folder = path("")});
    const std::regex address("http://127\\.0\\.0\\.1:(\\d+)/");
    std::smatch found;
    for (int i = 0; i < 5000; ++i) {
      const std::string errors = run_->errors();
      if (std::regex_search(errors, found, address)) {
        port_ = std::stoi(found[1]);
        return;
      }
      std::this_thread::sleep_for(2ms);
    }
    FAIL() << run_->errors();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
  // The status line and the rest.
  std::string ask(const std::string& request, std::string host = "") const {
    if (host.empty()) host = "127.0.0.1:" + std::to_string(port_);
    const Connection connection(port_);
    connection.send(request + " HTTP/1.1\r\nHost: " + host + "\r\n" + more_ + "\r\n");
    return connection.answer();
  }
  void expect_status(const std::string& request, const std::string& code, std::string host = "") {
    EXPECT_TRUE(ask(request, std::move(host)).starts_with("HTTP/1.1 " + code)) << request;
  }
  Outcome interrupt() {
    run_->send(SIGINT);
    return run_->wait();
  }

  std::optional<RunningProgram> run_;
  std::string more_;  // further headers
  int port_ = 0;
};

TEST_F(Dashboard, ShowsTheRunAndStopsIt) {
  start();
  const auto options = nlohmann::json{
      {"wait", "document.querySelectorAll('[data-live=dead]').length > 0"},
      {"evaluate",
       {"new Promise(r => setTimeout(() => r(Number(document.querySelector('[data-live=epoch]')"
        ".textContent)), 0))",
        "new Promise(r => setTimeout(() => r(Number(document.querySelector('[data-live=epoch]')"
        ".textContent)), 2200))",
        "[...document.querySelectorAll('figure svg')].map(s => s.getAttribute('aria-label'))"
        ".join()",
        "[...document.querySelectorAll('.card')].map(c => c.textContent)"
        ".find(t => t.startsWith('rmse'))",
        "document.documentElement.scrollWidth"}},
      {"width", 400}};
  const Opened opened = open_page(url(), options);
  EXPECT_EQ(opened.errors, std::vector<std::string>{});
  for (const std::string& request : opened.requests) {
    EXPECT_TRUE(request == url() || request == url() + "live") << request;
  }
  EXPECT_GT(opened.values[1], opened.values[0]) << "it goes on";
  const std::string figures = opened.values[2];
  for (const char* figure : {"Loss", "Learning rate", "Gradient norms", "Dead units, share"}) {
    EXPECT_NE(figures.find(figure), std::string::npos) << figures;
  }
  EXPECT_LE(opened.values[4], 400);

  open_page(
      url(),
      {{"evaluate",
        {"document.getElementById('stop').click()", "new Promise(r => setTimeout(r, 300))"}}});
  const Outcome outcome = run_->wait();
  EXPECT_EQ(outcome.exit_code, 130) << outcome.errors;
  EXPECT_NE(outcome.errors.find("stopped in epoch"), std::string::npos) << outcome.errors;
  EXPECT_TRUE(exists("run/model.onnx"));
  EXPECT_TRUE(exists("run/report.html"));
  // The card said what the history says of that epoch.
  std::smatch shown;
  const std::string card = opened.values[3];
  ASSERT_TRUE(std::regex_match(card, shown, std::regex("rmse([0-9.]+)on.*epoch (\\d+)"))) << card;
  const auto history = cells_of(text_of("run/history.csv"));
  const auto& row = history.at(std::stoul(shown[2]));
  const auto column = std::find(history[0].begin(), history[0].end(), "val_rmse");
  const double expected = std::stod(row.at(static_cast<size_t>(column - history[0].begin())));
  EXPECT_NEAR(std::stod(shown[1]), expected, 6e-5 * expected);
}

TEST_F(Dashboard, OnlyThePageItselfMayStopTheRun) {
  start();
  expect_status("GET /", "200");
  expect_status("GET /live", "200");
  expect_status("GET /stop", "405");
  expect_status("POST /live", "405");
  expect_status("GET /../../etc/passwd", "404");
  expect_status("GET /elsewhere", "404");
  expect_status("GET /", "403", "attacker.example");
  expect_status("POST /stop", "403");
  more_ = "X-Sinapse-Token: 00000000000000000000000000000000\r\nContent-Length: 0\r\n";
  expect_status("POST /stop", "403");
  expect_status("POST /stop", "403", "attacker.example");
  EXPECT_FALSE(run_->has_ended());
  EXPECT_EQ(interrupt().exit_code, 130);
}

TEST_F(Dashboard, HostileRequestsHarmNothing) {
  start();
  std::string noise;
  Numbers numbers;
  for (int i = 0; i < 20000; ++i) noise += static_cast<char>(numbers.below(256));
  const std::string head = "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n";
  const std::vector<std::string> requests = {
      noise,
      "\r\n\r\n\r\n",
      std::string(1000, '\0') + "\r\n\r\n",
      "GET " + std::string(100000, 'a') + " HTTP/1.1\r\n\r\n",
      head + std::string(100000, 'b') + "\r\n\r\n",
      head + "Content-Length: -1\r\n\r\n",
      head + "Content-Length: 99999999999999999999\r\n\r\n",
      head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
      "POST /stop HTTP/9.9\r\nHost:\r\n\r\n",
      "GET /%00%ff%2e%2e%2f HTTP/1.1\r\n\r\n",
      "GET http://[::1 HTTP/1.1\r\n\r\n",
      "\x16\x03\x01\x02"};  // as TLS begins
  for (const std::string& request : requests) {
    const Connection connection(port_);
    ASSERT_TRUE(connection.connected());
    connection.send(request);
  }
  for (int cut = 1; cut < 40; cut += 3) {  // and goes away in the middle
    const Connection connection(port_);
    connection.send(head.substr(0, static_cast<size_t>(cut)));
  }
  EXPECT_FALSE(run_->has_ended()) << run_->errors();
  expect_status("GET /live", "200");
  EXPECT_EQ(interrupt().exit_code, 130);
}

TEST_F(Dashboard, BrowsersThatDoNotReadHoldUpNothing) {
  start();
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 12; ++i) {
    idle.push_back(std::make_unique<Connection>(port_));
    if (i % 2 == 0) idle.back()->send("GET /live HTTP/1.1\r\n");
  }
  std::this_thread::sleep_for(100ms);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(interrupt().exit_code, 130) << "training went on and ends when asked";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 12s);
  const auto history = cells_of(text_of("run/history.csv"));
  EXPECT_GT(history.size(), 2u);
}

TEST_F(Dashboard, ChangesNoBitOfTheRun) {
  file("data.csv", mixed_csv(2));
  const auto with = train("data.csv", "class", {"--dashboard", "0", "--threads", "1"});
  const auto without = train("data.csv", "class", {"--threads", "2"});
  EXPECT_EQ(with["weights_sha256"], without["weights_sha256"]);
}

TEST_F(Dashboard, ABusyPortIsAnError) {
  start();
  const Outcome outcome =
      sinapse({"train", "data.csv", "--target", "y", "--dashboard", std::to_string(port_)});
  expect_failure(outcome, 2, {"--dashboard " + std::to_string(port_), "Another program"});
  EXPECT_FALSE(exists("sinapse_data"));
  expect_failure(sinapse({"train", "data.csv", "--target", "y", "--dashboard", "70000"}), 2,
                 {"--dashboard"});
  EXPECT_EQ(interrupt().exit_code, 130);
}

}  // namespace

}  // namespace sinapse
