#include <gtest/gtest.h>

#include <sinapse/optimizer.h>

#include "data/expect_error.h"

namespace sinapse {

namespace {

TEST(Optimizer, TextGoesThereAndBack) {
  for (const char* text :
       {"sgd", "adam(beta1=0.8,amsgrad=true)", "rmsprop(momentum=0.9,centered=true)",
        "rprop(step_size_max=0.5)", "momentum(dampening=0.25,weight_decay=0.0001)"}) {
    EXPECT_EQ(to_string(parse_optimizer(text)), text);
  }
}

TEST(Optimizer, NamesAreReadGenerously) {
  EXPECT_EQ(to_string(parse_optimizer(" RMS_Prop ( Momentum = 0.9 , 1e-4 )")),
            to_string(parse_optimizer("rmsprop(momentum=0.9,epsilon=1e-4)")));
  EXPECT_EQ(to_string(parse_optimizer("Nesterovs")), "nesterov");
  EXPECT_EQ(to_string(parse_optimizer("AMSGrad(beta1=0.5)")), "adam(beta1=0.5,amsgrad=true)");
  EXPECT_EQ(to_string(parse_optimizer("momentum(0.5)")), "momentum(momentum=0.5)");
}

TEST(Optimizer, OptionsDecideWhatIsKept) {
  EXPECT_EQ(num_moments(parse_optimizer("sgd")), 0);
  EXPECT_EQ(num_moments(parse_optimizer("adam")), 2);
  EXPECT_EQ(num_moments(parse_optimizer("amsgrad")), 3);
  EXPECT_EQ(num_moments(parse_optimizer("rmsprop")), 1);
  EXPECT_EQ(num_moments(parse_optimizer("rmsprop(centered=true,momentum=0.1)")), 3);
}

void expect_refused(const std::string& text, const std::vector<std::string>& words) {
  SCOPED_TRACE(text);
  const std::string message = message_of(ErrorCode::usage, [&] { parse_optimizer(text); });
  for (const std::string& word : words) EXPECT_NE(message.find(word), std::string::npos) << message;
}

TEST(Optimizer, RejectsWhatItDoesNotKnow) {
  expect_refused("adm", {"\"adm\"", "Did you mean \"adam\"?"});
  expect_refused("", {"optimizer", "There are: sgd"});
  expect_refused("adam(beta3=0.5)", {"adam(beta3=0.5)", "beta3", "beta1"});
  expect_refused("adam(beta1=0.5", {"adam(beta1=0.5", "\")\""});
  expect_refused("adam(beta1=0.5,beta1=0.6)", {"beta1 is given twice"});
  expect_refused("sgd(1,2)", {"1 constants"});
}

TEST(Optimizer, RejectsConstantsOutsideTheirDomain) {
  expect_refused("adam(beta1=1)", {"beta1", "below 1", "\"1\""});
  expect_refused("adam(beta1=x)", {"beta1", "\"x\""});
  expect_refused("sgd(weight_decay=-1)", {"weight_decay", "at least 0", "\"-1\""});
  expect_refused("sgd(weight_decay=inf)", {"weight_decay"});
  expect_refused("adam(amsgrad=2)", {"amsgrad", "true or false"});
}

}  // namespace

}  // namespace sinapse
