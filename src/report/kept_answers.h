// What the network said of the rows of each part, kept for the report.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "train/observer.h"

namespace sinapse {

struct KeptPart {
  Answers answers;
  Target target;  // by which they are encoded
  std::vector<int64_t> rows;
  bool of_test_data = false;
};

/// Keeps the answers of parts that are not too large for it.
class KeptAnswers : public TrainingObserver {
 public:
  static constexpr size_t kMostNumbers = size_t{1} << 22;  // of a part: 16 MB

  void on_measured(const MeasuredPart& part) override {
    if (part.answers.outputs.size() > kMostNumbers) return;
    parts_[part.name] = {
        part.answers, part.target, {part.rows.begin(), part.rows.end()}, part.of_test_data};
  }

  const KeptPart* find(const std::string& part) const {
    const auto found = parts_.find(part);
    return found == parts_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, KeptPart> parts_;
};

}  // namespace sinapse
