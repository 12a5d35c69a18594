#include "report/live_request.h"

#include <gtest/gtest.h>

namespace sinapse {

namespace {

constexpr int kPort = 8080;

LiveAnswer answer(const LiveRequest& request) {
  static const LiveRun run("data.csv");
  static const LivePage page{run, "secret", "nonce"};
  return answer_to(request, page, kPort);
}

TEST(LiveRequest, ThePageIsForThisMachine) {
  for (const char* host : {"127.0.0.1:8080", "localhost:8080"}) {
    const LiveAnswer given = answer({.method = "GET", .path = "/", .host = host});
    EXPECT_EQ(given.code, 200);
    EXPECT_NE(given.body.find("secret"), std::string::npos);
  }
  for (const char* host : {"", "example.org", "127.0.0.1", "127.0.0.1:80", "localhost:8080.org"}) {
    const LiveAnswer given = answer({.method = "GET", .path = "/", .host = host});
    EXPECT_EQ(given.code, 403) << host;
    EXPECT_EQ(given.body.find("secret"), std::string::npos);
  }
}

TEST(LiveRequest, OnlyThePageStopsTheRun) {
  const char* host = "localhost:8080";
  EXPECT_TRUE(answer({.method = "POST", .path = "/stop", .host = host, .token = "secret"}).stops);
  EXPECT_EQ(answer({.method = "GET", .path = "/stop", .host = host, .token = "secret"}).code, 405);
  EXPECT_EQ(answer({.method = "POST", .path = "/stop", .host = host}).code, 403);
  EXPECT_EQ(answer({.method = "POST", .path = "/stop", .host = host, .token = "secreT"}).code, 403);
  EXPECT_EQ(answer({.method = "POST", .path = "/stop", .host = "a.org", .token = "secret"}).code,
            403);
}

TEST(LiveRequest, AnythingElseIsRefused) {
  const char* host = "localhost:8080";
  EXPECT_EQ(answer({.method = "POST", .path = "/", .host = host}).code, 405);
  EXPECT_EQ(answer({.method = "GET", .path = "/../etc/passwd", .host = host}).code, 404);
  EXPECT_EQ(answer({.method = "GET", .path = "/live", .host = host}).code, 200);
}

}  // namespace

}  // namespace sinapse
