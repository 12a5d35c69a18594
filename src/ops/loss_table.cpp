// The table of losses.
#include "ops/loss_table.h"

#include <algorithm>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/call_text.h"

namespace sinapse {

namespace {

// Constants in the order in which the formulas of losses-inl.h take them.
std::deque<LossDefinition> make_table() {
  const Constant label_smoothing{"label_smoothing", 0,
                                 "share of the target spread over all classes", Domain::share};
  const Constant gamma{"gamma", 2, "how little rows count that are right already",
                       Domain::not_negative};
  const auto numbers = {Task::regression};
  const auto two_classes = {Task::binary, Task::multilabel};
  const auto classes = {Task::multiclass};
  return {
      {.name = "mean_squared_error",
       .aliases = {"mse", "mse_loss", "squared_loss", "l2"},
       .formula = "(p - t)^2",
       .doc = "Predicts the mean; far-off rows count most.",
       .source = "Gauss 1809",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::standardised},
      {.name = "mean_absolute_error",
       .aliases = {"mae", "l1", "l1_loss"},
       .formula = "|p - t|",
       .doc = "Predicts the median; far-off rows count as others do.",
       .source = "Laplace 1774",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::standardised},
      {.name = "huber",
       .aliases = {"huber_loss", "smooth_l1"},
       .formula = "(p-t)^2 / 2 if |p - t| <= delta, else delta (|p - t| - delta/2)",
       .doc = "Squared for small errors, absolute for large ones: for targets with outliers.",
       .source = "Huber 1964",
       .constants = {{"delta", 1, "where large begins, in deviations of the target",
                      Domain::positive}},
       .tasks = numbers,
       .form = OutputForm::standardised},
      {.name = "log_cosh",
       .aliases = {},
       .formula = "log cosh(p - t)",
       .doc = "A smooth Huber loss without a constant.",
       .source = "Green 1990",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::standardised},
      {.name = "mean_absolute_percentage_error",
       .aliases = {"mape"},
       .formula = "|p - t| / |t|",
       .doc = "Errors as shares of the target; no target may be 0.",
       .source = "",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::relative},
      {.name = "mean_squared_logarithmic_error",
       .aliases = {"msle"},
       .formula = "(p - t)^2, p and t being log(1 + y) standardised",
       .doc = "For targets above -1 of many magnitudes; the prediction is e^... - 1.",
       .source = "",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::log1p},
      {.name = "poisson",
       .aliases = {"poisson_nll", "poisson_nll_loss"},
       .formula = "e^p - t p",
       .doc = "For counts, in units of their mean: p is the logarithm of the rate.",
       .source = "Nelder, Wedderburn 1972",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::log},
      {.name = "quantile",
       .aliases = {"pinball"},
       .formula = "q (t - p) if p <= t, else (1 - q) (p - t)",
       .doc = "Predicts the number below which a share q of the targets lies.",
       .source = "Koenker, Bassett 1978",
       .constants = {{"q", 0.5, "the share", Domain::proportion}},
       .tasks = numbers,
       .form = OutputForm::standardised},
      {.name = "cosine_similarity",
       .aliases = {"cosine", "cosine_proximity", "cosine_distance"},
       .formula = "1 - p t / (|p| |t|),  p and t being all outputs and targets of a row",
       .doc = "Predicts the direction of several numbers; their length does not matter.",
       .source = "",
       .constants = {},
       .tasks = numbers,
       .form = OutputForm::direction},
      {.name = "binary_crossentropy",
       .aliases = {"crossentropy", "cross_entropy", "bce", "xent", "reconstruction_crossentropy",
                   "bce_with_logits"},
       .formula = "-s log sigma(p) - (1-s) log(1 - sigma(p)),  s = (1-label_smoothing) t + "
                  "label_smoothing/2",
       .doc = "The likelihood of two classes, or of each of several labels.",
       .source = "Good 1952",
       .constants = {label_smoothing},
       .tasks = two_classes,
       .form = OutputForm::probabilities},
      {.name = "binary_focal_crossentropy",
       .aliases = {"focal"},
       .formula = "-a (1-r)^gamma log r,  r = sigma(p) and a = alpha if t = 1, else 1 - sigma(p) "
                  "and 1 - alpha",
       .doc = "Looks at the rows that are still wrong; for rare classes.",
       .source = "Lin, Goyal, Girshick, He, Dollar 2017",
       .constants = {gamma,
                     {"alpha", 0.25, "weight of the second class; of the first it is 1 - alpha",
                      Domain::proportion}},
       .tasks = two_classes,
       .form = OutputForm::probabilities},
      {.name = "hinge",
       .aliases = {},
       .formula = "max(0, 1 - s p),  s = 2t - 1",
       .doc = "The widest margin between two classes; gives no probabilities.",
       .source = "Cortes, Vapnik 1995",
       .constants = {},
       .tasks = two_classes,
       .form = OutputForm::margin},
      {.name = "squared_hinge",
       .aliases = {},
       .formula = "max(0, 1 - s p)^2,  s = 2t - 1",
       .doc = "A smooth hinge; gives no probabilities.",
       .source = "Lee, Mangasarian 2001",
       .constants = {},
       .tasks = two_classes,
       .form = OutputForm::margin},
      {.name = "categorical_crossentropy",
       .aliases = {"crossentropy", "cross_entropy", "softmax_crossentropy",
                   "sparse_categorical_crossentropy", "mcxent", "sparse_mcxent",
                   "negative_log_likelihood", "nll"},
       .formula = "-sum_k s_k log softmax(p)_k,  s_k = (1-label_smoothing) [k = t] + "
                  "label_smoothing/K",
       .doc = "The likelihood of several classes.",
       .source = "Bridle 1990; smoothing: Szegedy et al. 2016",
       .constants = {label_smoothing},
       .tasks = classes,
       .form = OutputForm::probabilities},
      {.name = "categorical_focal_crossentropy",
       .aliases = {"focal"},
       .formula = "-alpha (1-r)^gamma log r,  r = softmax(p)_t",
       .doc = "Looks at the rows that are still wrong; for rare classes.",
       .source = "Lin, Goyal, Girshick, He, Dollar 2017",
       .constants = {gamma, {"alpha", 1, "weight of every row", Domain::positive}},
       .tasks = classes,
       .form = OutputForm::probabilities},
      {.name = "kl_divergence",
       .aliases = {"kld", "kl", "kl_div", "kullback_leibler_divergence"},
       .formula = "sum_k t_k log(t_k / softmax(p)_k)",
       .doc = "For targets that are shares of a whole, such as probabilities.",
       .source = "Kullback, Leibler 1951",
       .constants = {},
       .tasks = {Task::distribution},
       .form = OutputForm::distribution},
  };
}

// A deque: pointers to its elements stay valid when a user's own are added.
std::deque<LossDefinition>& table() {
  static std::deque<LossDefinition> all = make_table();
  return all;
}

}  // namespace

bool is_called(const LossDefinition& definition, const std::string& name) {
  if (plain_name(definition.name) == name) return true;
  return std::any_of(definition.aliases.begin(), definition.aliases.end(),
                     [&](std::string_view alias) { return plain_name(alias) == name; });
}

const std::deque<LossDefinition>& losses() {
  return table();
}

const LossDefinition& register_loss(LossDefinition definition) {
  std::vector<std::string_view> names = definition.aliases;
  names.push_back(definition.name);
  for (const LossDefinition& known : losses()) {
    for (const std::string_view name : names) {
      if (!is_called(known, plain_name(name))) continue;
      throw Error(
          ErrorCode::usage,
          fmt::format("cannot register loss \"{}\": the name \"{}\" is taken; choose another",
                      definition.name, name));
    }
  }
  return table().emplace_back(std::move(definition));
}

std::string_view name_of(OutputForm form) {
  switch (form) {
    case OutputForm::standardised:
      return "standardised";
    case OutputForm::relative:
      return "relative";
    case OutputForm::log:
      return "log";
    case OutputForm::log1p:
      return "log1p";
    case OutputForm::direction:
      return "direction";
    case OutputForm::probabilities:
      return "probabilities";
    case OutputForm::margin:
      return "margin";
    case OutputForm::distribution:
      return "distribution";
  }
  return "";
}

}  // namespace sinapse
