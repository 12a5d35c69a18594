// The frame of a page: head, styles, policy.
#pragma once

#include <string>

namespace sinapse {

struct Page {
  std::string title;   // a text
  std::string body;    // HTML
  std::string script;  // of a live page; empty: scripts are forbidden
  std::string nonce;   // that names the script in the policy
};

/// A whole HTML file that asks for nothing from elsewhere, and says so in its policy.
std::string whole_page(const Page& page);

}  // namespace sinapse
