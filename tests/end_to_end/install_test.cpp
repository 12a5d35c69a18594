// The installed library, used by projects that know nothing of this one.
#include "end_to_end/program.h"
#include "paths.h"

namespace sinapse {

namespace {

class Install : public EndToEnd {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a project without the sanitizer cannot link this library";
#endif
    expect_success({"cmake", "--install", build_path(), "--prefix", path("prefix")});
  }

  Outcome expect_success(std::vector<std::string> command) const {
    const Outcome outcome = run_program({.command = std::move(command), .folder = path("")});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output << outcome.errors;
    return outcome;
  }
};

const std::string kConsumer = source_path("tests/end_to_end/consumer");

TEST_F(Install, CMakeProjectFindsIt) {
  expect_success({"cmake", "-S", kConsumer, "-B", "build", "-G", "Ninja",
                  "-DCMAKE_PREFIX_PATH=" + path("prefix"), "-DCMAKE_CXX_FLAGS=-Wall -Werror"});
  expect_success({"cmake", "--build", "build"});
  EXPECT_EQ(expect_success({path("build/consumer")}).output, "64 rows predicted\n");
}

TEST_F(Install, CompilerFindsItThroughPkgConfig) {
  expect_success({"sh", "-c",
                  "PKG_CONFIG_PATH=$(dirname $(find prefix -name sinapse.pc)); "
                  "export PKG_CONFIG_PATH; c++ " +
                      kConsumer + "/main.cpp -o consumer $(pkg-config --cflags --libs sinapse)"});
  EXPECT_EQ(expect_success({path("consumer")}).output, "64 rows predicted\n");
}

TEST_F(Install, ProgramRunsFromThere) {
  EXPECT_EQ(expect_success({path("prefix/bin/sinapse"), "softmax", "1", "1"}).exit_code, 0);
}

}  // namespace

}  // namespace sinapse
