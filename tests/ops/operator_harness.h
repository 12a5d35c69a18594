// Checks of any operator from one line of a table: its gradient against finite differences, its
// float kernel against the double one, and the compiled plan against both.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "graph/operator.h"

namespace sinapse {

/// What an input of a case holds; only numbers are differentiated.
enum class Content {
  number,    // of either sign, not near 0, where many functions have a kink
  positive,  // above 0.3
  index,     // whole numbers from 0 on
  fixed,     // positive, no gradient asked for
};

struct CaseInput {
  Shape shape;
  Content content = Content::number;
  int64_t count = 0;  // of an index: how many there are
};

CaseInput number(Shape shape);
CaseInput positive(Shape shape);
CaseInput fixed(Shape shape);
CaseInput index(int64_t count, int64_t columns = 1);

using BuildCase = std::function<ValueId(Graph& graph, const std::vector<ValueId>& inputs)>;

/// Builds a node of that operator and takes its first output.
BuildCase apply(const Operator& op, Attributes attributes = {});

struct OperatorCase {
  std::string name;
  std::vector<CaseInput> inputs;
  BuildCase build;
};

/// For GoogleTest's messages.
inline void PrintTo(const OperatorCase& tested, std::ostream* out) { *out << tested.name; }

/// A case's graph with the gradients of a random linear functional of its output.
struct DifferentiatedCase {
  Graph graph;
  std::vector<ValueId> inputs;
  ValueId output = kNoValue;
  ValueId seed = kNoValue;          // the coefficients of the functional
  std::vector<ValueId> targets;     // the inputs that hold numbers
  std::vector<ValueId> gradients;   // by target
};

/// `only`: the index of the one target to differentiate by; -1 for all.
DifferentiatedCase differentiated(const OperatorCase& tested, int only = -1);

/// The numbers of all inputs and of the functional for a batch, by ValueId; the same every time.
std::vector<std::vector<double>> case_values(const DifferentiatedCase& tested,
                                             const OperatorCase& described, int64_t rows);

void expect_gradient_matches_differences(const OperatorCase& tested, int64_t rows);
void expect_gradient_does_not_depend_on_other_targets(const OperatorCase& tested, int64_t rows);
void expect_float_agrees_with_double(const OperatorCase& tested, int64_t rows);
void expect_plan_agrees_with_reference(const OperatorCase& tested, int64_t rows,
                                       int64_t max_rows);

}  // namespace sinapse
