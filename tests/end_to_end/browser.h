// Opens pages in headless Chromium.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sinapse {

/// What tests/browser/open_page.mjs tells of a page; see there for the options.
struct Opened {
  std::vector<std::string> requests, errors;
  nlohmann::json values;  // of the expressions under options["evaluate"]
};
Opened open_page(const std::string& url, const nlohmann::json& options = nlohmann::json::object());

}  // namespace sinapse
