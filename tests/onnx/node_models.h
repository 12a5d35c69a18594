// Small models around the nodes under test.
#pragma once

#include <onnx/checker.h>

#include "onnx/onnx_runtime.h"

namespace sinapse {

inline void import_opset(onnx::ModelProto& model, const std::string& domain, int64_t version) {
  auto& opset = *model.add_opset_import();
  opset.set_domain(domain);
  opset.set_version(version);
}

inline onnx::ModelProto empty_model() {
  onnx::ModelProto model;
  model.set_ir_version(8);
  import_opset(model, "", 17);
  import_opset(model, "ai.onnx.ml", 3);
  model.mutable_graph()->set_name("test");
  return model;
}

inline std::string checked(const onnx::ModelProto& model) {
  EXPECT_NO_THROW(onnx::checker::check_model(model));
  return model.SerializeAsString();
}

inline void expect_near(const nlohmann::json& tensor, const std::vector<float>& expected) {
  ASSERT_EQ(tensor["data"].size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(number_of(tensor["data"][i]), expected[i],
                1e-6 * std::max(1.0f, std::abs(expected[i])))
        << "element " << i;
}

}  // namespace sinapse
