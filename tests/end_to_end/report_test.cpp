// report.html, as a person sees it: in a browser.
#include "end_to_end/browser.h"
#include "end_to_end/program.h"
#include "end_to_end/tables.h"

namespace sinapse {

namespace {

class Report : public EndToEnd {
 protected:
  std::string url(const std::string& folder) const {
    return "file://" + path(folder + "/report.html");
  }
  // Opens the page; nothing may be wrong with it.
  nlohmann::json values_of(const std::string& folder, nlohmann::json options) const {
    const Opened opened = open_page(url(folder), options);
    EXPECT_EQ(opened.requests, std::vector<std::string>{url(folder)}) << "nothing from elsewhere";
    EXPECT_EQ(opened.errors, std::vector<std::string>{});
    return opened.values;
  }
  // The numbers on the page are those of metrics.json, to the digits that are shown.
  void expect_metrics(const std::string& folder) const {
    expect_metrics(folder, nlohmann::json::parse(text_of(folder + "/metrics.json"))["metrics"]);
  }
  void expect_metrics(const std::string& folder, const nlohmann::json& metrics) const {
    const auto shown = values_of(
        folder, {{"evaluate",
                  {"Object.fromEntries([...document.querySelectorAll('[data-metric]')].map(e => "
                   "[e.dataset.metric, Number(e.textContent.replace('−', '-').replace(/,/g, ''))"
                   "]))"}}})[0];
    size_t compared = 0;
    for (const auto& [part, values] : metrics.items()) {
      for (const auto& [name, value] : values.items()) {
        const std::string key = part + "." + name;
        ASSERT_TRUE(shown.contains(key)) << key;
        const double expected = value;
        EXPECT_NEAR(shown[key].get<double>(), expected, 6e-5 * std::abs(expected)) << key;
        ++compared;
      }
    }
    EXPECT_GE(compared, 4u);
    EXPECT_EQ(shown.size(), compared);
  }
};

// The text of every cell in the rows of a table.
std::string cells_of_table(const std::string& selector) {
  return "[...document.querySelectorAll('" + selector +
         " tbody tr')].map(r => [...r.children].map(c => c.textContent))";
}

double number_in(const nlohmann::json& cell) {
  std::string text = cell;
  std::erase(text, ',');
  if (text.starts_with("−")) text.replace(0, std::string("−").size(), "-");
  return std::stod(text);
}

std::string hostile_csv() {
  Numbers numbers;
  std::string csv = "\"<script>alert(1)</script>\",\"b\"\"><img src=x onerror=alert(2)>\",y\n";
  for (int i = 0; i < 200; ++i) {
    const double a = numbers.next();
    csv += fmt::format("{:.3f},{},{}\n", a, i % 2 ? "</td><script>alert(3)</script>" : "'&\"",
                       a + numbers.next() > 1 ? "<svg onload=alert(4)>" : "no & \"no\"");
  }
  return csv;
}

TEST_F(Report, ShowsAClassifier) {
  file("data.csv", mixed_csv(3));
  train("data.csv", "class", {"--test-split", "0.2"});
  expect_metrics("run");
  const auto values = values_of(
      "run",
      {{"evaluate",
        {"document.querySelectorAll('figure svg[role=img][aria-label]').length",
         "[...document.querySelectorAll('h2')].map(h => h.textContent).join()",
         "document.getElementById('weights').textContent",
         "[...document.querySelectorAll('nav a')].every(a => document.querySelector(a.hash))",
         "document.querySelectorAll('#mistakes ~ .scroll tbody tr').length",
         "document.body.textContent.includes('--test-split 0.2')"}}});
  EXPECT_GE(values[0], 7) << "curves, confusion, ROC, precision and recall, calibration, network";
  EXPECT_EQ(values[1],
            "What stands out,Metrics,Learning curves,Answers on the test rows,What it relies on,"
            "Most wrong,Data,Network,To repeat it");
  EXPECT_EQ(values[2], nlohmann::json::parse(text_of("run/metrics.json"))["weights_sha256"]);
  EXPECT_EQ(values[3], true);
  EXPECT_EQ(values[4], 12);
  EXPECT_EQ(values[5], true) << "the command";
}

TEST_F(Report, ShowsARegression) {
  file("cars.csv", regression_csv());
  train("cars.csv", "y");
  expect_metrics("run");
  const auto values = values_of("run", {{"evaluate",
                                         {"[...document.querySelectorAll('figure svg')].map(s => "
                                          "s.getAttribute('aria-label')).join()"}}});
  EXPECT_NE(values[0].get<std::string>().find("Predicted and true,Residuals,How often"),
            std::string::npos)
      << values[0];
}

// After a final fit the model scales its target otherwise than the network that was measured.
TEST_F(Report, NumbersOfRowsAreThoseOfTheFile) {
  file("cars.csv", regression_csv(90));
  const auto report = train("cars.csv", "y", {"--validation-split", "0.3"});
  const auto lines = cells_of(text_of("cars.csv"));
  const auto rows = values_of("run", {{"evaluate", {cells_of_table("#mistakes ~ .scroll")}}})[0];
  ASSERT_EQ(rows.size(), 12u);
  const auto& head = lines[0];
  const size_t y = static_cast<size_t>(std::find(head.begin(), head.end(), "y") - head.begin());
  double squares = 0;
  for (const auto& row : rows) {
    const std::string place = row[0];
    const size_t line = std::stoul(place.substr(place.rfind(':') + 1));
    const double truth = number_in(row[1]), predicted = number_in(row[2]);
    EXPECT_NEAR(truth, std::stod(lines[line - 1][y]), 1e-4 * (1 + std::abs(truth))) << place;
    EXPECT_NEAR(number_in(row[3]), predicted - truth, 1e-3 * (1 + std::abs(truth))) << place;
    squares += (predicted - truth) * (predicted - truth);
  }
  const double rmse = report["metrics"]["validation"]["rmse"];
  EXPECT_GE(std::sqrt(squares / 12), rmse) << "the worst rows";
  const auto interval =
      values_of("run", {{"evaluate",
                         {"document.querySelector('[data-metric=\"validation.rmse\"]')"
                          ".parentElement.querySelector('.range').textContent"}}})[0];
  const std::string text = interval;
  EXPECT_LE(std::stod(text), rmse);
  EXPECT_GE(std::stod(text.substr(text.find("to ") + 3)), rmse);
}

TEST_F(Report, NumbersOfTargetsAreThoseOfTheMetrics) {
  std::string csv = "a,p,q\n";
  Numbers numbers;
  for (int i = 0; i < 120; ++i) {
    const double a = numbers.next();
    csv += fmt::format("{:.4f},{:.4f},{:.4f}\n", a, 3 * a + numbers.next(), 90 * a * a);
  }
  file("data.csv", csv);
  const auto report = train("data.csv", "p,q");
  const auto rows =
      values_of("run", {{"evaluate", {cells_of_table("[aria-label^=\"Target by target\"]")}}})[0];
  ASSERT_EQ(rows.size(), 2u) << rows;
  for (const auto& row : rows) {
    const auto& metrics = report["targets"][row[0].get<std::string>()]["validation"]["metrics"];
    const std::vector<std::string> names = {"rmse", "mae", "r2"};
    for (size_t i = 0; i < names.size(); ++i) {
      const double expected = metrics[names[i]];
      EXPECT_NEAR(number_in(row[i + 1]), expected, 6e-5 * std::abs(expected)) << names[i];
    }
  }
}

TEST_F(Report, FitsNarrowAndDarkPagesAndPaper) {
  file("data.csv", mixed_csv(2));
  train("data.csv", "class");
  const char* width = "document.documentElement.scrollWidth";
  const char* colour = "getComputedStyle(document.body).backgroundColor";
  const char* axis = "getComputedStyle(document.querySelector('.stroke-axis')).stroke";
  const auto light = values_of("run", {{"width", 360}, {"evaluate", {width, colour, axis}}});
  const auto dark =
      values_of("run", {{"width", 1400}, {"dark", true}, {"evaluate", {width, colour, axis}}});
  const auto paper =
      values_of("run", {{"print", true}, {"dark", true}, {"evaluate", {colour, axis}}});
  EXPECT_LE(light[0], 360) << "nothing sticks out";
  EXPECT_LE(dark[0], 1400);
  EXPECT_EQ(light[1], "rgb(255, 255, 255)");
  EXPECT_EQ(dark[1], "rgb(13, 17, 23)");
  EXPECT_NE(light[2], dark[2]) << "figures follow the page";
  EXPECT_EQ(paper[0], "rgb(255, 255, 255)");
  EXPECT_EQ(paper[1], light[2]) << "paper is never dark";
}

TEST_F(Report, HostileNamesStayText) {
  file("data.csv", hostile_csv());
  train("data.csv", "y");
  const auto values = values_of(
      "run", {{"evaluate",
               {"document.querySelectorAll('script, img:not([src^=data]), svg[onload]').length",
                "document.body.textContent.includes('<script>alert(1)</script>')",
                "document.body.textContent.includes('<svg onload=alert(4)>')"}}});
  EXPECT_EQ(values[0], 0);
  EXPECT_EQ(values[1], true);
  EXPECT_EQ(values[2], true);
}

TEST_F(Report, ChangesNothingAndCanBeLeftOut) {
  file("data.csv", mixed_csv(2));
  const auto with = train("data.csv", "class", {"--output", "with"});
  const auto without = train("data.csv", "class", {"--output", "without", "--no-report"});
  EXPECT_EQ(with["weights_sha256"], without["weights_sha256"]);
  EXPECT_EQ(with["metrics"], without["metrics"]);
  EXPECT_TRUE(exists("with/report.html"));
  EXPECT_FALSE(exists("without/report.html"));
  EXPECT_FALSE(without["files"].contains("report"));
}

TEST_F(Report, ShowsForecastsBesideTheSimpleWays) {
  std::string csv = "day,sales\n";
  for (int i = 0; i < 120; ++i) {
    csv += fmt::format("{},{}\n", i, 50 + 10 * (i % 7));
  }
  file("sales.csv", csv);
  const Outcome outcome = sinapse({"train", "sales.csv", "--target", "sales", "--time", "day",
                                   "--horizon", "7", "--epochs", "2", "--output", "run"});
  if (outcome.exit_code != 0) GTEST_FAIL() << outcome.errors;
  expect_metrics("run");
  const auto rows = values_of("run", {{"evaluate", {cells_of_table("#forecasts ~ .scroll")}}})[0];
  const auto forecasts = nlohmann::json::parse(text_of("run/metrics.json"))["forecasts"];
  ASSERT_EQ(rows.size(), forecasts["train"].size() + forecasts["validation"].size());
  for (const auto& row : rows) {
    const auto& scores = forecasts[row[1].get<std::string>()][row[0].get<std::string>()];
    const std::vector<std::string> names = {"mase", "smape", "mae", "rmse"};
    for (size_t i = 0; i < names.size(); ++i) {
      if (scores[names[i]].is_null()) continue;
      const double expected = scores[names[i]];
      EXPECT_NEAR(number_in(row[i + 2]), expected, 6e-5 * std::abs(expected)) << row;
    }
  }
}

TEST_F(Report, OfAnEvaluationTellsOfOtherData) {
  file("data.csv", mixed_csv(3));
  train("data.csv", "class", {"--output", "model"});
  std::filesystem::create_directory(path("run"));
  const auto evaluated =
      sinapse_json({"evaluate", "model", "data.csv", "--report", "run/report.html", "--json"});
  EXPECT_EQ(evaluated["files"]["report"], "run/report.html");
  expect_metrics("run", {{"test", evaluated["metrics"]}});
  const auto values =
      values_of("run", {{"evaluate",
                         {"[...document.querySelectorAll('h2')].map(h => h.textContent).join()",
                          "document.body.textContent.includes('evaluate model data.csv')",
                          "document.getElementById('weights').textContent",
                          "document.body.textContent.includes('weights are of epoch')"}}});
  EXPECT_EQ(values[0],
            "What stands out,Metrics,Answers on the test rows,What it relies on,Most wrong,Data,"
            "Network,To repeat it");
  EXPECT_EQ(values[1], true);
  EXPECT_EQ(values[2], nlohmann::json::parse(text_of("model/metrics.json"))["weights_sha256"]);
  EXPECT_EQ(values[3], false) << "nothing was trained";
}

TEST_F(Report, OfForecastsTellsOfOtherSteps) {
  std::string csv = "day,price,sales\n";
  for (int i = 0; i < 120; ++i)
    csv += fmt::format("{},{},{}\n", i, i % 5, 50 + 10 * (i % 7) - 3 * (i % 5));
  file("sales.csv", csv);
  ASSERT_EQ(sinapse({"train", "sales.csv", "--target", "sales", "--time", "day", "--known", "price",
                     "--horizon", "7", "--epochs", "2", "--quiet", "--output", "model"})
                .exit_code,
            0);
  std::filesystem::create_directory(path("run"));
  const auto evaluated =
      sinapse_json({"evaluate", "model", "sales.csv", "--report", "run/report.html", "--json"});
  EXPECT_EQ(evaluated["files"]["report"], "run/report.html");
  expect_metrics("run", {{"test", evaluated["forecasts"]["network"]}});
  const auto values =
      values_of("run", {{"evaluate",
                         {"[...document.querySelectorAll('h2')].map(h => h.textContent).join()",
                          cells_of_table("#forecasts ~ details"),
                          "document.body.textContent.includes('price, to come')",
                          "document.body.textContent.includes('sales, 7 steps ahead')"}}});
  EXPECT_EQ(values[0],
            "What stands out,Metrics,Beside the simple ways,What it relies on,Data,Network,To "
            "repeat it");
  ASSERT_EQ(values[1].size(), 7u);
  for (size_t h = 0; h < 7; ++h) {
    const double expected = evaluated["steps"][h]["network"]["mae"];
    EXPECT_NEAR(number_in(values[1][h][1]), expected, 6e-5 * expected);
  }
  EXPECT_EQ(values[2], true);
  EXPECT_EQ(values[3], true);
}

TEST_F(Report, OfASearchShowsItsTrials) {
  file("data.csv", regression_csv());
  const auto report = sinapse_json({"tune", "data.csv", "--target", "y", "--space",
                                    "training.learning_rate=1e-4..1e-1:log", "--trials", "4",
                                    "--epochs", "3", "--output", "run", "--json", "--quiet"});
  EXPECT_EQ(report["files"]["report"], "run/report.html");
  expect_metrics("run");
  const auto rows = values_of("run", {{"evaluate", {cells_of_table("#trials ~ .scroll")}}})[0];
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0][0], std::to_string(report["best"]["trial"].get<int>()));
  const double best = report["best"]["score"];
  EXPECT_NEAR(number_in(rows[0][1]), best, 6e-5 * best);
  EXPECT_LE(number_in(rows[0][1]), number_in(rows[1][1]));
  EXPECT_EQ(rows[0][2], report["best"]["values"]["training.learning_rate"]);
}

TEST_F(Report, EveryTaskHasOne) {
  std::string csv = "a,b,p,q,r,s\n";
  Numbers numbers;
  for (int i = 0; i < 120; ++i) {
    const double a = numbers.next(), b = numbers.next();
    csv += fmt::format("{:.3f},{:.3f},{},{},{:.3f},{:.3f}\n", a, b, a > 0.5 ? "yes" : "no",
                       b > 0.5 ? "up" : "down", a / (a + b), b / (a + b));
  }
  file("data.csv", csv);
  const std::vector<std::vector<std::string>> runs = {
      {"p,q", "--ignore-column", "r,s"},
      {"r,s", "--ignore-column", "p,q"},
      {"r,s", "--ignore-column", "p,q", "--task", "distribution"},
      {"p", "--loss", "hinge"},
      {"r", "--validation-split", "0"}};
  for (const auto& run : runs) {
    train("data.csv", run[0], {run.begin() + 1, run.end()});
    expect_metrics("run");
  }
}

}  // namespace

}  // namespace sinapse
