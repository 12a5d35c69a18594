// Row by row with a context, to the bit what the whole sequence gives.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

#include <gtest/gtest.h>

#include <sinapse/error.h>
#include <sinapse/session.h>
#include <sinapse/trainer.h>

#include "data/philox.h"
#include "network/trained_network.h"

namespace {

std::atomic<int64_t> allocations{0};

}  // namespace

// Counts for the test below; all other tests do not mind. A sanitizer has operators of its own, and
// nothing is counted. Inlined, GCC takes them for a mismatch.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCountsAllocations = false;
#else
constexpr bool kCountsAllocations = true;
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}
#endif

namespace sinapse {
namespace {

constexpr int64_t kTime = 37, kFeatures = 5;

LayerDescription recurrent(const std::string& type, int64_t units, bool sequences = false,
                           const std::string& direction = "forward") {
  return {
      type, "", {}, {{"units", units}, {"return_sequences", sequences}, {"direction", direction}}};
}

LayerDescription context(const std::string& kind) {
  return {"context",
          "",
          {},
          {{"kind", kind}, {"units", int64_t{17}}, {"outputs", int64_t{3}}, {"decay", 0.4}}};
}

Model model_of(std::vector<LayerDescription> layers, const std::vector<std::string>& classes = {}) {
  const int64_t outputs = classes.size() > 2 ? static_cast<int64_t>(classes.size()) : 1;
  layers.push_back({"dense", "output", {}, {{"units", outputs}}});
  TrainerOptions options;
  options.threads = 1;
  if (!classes.empty()) options.loss = classes.size() > 2 ? "crossentropy" : "binary_crossentropy";
  return Trainer({layers}, {kTime, kFeatures}, options).model(classes);
}

std::vector<float> sequence(uint64_t seed) {
  const RandomStream random(seed, purpose_of("session"), 0);
  std::vector<float> values(kTime * kFeatures);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(random.uniform(i)) * 4 - 2;
  return values;
}

std::span<const float> row_of(const std::vector<float>& values, int64_t t) {
  return std::span(values).subspan(t * kFeatures, kFeatures);
}

std::vector<float> whole_answer(const Model& model, const std::vector<float>& values) {
  Array array{ElementType::float32, {1, kTime, kFeatures}, {}};
  array.bytes.resize(values.size() * sizeof(float));
  std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  const Predictions predictions = model.predict(array);
  return predictions.classes.empty() ? predictions.values : predictions.probabilities;
}

std::vector<float> session_answer(Session& session, const std::vector<float>& values) {
  std::span<const float> answer;
  for (int64_t t = 0; t < kTime; ++t) answer = session.step(row_of(values, t));
  return {answer.begin(), answer.end()};
}

std::vector<Model> models() {
  LayerDescription peepholes = recurrent("lstm", 12);
  peepholes.fields["peepholes"] = true;
  LayerDescription before = recurrent("gru", 12);
  before.fields["reset_after"] = false;
  return {
      model_of({recurrent("rnn", 9)}),
      model_of({recurrent("lstm", 33)}, {"a", "b", "c"}),
      model_of({recurrent("gru", 16)}, {"no", "yes"}),
      model_of({peepholes}),
      model_of({context("elman")}),
      model_of({context("jordan")}, {"a", "b", "c"}),
      model_of({before}),
      model_of({recurrent("lstm", 8, true),
                {"layer_normalization", "", {}, {}},
                recurrent("gru", 7, true),
                recurrent("rnn", 6),
                {"dense", "", {}, {{"units", int64_t{10}}, {"activation", std::string("relu")}}}})};
}

TEST(Session, RowByRowIsTheWholeSequenceToTheBit) {
  for (const Model& model : models()) {
    Session session(model);
    for (const uint64_t seed : {1, 2}) {
      const std::vector<float> values = sequence(seed);
      EXPECT_EQ(session_answer(session, values), whole_answer(model, values))
          << model.layers().front().type;
      session.reset();
    }
  }
}

TEST(Session, GoesOnFromAStateInAnotherSession) {
  for (const Model& model : models()) {
    const std::vector<float> values = sequence(3);
    Session first(model);
    for (int64_t t = 0; t < 20; ++t) first.step(row_of(values, t));
    Session second(model);
    second.set_state(first.state());
    std::span<const float> answer;
    for (int64_t t = 20; t < kTime; ++t) answer = second.step(row_of(values, t));
    EXPECT_EQ(std::vector<float>(answer.begin(), answer.end()), whole_answer(model, values));
  }
}

TEST(Session, ThousandsShareANetworkWithoutAllocating) {
  const Model model = model_of({recurrent("lstm", 16)});
  const std::vector<float> values = sequence(4);
  std::vector<Session> sessions(2000, Session(model));
  std::vector<float> last(sessions.size());
  for (Session& session : sessions) session.step(row_of(values, 0));
  const int64_t before = allocations;
  for (int64_t t = 1; t < kTime; ++t)
    for (size_t s = 0; s < sessions.size(); ++s) last[s] = sessions[s].step(row_of(values, t))[0];
  EXPECT_EQ(allocations - before, 0);
  EXPECT_EQ(before > 0, kCountsAllocations);
  for (const float answer : last) ASSERT_EQ(answer, whole_answer(model, values)[0]);
}

TEST(Session, ThreadsTakeTurnsAndKeepTheirAnswers) {
  const Model model = model_of({recurrent("gru", 16)});
  std::vector<Session> sessions(4, Session(model));
  std::vector<std::vector<float>> answers(sessions.size());
  std::vector<std::thread> threads;
  for (size_t s = 0; s < sessions.size(); ++s)
    threads.emplace_back([&, s] { answers[s] = session_answer(sessions[s], sequence(s)); });
  for (std::thread& thread : threads) thread.join();
  for (size_t s = 0; s < sessions.size(); ++s)
    EXPECT_EQ(answers[s], whole_answer(model, sequence(s)));
}

TEST(Session, RejectsWhatIsNoWalkThroughTime) {
  const auto expect_usage = [](const Model& model) {
    try {
      Session session(model);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage) << error.what();
    }
  };
  expect_usage(model_of({recurrent("gru", 4, false, "bidirectional")}));
  expect_usage(model_of({recurrent("gru", 4, false, "reverse")}));
  expect_usage(model_of({{"flatten", "", {}, {}}}));
  expect_usage(model_of({recurrent("gru", 4, true), {"flatten", "", {}, {}}}));
  Session session(model_of({recurrent("gru", 4)}));
  EXPECT_THROW(session.step(std::vector<float>(kFeatures - 1)), Error);
  EXPECT_THROW(session.set_state(std::vector<float>(5)), Error);
}

}  // namespace
}  // namespace sinapse
