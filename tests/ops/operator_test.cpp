// Every operator, with the shapes of its cases.
#include <set>

#include <gtest/gtest.h>

#include "cpu/instruction_sets.h"
#include "ops/operator_cases.h"
#include "ops/operators.h"

namespace sinapse {

namespace {

const std::vector<OperatorCase>& cases() {
  static const std::vector<OperatorCase> all = [] {
    std::vector<OperatorCase> joined;
    for (const auto& cases_of : {row_cases, spatial_cases, sequence_cases, loss_cases}) {
      std::vector<OperatorCase> theme = cases_of();
      joined.insert(joined.end(), theme.begin(), theme.end());
    }
    return joined;
  }();
  return all;
}

class EveryOperator : public testing::TestWithParam<OperatorCase> {};

constexpr int64_t kRows[] = {1, 2, 5};

TEST_P(EveryOperator, GradientMatchesFiniteDifferences) {
  for (const int64_t rows : kRows) {
    SCOPED_TRACE(std::to_string(rows) + " rows");
    expect_gradient_matches_differences(GetParam(), rows);
  }
}

TEST_P(EveryOperator, GradientDoesNotDependOnOtherTargets) {
  expect_gradient_does_not_depend_on_other_targets(GetParam(), 3);
}

TEST_P(EveryOperator, FloatAgreesWithDouble) {
  for (const int64_t rows : kRows) expect_float_agrees_with_double(GetParam(), rows);
}

TEST_P(EveryOperator, PlanAgreesWithReference) {
  for (const int64_t rows : {1, 2, 5, 33, 300}) {
    SCOPED_TRACE(std::to_string(rows) + " rows");
    expect_plan_agrees_with_reference(GetParam(), rows, rows);
    expect_plan_agrees_with_reference(GetParam(), rows, rows + 37);
  }
}

TEST_P(EveryOperator, PlanAgreesWithReferenceAtEveryInstructionSet) {
  for_each_instruction_set([] { expect_plan_agrees_with_reference(GetParam(), 5, 8); });
}

INSTANTIATE_TEST_SUITE_P(Operators, EveryOperator, testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

// These have no gradient of their own and stand in no gradient; other tests give their values.
const std::set<const Operator*> kTestedByValue{
    &op::update(),       &op::penalty_gradient(), &op::clip_by_value(),
    &op::squared_sums(), &op::clip_factor(),      &op::accumulate(),
    &op::average(),      &op::constrain(),        &op::sequence_lengths()};

TEST(OperatorTable, EveryOperatorHasACase) {
  std::set<const Operator*> covered = kTestedByValue;
  for (const OperatorCase& tested : cases()) {
    const DifferentiatedCase built = differentiated(tested);
    for (const Node& node : built.graph.nodes()) covered.insert(node.op);
  }
  for (const Operator* op : all_operators()) {
    EXPECT_TRUE(covered.contains(op)) << op->name << " needs a case";
  }
}

TEST(OperatorTable, NamesAreUniqueAndEveryOperatorIsComplete) {
  std::set<std::string_view> names;
  for (const Operator* op : all_operators()) {
    EXPECT_TRUE(names.insert(op->name).second) << op->name;
    EXPECT_FALSE(op->doc.empty()) << op->name;
    EXPECT_TRUE(op->infer && op->reference32 && op->reference64) << op->name;
    for (const AttributeSpec& spec : op->attributes) EXPECT_FALSE(spec.doc.empty()) << spec.name;
  }
}

}  // namespace

}  // namespace sinapse
