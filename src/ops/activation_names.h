// Finding an activation in the table.
#pragma once

#include <sinapse/activation.h>

namespace sinapse {

/// The activation of this name or alias, case, underscores, hyphens and spaces ignored; or null.
const ActivationDefinition* find_activation(std::string_view name);

/// How many of activations() are built in; they come first.
size_t num_built_in_activations();

}  // namespace sinapse
