// Inputs and outputs of an ONNX graph, with their types and shapes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace sinapse {

/// A value [batch, extents...] with a free batch axis.
inline void describe_value(onnx::ValueInfoProto& value, const std::string& name, int32_t type,
                           const std::vector<int64_t>& extents) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  tensor.mutable_shape()->add_dim()->set_dim_param("batch");
  for (const int64_t extent : extents) tensor.mutable_shape()->add_dim()->set_dim_value(extent);
}

}  // namespace sinapse
