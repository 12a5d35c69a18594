// The chapter of the manual that is made of the program's own tables.
#pragma once

#include <string>
#include <vector>

#include "train/catalogue.h"

namespace sinapse::cli {

/// Markdown: a table for each section.
std::string reference(const std::vector<CatalogueSection>& sections);

}  // namespace sinapse::cli
