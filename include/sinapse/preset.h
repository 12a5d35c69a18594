// Presets: options with a name, from which a run may start.
#pragma once

#include <string>

#include <sinapse/train.h>

namespace sinapse {

/// Sets the options of the preset and leaves the others as they are; set afterwards what is to be
/// otherwise. `sinapse list presets` tells names and options. Throws Error(usage) for an unknown
/// name, with the nearest one.
void apply_preset(RunOptions& options, const std::string& name);

}  // namespace sinapse
