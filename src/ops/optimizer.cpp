// The table of optimizers, and their text form.
#include <sinapse/error.h>
#include <sinapse/optimizer.h>

#include "data/call_text.h"
#include "data/nearest.h"
#include "ops/prepare_update.h"

namespace sinapse {

#include "ops/optimizers-inl.h"

namespace {

// Constants in the order in which the formulas take them.
std::vector<OptimizerDefinition> make_table() {
  const Constant decay{"weight_decay", 0, "times the weight is added to the gradient (L2)",
                       Domain::not_negative};
  const Constant shrink{"weight_decay", 0, "times lr the weight shrinks", Domain::not_negative};
  const Constant momentum{"momentum", 0.9, "share of the last move that is kept",
                          Domain::proportion};
  const Constant beta1{"beta1", 0.9, "decay of the mean gradient", Domain::share};
  const Constant beta2{"beta2", 0.999, "decay of the mean squared gradient", Domain::share};
  const Constant epsilon{"epsilon", 1e-8, "keeps the quotient finite", Domain::not_negative};
  const Constant amsgrad{"amsgrad", 0, "divide by the largest v so far (Reddi, Kale, Kumar 2018)",
                         Domain::flag};
  const Constant decoupled{"decoupled_weight_decay", 0,
                           "weight decay shrinks the weight, as in adamw", Domain::flag};
  const auto with = [](Constant constant, double default_value) {
    constant.default_value = default_value;
    return constant;
  };
  return {
      {.name = Sgd::name,
       .formula = "w -= lr g",
       .doc = "Plain gradient descent: keeps nothing for a weight.",
       .source = "Robbins, Monro 1951",
       .constants = {decay},
       .default_learning_rate = 0.01},
      {.name = Momentum::name,
       .formula = "m = momentum m + (1-dampening) g;  w -= lr m",
       .doc = "Gradient descent that keeps rolling; the first gradient is not dampened.",
       .source = "Polyak 1964",
       .constants = {momentum,
                     {"dampening", 0, "share of the gradient left out", Domain::proportion},
                     decay},
       .default_learning_rate = 0.01},
      {.name = Nesterov::name,
       .aliases = {"nesterovs"},
       .formula = "m = momentum m + g;  w -= lr (g + momentum m)",
       .doc = "Momentum that looks one step ahead.",
       .source = "Nesterov 1983; Sutskever, Martens, Dahl, Hinton 2013",
       .constants = {momentum, decay},
       .default_learning_rate = 0.01},
      {.name = Adagrad::name,
       .formula = "s += g^2;  w -= lr / (1 + (t-1) lr_decay) g / (sqrt(s) + eps)",
       .doc = "Smaller steps for weights that moved much; good for rare inputs.",
       .source = "Duchi, Hazan, Singer 2011",
       .constants = {{"lr_decay", 0, "how fast the learning rate falls", Domain::not_negative},
                     {"initial_accumulator_value", 0, "where s starts", Domain::not_negative},
                     with(epsilon, 1e-10),
                     decay},
       .default_learning_rate = 0.01},
      {.name = Adadelta::name,
       .formula = "s = rho s + (1-rho) g^2;  d = sqrt(u+eps) / sqrt(s+eps) g;  "
                  "u = rho u + (1-rho) d^2;  w -= lr d",
       .doc = "Finds its own step size: steps have the weight's unit.",
       .source = "Zeiler 2012",
       .constants = {{"rho", 0.9, "decay of both mean squares", Domain::proportion},
                     with(epsilon, 1e-6),
                     decay},
       .default_learning_rate = 1},
      {.name = RmsProp<false, false>::name,
       .formula = "v = alpha v + (1-alpha) g^2;  m = momentum m + g / (sqrt(v) + eps);  w -= lr m",
       .doc = "Divides by the recent size of the gradient.",
       .source = "Tieleman, Hinton 2012; centered: Graves 2013",
       .constants = {{"alpha", 0.99, "decay of the mean squared gradient", Domain::share},
                     epsilon,
                     with(momentum, 0),
                     {"centered", 0, "take the square of the mean gradient off v", Domain::flag},
                     decay},
       .default_learning_rate = 0.01},
      {.name = Adam<false>::name,
       .aliases = {"amsgrad"},
       .formula = "m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2;  "
                  "w -= lr m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps)",
       .doc = "Momentum divided by the recent size of the gradient; a good first choice.",
       .source = "Kingma, Ba 2015",
       .constants = {beta1, beta2, epsilon, decay, amsgrad},
       .default_learning_rate = 0.001},
      {.name = AdamW<false>::name,
       .formula = "w -= lr weight_decay w, then as adam",
       .doc = "Adam whose weight decay is the same for all weights.",
       .source = "Loshchilov, Hutter 2019",
       .constants = {beta1, beta2, epsilon, with(shrink, 0.01), amsgrad},
       .default_learning_rate = 0.001},
      {.name = Adamax::name,
       .formula = "m = b1 m + (1-b1) g;  u = max(b2 u, |g| + eps);  w -= lr/(1-b1^t) m / u",
       .doc = "Adam with the largest recent gradient instead of the mean square.",
       .source = "Kingma, Ba 2015",
       .constants = {beta1,
                     {"beta2", 0.999, "decay of the largest gradient", Domain::share},
                     epsilon,
                     decay},
       .default_learning_rate = 0.002},
      {.name = NAdam::name,
       .formula =
           "m, v as adam;  mu_t = b1 (1 - 0.96^(t momentum_decay) / 2), p_t = mu_1 ... mu_t;  "
           "w -= lr ((1-mu_t) g/(1-p_t) + mu_(t+1) m/(1-p_(t+1))) / (sqrt(v/(1-b2^t)) + eps)",
       .doc = "Adam with Nesterov's look ahead.",
       .source = "Dozat 2016",
       .constants = {beta1,
                     beta2,
                     epsilon,
                     decay,
                     {"momentum_decay", 0.004, "how fast beta1 warms up", Domain::not_negative},
                     decoupled},
       .default_learning_rate = 0.002},
      {.name = RAdam::name,
       .formula = "m, v as adam;  w -= lr r m/(1-b1^t) / sqrt(v/(1-b2^t)), or lr m/(1-b1^t) while "
                  "the length of the mean, r's argument, is at most 5",
       .doc = "Adam that starts as momentum until its mean square can be trusted.",
       .source = "Liu, Jiang, He, Chen, Liu, Gao, Han 2020",
       .constants = {beta1, beta2, epsilon, decay, decoupled},
       .default_learning_rate = 0.001},
      {.name = Lion::name,
       .formula = "w -= lr weight_decay w;  w -= lr sign(b1 m + (1-b1) g);  m = b2 m + (1-b2) g",
       .doc = "Steps of one size, by the sign alone; wants a smaller learning rate than adam.",
       .source = "Chen and others 2023",
       .constants = {{"beta1", 0.9, "share of the mean in the step", Domain::share},
                     {"beta2", 0.99, "decay of the mean gradient", Domain::share},
                     shrink},
       .default_learning_rate = 1e-4},
      {.name = Rprop::name,
       .aliases = {"resilient"},
       .formula = "size *= etaplus if the sign of g stayed, etaminus if it changed (then g = 0);  "
                  "w -= size sign(g);  size starts at lr",
       .doc = "A step size for each weight, by signs alone. For whole batches: set batch_size to "
              "all rows. The schedule has no effect.",
       .source = "Riedmiller, Braun 1993",
       .constants = {{"etaminus", 0.5, "factor after a change of sign", Domain::share},
                     {"etaplus", 1.2, "factor while the sign stays", Domain::positive},
                     {"step_size_min", 1e-6, "smallest step", Domain::positive},
                     {"step_size_max", 50, "largest step", Domain::positive}},
       .default_learning_rate = 0.01},
      {.name = "lbfgs",
       .formula = "w += a d,  d = -H g: H the inverse Hessian as the last moves and "
                  "changes of g show it, a by the line search from lr",
       .doc = "Newton's method from a short memory, on all rows at once: for small data and smooth "
              "losses.",
       .source = "Liu, Nocedal 1989",
       .constants =
           {{"history", 10, "moves that are remembered", Domain::positive_count},
            {"line_search", 1, "how far to go: none takes lr", Domain::choice, "none strong_wolfe"},
            {"iterations", 1, "in one step, that is an epoch", Domain::positive_count},
            {"evaluations", 0, "no iteration begins after so many in a step; 0: iterations 5/4",
             Domain::count},
            {"tolerance_gradient", 1e-7, "stays where no gradient is larger", Domain::not_negative},
            {"tolerance_change", 1e-9, "ends a step whose loss or weights change by less",
             Domain::not_negative}},
       .default_learning_rate = 1,
       .full_batch = true},
      {.name = "levenberg_marquardt",
       .formula = "w -= (J'J + damping I)^-1 J'e,  e the errors and J their derivatives",
       .doc = "Solves for the best step on all rows at once: for squared errors and some hundred "
              "weights, 2000 at most. The learning rate has no effect.",
       .source = "Levenberg 1944; Marquardt 1963; Hagan, Menhaj 1994",
       .constants = {{"damping", 0.001, "where it starts, as a share of the mean square",
                      Domain::positive},
                     {"increase", 10, "factor after a step that did not lower the loss",
                      Domain::at_least_one},
                     {"decrease", 0.1, "factor after a step that did", Domain::share},
                     {"max_damping", 1e10, "where an epoch gives up", Domain::positive}},
       .default_learning_rate = 1,
       .full_batch = true},
  };
}

bool is_called(const OptimizerDefinition& definition, const std::string& name) {
  if (plain_name(definition.name) == name) return true;
  for (const std::string_view alias : definition.aliases) {
    if (plain_name(alias) == name) return true;
  }
  return false;
}

const OptimizerDefinition& find_definition(const CallText& call) {
  std::vector<std::string> names;
  for (const OptimizerDefinition& definition : optimizers()) {
    if (is_called(definition, plain_name(call.name))) return definition;
    names.emplace_back(definition.name);
    names.insert(names.end(), definition.aliases.begin(), definition.aliases.end());
  }
  throw Error(ErrorCode::usage,
              "There is no optimizer \"" + call.name + "\"." + did_you_mean(call.name, names));
}

}  // namespace

const std::vector<OptimizerDefinition>& optimizers() {
  static const std::vector<OptimizerDefinition> table = make_table();
  return table;
}

Optimizer parse_optimizer(std::string_view text) {
  const CallText call = parse_call("optimizer", text);
  const OptimizerDefinition& definition = find_definition(call);
  Optimizer optimizer{&definition, read_constants("optimizer", call, definition.constants)};
  for (size_t i = 0; i < definition.constants.size(); ++i) {  // "amsgrad" is adam(amsgrad=true)
    const Constant& constant = definition.constants[i];
    const bool is_flag = constant.domain == Domain::flag;
    if (is_flag && plain_name(constant.name) == plain_name(call.name)) optimizer.constants[i] = 1;
  }
  return optimizer;
}

std::string to_string(const Optimizer& optimizer) {
  return call_text(optimizer.definition->name, optimizer.definition->constants,
                   optimizer.constants);
}

int num_moments(const Optimizer& optimizer) {
  int count = 0;
  with_optimizer_formula(optimizer, [&](auto formula) { count = formula.num_moments; });
  return count;
}

Scalars prepare_update(const Optimizer& optimizer, double learning_rate, int64_t step) {
  Scalars scalars{};
  with_optimizer_formula(optimizer, [&](auto formula) {
    scalars = formula.prepare(optimizer.constants, learning_rate, step);
  });
  return scalars;
}

}  // namespace sinapse
