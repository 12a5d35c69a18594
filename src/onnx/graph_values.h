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

/// Sequences [batch, time, extents...], of any number of steps, or of `steps` if that is above 0.
inline void describe_steps(onnx::ValueInfoProto& value, const std::string& name, int32_t type,
                           int64_t steps, const std::vector<int64_t>& extents) {
  std::vector<int64_t> all{steps};
  all.insert(all.end(), extents.begin(), extents.end());
  describe_value(value, name, type, all);
  if (steps > 0) return;
  auto& shape = *value.mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.mutable_dim(1)->set_dim_param("time");
}

}  // namespace sinapse
