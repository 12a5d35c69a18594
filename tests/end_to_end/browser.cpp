#include "end_to_end/browser.h"

#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {

Opened open_page(const std::string& url, const nlohmann::json& options) {
  const TemporaryFolder folder;
  const Outcome outcome = run_program(
      {.command = {"node", source_path("tests/browser/open_page.mjs"), url, options.dump()},
       .folder = folder.path("")});
  EXPECT_EQ(outcome.exit_code, 0) << "is chromium-headless-shell installed? "
                                     "scripts/install-dependencies --tests\n"
                                  << outcome.errors;
  if (outcome.exit_code != 0) return {};
  const auto json = nlohmann::json::parse(outcome.output);
  return {json["requests"], json["errors"], json["values"]};
}

}  // namespace sinapse
