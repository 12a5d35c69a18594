#include "train/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include <sinapse/error.h>

namespace sinapse {

namespace {

constexpr int64_t kShort = 64, kPiece = 8;

// Rows of a table are often so short that a call of memmove takes longer than the copy.
void copy_short(const float* from, int64_t n, float* to) {
  const auto copy_piece = [&](int64_t i) { std::memcpy(to + i, from + i, kPiece * sizeof(float)); };
  for (int64_t i = 0; i + kPiece <= n; i += kPiece) copy_piece(i);
  if (n >= kPiece) return copy_piece(n - kPiece);
  for (int64_t i = 0; i < n; ++i) to[i] = from[i];
}

// Shuffled rows stand anywhere: the processor does not guess the next one.
void fetch(const float* row, int64_t n) {
  constexpr int64_t kCacheLine = 16;
  for (int64_t i = 0; i < n; i += kCacheLine) __builtin_prefetch(row + i);
  __builtin_prefetch(row + n - 1);
}

}  // namespace

void InputColumns::copy_sequence(int64_t row, float* to, int64_t width) const {
  const int64_t length = (offsets[row + 1] - offsets[row]) * step_columns;
  float* const end =
      std::copy_n(numbers.data() + offsets[row] * step_columns, std::min(length, width), to);
  std::fill(end, to + width, 0.0f);
}

void InputColumns::copy_row(int64_t row, float* to) const {
  if (is_sequence()) return copy_sequence(row, to, columns);
  if (bytes == nullptr) {
    std::copy_n(numbers.data() + row * columns, columns, to);
    return;
  }
  pixels->encode_bytes(bytes + row * columns, to);
}

void InputColumns::copy_rows(std::span<const int64_t> rows, const View<float>& to,
                             int64_t first) const {
  if (bytes == nullptr && columns < kShort && !is_sequence()) {
    return copy_short_rows(rows, to, first);
  }
  for (const int64_t row : rows) {
    float* const place = to.row(first++);
    if (is_sequence())
      copy_sequence(row, place, to.columns);
    else
      copy_row(row, place);
  }
}

void InputColumns::copy_short_rows(std::span<const int64_t> rows, const View<float>& to,
                                   int64_t first) const {
  constexpr size_t kAhead = 8;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + kAhead < rows.size()) fetch(numbers.data() + rows[i + kAhead] * columns, columns);
    copy_short(numbers.data() + rows[i] * columns, columns, to.row(first++));
  }
}

bool Dataset::has_sequences() const {
  return std::any_of(inputs.begin(), inputs.end(),
                     [](const InputColumns& input) { return input.is_sequence(); });
}

int64_t Dataset::num_steps(int64_t row) const {
  int64_t steps = 0;
  for (const InputColumns& input : inputs) {
    if (input.is_sequence()) steps = std::max(steps, input.offsets[row + 1] - input.offsets[row]);
  }
  return steps;
}

void copy_inputs(const Dataset& data, int64_t row, const float* gathered,
                 std::span<const View<float>> inputs, int64_t to_row) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int64_t columns = data.inputs[i].columns;
    if (inputs[i] && gathered != nullptr)
      std::copy_n(gathered, columns, inputs[i].row(to_row));
    else if (inputs[i] && data.inputs[i].is_sequence())
      data.inputs[i].copy_sequence(row, inputs[i].row(to_row), inputs[i].columns);
    else if (inputs[i])
      data.inputs[i].copy_row(row, inputs[i].row(to_row));
    if (gathered != nullptr) gathered += columns;
  }
}

Answer Dataset::answer(int64_t row, const float* gathered) const {
  if (stored_answers) {
    for (const InputColumns& input : inputs) gathered += input.columns;
    return stored_answer(gathered);
  }
  return {.target = target.empty() ? std::span<const float>() : target_row(row),
          .weight = weights.empty() ? 1 : weights[row],
          .loss_weight = loss_weights.empty() ? 1 : loss_weights[row]};
}

Answer Dataset::stored_answer(const float* numbers) const {
  Answer answer{.target = {numbers, static_cast<size_t>(target_width)}};
  if (has_weights()) std::memcpy(&answer.weight, numbers + target_width, sizeof(answer.weight));
  answer.loss_weight = static_cast<float>(answer.weight);
  const float label = answer.target.front();
  if (!class_factors.empty() && !std::isnan(label))
    answer.loss_weight *= class_factors[static_cast<size_t>(label)];
  answer.loss_weight = static_cast<float>(double{answer.loss_weight} * loss_factor);
  return answer;
}

Answer AnswerReader::at(int64_t row) {
  if (!data_.stored_answers) return data_.answer(row, nullptr);
  const StoredAnswers& stored = *data_.stored_answers;
  if (row < first_ || row >= end_) {
    first_ = row;
    end_ = std::min(first_ + rows_at_once_, stored.num_rows());
    numbers_.resize((end_ - first_) * stored.num_columns());
    stored.read(first_, numbers_);
  }
  return data_.stored_answer(numbers_.data() + (row - first_) * stored.num_columns());
}

std::vector<float> all_targets(const Dataset& data) {
  if (!data.stored_answers) return data.target;
  std::vector<float> targets;
  AnswerReader answers(data);
  for (int64_t row = 0; row < data.rows; ++row) {
    const Answer answer = answers.at(row);
    targets.insert(targets.end(), answer.target.begin(), answer.target.end());
  }
  return targets;
}

void set_loss_weights(Dataset& data, std::span<const double> class_weights) {
  if (data.target_width > 1) class_weights = {};  // the loss weighs several labels
  if (data.stored_answers) {
    data.class_factors.assign(class_weights.begin(), class_weights.end());
    return;
  }
  data.loss_weights.assign(data.weights.begin(), data.weights.end());
  if (class_weights.empty()) return;
  if (data.weights.empty()) data.loss_weights.assign(data.rows, 1.0f);
  for (int64_t row = 0; row < data.rows; ++row) {
    const float label = data.target[row];
    if (std::isnan(label)) continue;
    data.loss_weights[row] *= static_cast<float>(class_weights[static_cast<size_t>(label)]);
  }
}

void normalise_loss_weights(Dataset& data, const Rows& training_rows) {
  if (!data.has_loss_weights()) return;
  double sum = 0;
  AnswerReader answers(data);
  for (const int64_t row : training_rows) sum += double{answers.at(row).loss_weight};
  const double factor = static_cast<double>(training_rows.size()) / sum;
  if (data.stored_answers) data.loss_factor = factor;
  for (float& weight : data.loss_weights) weight = static_cast<float>(double{weight} * factor);
}

void require_weight(const Dataset& data, const Rows& rows, const char* what) {
  if (!data.has_loss_weights() || rows.empty()) return;
  AnswerReader answers(data);
  if (std::any_of(rows.begin(), rows.end(),
                  [&](int64_t row) { return answers.at(row).loss_weight > 0; }))
    return;
  throw Error(ErrorCode::data,
              fmt::format("all {} rows {} have the weight 0, so that none of them counts",
                          rows.size(), what));
}

Rows known_rows(const Dataset& data) {
  Rows rows;
  if (!data.has_target()) return rows;
  AnswerReader answers(data);
  for (int64_t row = 0; row < data.rows; ++row) {
    const auto target = answers.at(row).target;
    if (std::any_of(target.begin(), target.end(), [](float t) { return !std::isnan(t); }))
      rows.push_back(row);
  }
  return rows;
}

}  // namespace sinapse
