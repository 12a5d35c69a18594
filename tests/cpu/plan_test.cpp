// Compiled plans against the reference in double precision.
#include <gtest/gtest.h>

#include "compile/passes.h"
#include "cpu/instruction_sets.h"
#include "cpu/plan_cases.h"
#include "cpu/window_cases.h"

namespace sinapse {

namespace {

class PlanAgreement : public testing::TestWithParam<PlanCase> {};

TEST_P(PlanAgreement, EveryInstructionSetEqualsTheReference) {
  const PreparedCase prepared(GetParam());
  const Reference reference = train_by_reference(prepared);
  Team team(1);
  for_each_instruction_set(
      [&] { expect_agreement(prepared, train_by_plan(prepared, team), reference); });
}

TEST_P(PlanAgreement, EveryOptionalPassCanBeLeftOut) {
  const PreparedCase prepared(GetParam());
  const Reference reference = train_by_reference(prepared);
  Team team(1);
  std::set<std::string> all;
  for (const Pass& pass : passes()) {
    if (!pass.optional) continue;
    SCOPED_TRACE("without " + std::string(pass.name));
    expect_agreement(prepared, train_by_plan(prepared, team, {std::string(pass.name)}), reference);
    all.insert(std::string(pass.name));
  }
  SCOPED_TRACE("without any optional pass");
  expect_agreement(prepared, train_by_plan(prepared, team, all), reference);
}

INSTANTIATE_TEST_SUITE_P(Windows, PlanAgreement, testing::ValuesIn(window_cases()),
                         [](const auto& info) { return info.param.name; });
INSTANTIATE_TEST_SUITE_P(Networks, PlanAgreement, testing::ValuesIn(plan_cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace

}  // namespace sinapse
