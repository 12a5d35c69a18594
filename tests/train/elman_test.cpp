// Elman's tasks (Finding Structure in Time, 1990): what comes next in a stream, and where that can
// be told.
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include <sinapse/trainer.h>

#include "data/philox.h"

namespace sinapse {

namespace {

// Random bits, but every third is the exclusive or of the two before it: that one can be told, the
// others cannot.
TEST(Elman, TheErrorFallsAtEveryThirdBit) {
  constexpr int64_t kSteps = 30, kLessons = 30, kRows = 32;
  const auto stream = [](int64_t count, uint64_t seed) {
    const RandomStream random(seed, purpose_of("bits"), 0);
    std::vector<float> bits;
    for (int64_t t = 0; t < count; ++t) {
      const bool one = t % 3 == 2 ? bits[t - 1] != bits[t - 2] : random.uniform(t) < 0.5;
      bits.push_back(one ? 1.0f : 0.0f);
    }
    return bits;
  };
  Trainer trainer({{{"context", "", {}, {{"units", int64_t{12}}, {"return_sequences", true}}},
                    {"dense_per_step",
                     "",
                     {},
                     {{"units", int64_t{1}}, {"activation", std::string("sigmoid")}}}}},
                  {kSteps, 1}, {.learning_rate = 0.02, .max_batch = kRows, .threads = 1});
  constexpr int64_t kLesson = kRows * kSteps;
  const std::vector<float> bits = stream(kLessons * kLesson + 1, 1);
  for (int64_t step = 0; step < 12 * kLessons; ++step) {
    const int64_t first = step % kLessons * kLesson;
    trainer.step(std::span(bits).subspan(first, kLesson),
                 std::span(bits).subspan(first + 1, kLesson));
  }
  const std::vector<float> others = stream(kLesson + 1, 2);
  const std::vector<float> outputs = trainer.predict(std::span(others).first(kLesson));
  double squares[3] = {0, 0, 0};
  for (int64_t t = 0; t < kLesson; ++t) {
    squares[(t + 1) % 3] += std::pow(outputs[t] - others[t + 1], 2) * 3 / kLesson;
  }
  EXPECT_LT(std::sqrt(squares[2]), 0.1);
  EXPECT_GT(std::sqrt(squares[0]), 0.48);
  EXPECT_GT(std::sqrt(squares[1]), 0.48);
}

// Letters come as bits of their sounds. Consonants come at random; each fixes the vowels that
// follow: ba, dii, guuu. So the error is high where a consonant comes, low where a vowel does.
constexpr int64_t kTime = 40, kBits = 6;

struct Letter {
  char name;
  std::array<float, kBits> sound;  // consonant, vowel, interrupted, high, back, voiced

  bool is_vowel() const { return sound[1] == 1; }
};

constexpr Letter kLetters[] = {{'b', {1, 0, 1, 0, 0, 1}}, {'d', {1, 0, 1, 1, 0, 1}},
                               {'g', {1, 0, 1, 0, 1, 1}}, {'a', {0, 1, 0, 0, 1, 1}},
                               {'i', {0, 1, 0, 1, 0, 1}}, {'u', {0, 1, 0, 1, 1, 1}}};

// Syllables at random, `count` letters long.
std::vector<Letter> stream(int64_t count, uint64_t seed) {
  const RandomStream random(seed, purpose_of("letters"), 0);
  std::vector<Letter> letters;
  for (uint64_t syllable = 0; static_cast<int64_t>(letters.size()) < count; ++syllable) {
    const auto consonant = static_cast<int>(random.uniform(syllable) * 3);
    letters.push_back(kLetters[consonant]);
    letters.insert(letters.end(), consonant + 1, kLetters[3 + consonant]);
  }
  letters.resize(count);
  return letters;
}

std::vector<float> sounds(const std::vector<Letter>& letters, int64_t first, int64_t count) {
  std::vector<float> numbers;
  for (int64_t t = first; t < first + count; ++t) {
    numbers.insert(numbers.end(), letters[t].sound.begin(), letters[t].sound.end());
  }
  return numbers;
}

// Windows of the stream that begin anywhere, and the letters that come next.
struct Lesson {
  Lesson(const std::vector<Letter>& letters, int64_t rows) {
    for (int64_t row = 0; row < rows; ++row) {
      const auto append = [&](std::vector<float>& to, int64_t first) {
        const std::vector<float> numbers = sounds(letters, first, kTime);
        to.insert(to.end(), numbers.begin(), numbers.end());
      };
      append(inputs, row * kTime);
      append(targets, row * kTime + 1);
    }
  }
  std::vector<float> inputs, targets;
};

// Root of the mean squared error over these bits where vowels, or consonants, come next; the first
// letters of a window may be in the middle of a syllable and do not count.
double error_of(const std::vector<float>& outputs, const std::vector<Letter>& letters, int64_t rows,
                bool vowels, int64_t first_bit, int64_t last_bit) {
  double sum = 0, count = 0;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t t = 4; t < kTime; ++t) {
      const Letter& next = letters[row * kTime + t + 1];
      if (next.is_vowel() != vowels) continue;
      for (int64_t bit = first_bit; bit <= last_bit; ++bit, ++count) {
        sum += std::pow(outputs[(row * kTime + t) * kBits + bit] - next.sound[bit], 2);
      }
    }
  }
  return std::sqrt(sum / count);
}

// With a copy of the hidden layer as one more input, as Elman learned it: the gradient goes back
// one step alone.
TEST(Elman, TheErrorTellsWhereSyllablesBegin) {
  constexpr int64_t kLessons = 25, kRows = 16;
  const NetworkDescription network{
      {{"context",
        "",
        {},
        {{"units", int64_t{20}}, {"return_sequences", true}, {"bptt_steps", int64_t{1}}}},
       {"dense_per_step", "", {}, {{"units", kBits}, {"activation", std::string("sigmoid")}}}}};
  Trainer trainer(network, {kTime, kBits},
                  {.optimizer = "adam", .learning_rate = 0.01, .max_batch = kRows, .threads = 1});
  const std::vector<Letter> letters = stream(kLessons * kRows * kTime + 1, 1);
  for (int epoch = 0; epoch < 12; ++epoch) {
    for (int64_t lesson = 0; lesson < kLessons; ++lesson) {
      const auto first = letters.begin() + lesson * kRows * kTime;
      const Lesson now({first, first + kRows * kTime + 1}, kRows);
      trainer.step(now.inputs, now.targets);
    }
  }
  const std::vector<Letter> others = stream(kRows * kTime + 1, 2);
  const std::vector<float> outputs = trainer.predict(Lesson(others, kRows).inputs);
  const double at_vowels = error_of(outputs, others, kRows, true, 0, kBits - 1);
  const double at_consonants = error_of(outputs, others, kRows, false, 0, kBits - 1);
  EXPECT_LT(at_vowels, 0.1);
  EXPECT_GT(at_consonants, 0.2);
  EXPECT_GT(at_consonants, 3 * at_vowels);
  // That a consonant comes is known, only not which: high and back tell them apart.
  EXPECT_LT(error_of(outputs, others, kRows, false, 0, 1), 0.1);
  EXPECT_GT(error_of(outputs, others, kRows, false, 3, 4), 0.35);
}

}  // namespace

}  // namespace sinapse
