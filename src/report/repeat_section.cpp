// What it takes to have the same run again, to the same bits.
#include <chrono>
#include <fstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cpu/target.h"
#include "report/html.h"
#include "report/part_answers.h"
#include "report/sections.h"

namespace sinapse {

namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::chrono::system_clock::now()));
}

}  // namespace

std::string repeat_section(const Report& report) {
  const TrainResult& result = report.result;
  HtmlTable table{.head = {"environment", "value"}};
  table.rows = {
      {"Sinapse", html_text(SINAPSE_VERSION)},
      {"processor", html_text(processor_name())},
      {"instructions", html_text(simd_target())},
      {"threads", fmt::format("{} (results do not depend on it)", report.threads)},
      {"ended", now_text()},
      {"weights, SHA-256", element("code", html_text(result.weights_sha256), "id=\"weights\"")},
  };
  if (tells_of_training(report)) {
    table.rows.push_back({"seed", fmt::format("{}", result.resolved.training.seed)});
    table.rows.push_back({"seconds", number_text(result.seconds)});
  }
  std::string html;
  if (!report.command.empty()) {
    html += element("h3", "The command") + "\n" + element("pre", html_text(report.command)) + "\n";
  }
  if (report.run_file.empty()) return section("repeat", "To repeat it", html + to_html(table));
  html += note(
      "The run file has every choice that was made. It repeats the run to the same bits, "
      "on any number of threads: <code>sinapse train --config run.yaml</code>");
  html += details("The run file", element("pre", html_text_of_lines(report.run_file)));
  return section("repeat", "To repeat it", html + to_html(table));
}

}  // namespace sinapse
