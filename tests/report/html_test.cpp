#include "report/html.h"

#include <cmath>

#include <gtest/gtest.h>

#include "report/page.h"

namespace sinapse {

namespace {

TEST(Html, TextsCannotBecomeMarkup) {
  EXPECT_EQ(html_text("<b a=\"1\">&\x01"), "&lt;b a=&quot;1&quot;&gt;&amp; ");
  EXPECT_EQ(html_text_of_lines("a: <b>\nc"), "a: &lt;b&gt;\nc\n");
  const std::string table = to_html({.caption = "<i>", .head = {"<b>"}, .rows = {{"1"}}});
  EXPECT_EQ(table.find("<i>"), std::string::npos);
  EXPECT_EQ(table.find("<b>"), std::string::npos);
  EXPECT_EQ(whole_page({.title = "</title><script>"}).find("<script>"), std::string::npos);
}

TEST(Html, TablesHaveHeadsAndAlignNumbers) {
  const std::string table =
      to_html({.head = {"name", "rows"}, .rows = {{"a", "1"}}, .numbers = {1}});
  EXPECT_NE(table.find("<th scope=\"row\">a</th><td class=\"number\">1</td>"), std::string::npos)
      << table;
  EXPECT_NE(table.find("<th scope=\"col\" class=\"number\">rows</th>"), std::string::npos) << table;
}

TEST(Html, NumbersAreReadable) {
  EXPECT_EQ(number_text(1234567), "1,234,567");
  EXPECT_EQ(number_text(123), "123");
  EXPECT_EQ(number_text(-1234.5), "−1234.5");
  EXPECT_EQ(number_text(0.123456), "0.12346");
  EXPECT_EQ(number_text(157783.4), "157,783");
  EXPECT_EQ(number_text(std::nan("")), "");
  EXPECT_EQ(number_text(-INFINITY), "−∞");
  EXPECT_EQ(percent_text(0.125), "12.5\u00a0%");
  EXPECT_EQ(percent_text(0.0001), "&lt;\u00a00.1\u00a0%");
}

TEST(Html, OnlyALivePageMayRunItsOwnScript) {
  const std::string still = whole_page({.title = "t", .body = "b"});
  EXPECT_NE(still.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(still.find("script-src"), std::string::npos);
  const std::string live = whole_page({.title = "t", .body = "b", .script = "1;", .nonce = "n"});
  EXPECT_NE(live.find("script-src 'nonce-n'; connect-src 'self'"), std::string::npos);
  EXPECT_NE(live.find("<script nonce=\"n\">"), std::string::npos);
}

}  // namespace

}  // namespace sinapse
