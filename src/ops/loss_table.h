// How losses are told apart by their names.
#pragma once

#include <string>

#include <sinapse/loss.h>

namespace sinapse {

/// Whether that is the loss's name or one of its aliases, in the form of plain_name().
bool is_called(const LossDefinition& definition, const std::string& plain_name);

}  // namespace sinapse
