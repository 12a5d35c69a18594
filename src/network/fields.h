// Reading and writing the fields of a layer by name.
#pragma once

#include <sinapse/network.h>

namespace sinapse {

/// Sets the fields that the description names. Throws Error(usage) for an unknown field (with the
/// nearest name) or a value of the wrong type.
void set_fields(Layer& layer, const LayerDescription& description);

/// All fields with their present values.
std::map<std::string, FieldValue> get_fields(Layer& layer);

/// One field of a layer type, for documentation.
struct FieldDocument {
  std::string name;
  FieldValue default_value;
  std::string doc;
};
std::vector<FieldDocument> document_fields(Layer& layer);

}  // namespace sinapse
