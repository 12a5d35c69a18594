// Spaces and logs of searches: whatever the text, an Error or something that can be used.
#include <cstddef>
#include <cstdint>
#include <string>

#include <sinapse/error.h>

#include "train/search.h"
#include "train/trial_log.h"

namespace {

void read_space(const std::string& text) {
  using namespace sinapse;
  SearchSpace space;
  merge_space(space, text, "space.yaml");
  check_space(space);
  for (const SearchRange& range : space) value_text(range, 0);
}

void read_argument(const std::string& text) {
  sinapse::SearchSpace space;
  merge_space_argument(space, text);
  check_space(space);
  for (const sinapse::SearchRange& range : space) value_text(range, 0);
}

void read_trials(const std::string& text) {
  const sinapse::LoggedTrials log = sinapse::parse_trials(text, "trials.jsonl");
  if (log.whole_bytes > text.size()) __builtin_trap();
  std::string written = log.search + "\n";
  for (const sinapse::Trial& trial : log.trials) written += trial_line(trial);
  if (sinapse::parse_trials(written, "").trials != log.trials) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto read : {read_space, read_argument, read_trials}) {
    try {
      read(text);
    } catch (const sinapse::Error&) {
    }
  }
  return 0;
}
