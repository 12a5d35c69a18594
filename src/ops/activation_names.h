// Finding an activation by any of its names.
#pragma once

#include <sinapse/activation.h>

namespace sinapse {

/// The activation of this name or alias, case, underscores, hyphens and spaces ignored; or null.
const ActivationDefinition* find_activation(std::string_view name);

}  // namespace sinapse
