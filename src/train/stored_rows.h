// Rows on disk: encoded ones, and samples as they came.
#pragma once

#include <memory>
#include <optional>

#include "data/spill_file.h"
#include "data/stored_records.h"
#include "features/pixels.h"
#include "train/row_scatter.h"
#include "train/row_source.h"

namespace sinapse {

/// Encoded rows, one behind the other in their order, or each at its place.
class StoredRows : public RowSource {
 public:
  explicit StoredRows(int64_t num_columns, std::shared_ptr<const RowPlaces> places = nullptr);

  /// Adds rows, [rows, num_columns].
  void append(std::span<const float> rows);
  /// To be called after the last of them.
  void finish();

  int64_t num_columns() const override { return num_columns_; }
  void read(std::span<const int64_t> rows, float* into) const override;
  void visit(int64_t count, const std::function<void(int64_t, const float*)>& take) const override;

 private:
  int64_t num_columns_, num_rows_ = 0;
  std::shared_ptr<SpillFile> file_ = std::make_shared<SpillFile>();
  StoredRecords records_;
  std::shared_ptr<const RowPlaces> places_;
  std::optional<RowScatter> scatter_;
};

/// Samples as they came, which are scaled when they are read.
class StoredSamples : public RowSource {
 public:
  StoredSamples(std::shared_ptr<const ArrayFeatures> pixels,
                std::shared_ptr<const StoredRecords> samples)
      : pixels_(std::move(pixels)), samples_(std::move(samples)) {}

  int64_t num_columns() const override { return pixels_->size(); }
  void read(std::span<const int64_t> rows, float* into) const override;

 private:
  std::shared_ptr<const ArrayFeatures> pixels_;
  std::shared_ptr<const StoredRecords> samples_;
};

}  // namespace sinapse
