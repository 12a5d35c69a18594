// The ways in which cells of a column stand on disk.
#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "data/block_file.h"
#include "data/column_cells.h"

namespace sinapse {

class StoredNumbers : public StoredCells {
 public:
  StoredNumbers(std::shared_ptr<const BlockFile<double>> file, int64_t column)
      : file_(std::move(file)), column_(column) {}

  int64_t num_rows() const override { return file_->num_rows(); }
  void read(int64_t first, std::span<double> into) const override {
    file_->read(column_, first, into);
  }
  void read(int64_t, std::span<int32_t> into) const override { std::ranges::fill(into, -1); }

 private:
  std::shared_ptr<const BlockFile<double>> file_;
  int64_t column_;
};

/// Codes are stored in the order in which texts came; `codes` has those in sorted order. Of dates,
/// `numbers` has the seconds of each sorted code.
class StoredCodes : public StoredCells {
 public:
  StoredCodes(std::shared_ptr<const BlockFile<int32_t>> file, int64_t column,
              std::vector<int32_t> codes, std::vector<double> numbers = {})
      : file_(std::move(file)),
        column_(column),
        codes_(std::move(codes)),
        numbers_(std::move(numbers)) {}

  int64_t num_rows() const override { return file_->num_rows(); }
  void read(int64_t first, std::span<int32_t> into) const override {
    file_->read(column_, first, into);
    for (int32_t& code : into) code = code < 0 ? -1 : codes_[code];
  }
  void read(int64_t first, std::span<double> into) const override {
    std::vector<int32_t> codes(into.size());
    read(first, std::span(codes));
    for (size_t i = 0; i < codes.size(); ++i)
      into[i] = codes[i] < 0 ? std::nan("") : numbers_[codes[i]];
  }

 private:
  std::shared_ptr<const BlockFile<int32_t>> file_;
  int64_t column_;
  std::vector<int32_t> codes_;
  std::vector<double> numbers_;
};

/// Missing cells only.
class StoredBlanks : public StoredCells {
 public:
  explicit StoredBlanks(int64_t rows) : rows_(rows) {}
  int64_t num_rows() const override { return rows_; }
  void read(int64_t, std::span<double> into) const override {
    std::ranges::fill(into, std::nan(""));
  }
  void read(int64_t, std::span<int32_t> into) const override { std::ranges::fill(into, -1); }

 private:
  int64_t rows_;
};

}  // namespace sinapse
