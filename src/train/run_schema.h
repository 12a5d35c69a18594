// The JSON schema of run files, for editors and validators.
#pragma once

#include <string>

namespace sinapse {

/// JSON Schema, draft 2020-12, made from the keys of the run, the fields of the layers and the
/// catalogue of names. Names are expected as they are listed, in lower case.
std::string run_schema();

}  // namespace sinapse
