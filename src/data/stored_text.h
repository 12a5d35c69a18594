// A text that does not fit into memory: it stays in its file, which is gone through part by part.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "data/columns.h"
#include "data/row_chunks.h"
#include "data/stored_columns.h"
#include "data/table_reader.h"
#include "data/table_text.h"

namespace sinapse {

// Tells a file from what it was before.
struct FileState {
  uint64_t device = 0, number = 0;
  int64_t size = 0, seconds = 0, nanoseconds = 0;

  bool operator==(const FileState&) const = default;
};

/// The file, to be gone through again and again.
class StoredText : public TableText, public std::enable_shared_from_this<StoredText> {
 public:
  StoredText(const std::string& path, const ReadOptions& options, size_t part_bytes);

  /// Calls visit(part, its first row) for all rows.
  template <class Visit>
  void visit(Visit&& visit) const {
    require_same_file();
    RowChunks chunks(source(), options_, part_bytes_);
    while (const TextTable* part = chunks.next()) visit(*part, chunks.first_row());
    require_same_file();
  }

  /// To be called with the first part of the first visit: later ones need detect nothing.
  void learn(const TextTable& part);

  Column read(const std::string& name, ColumnKind kind) const override;
  std::string location(int64_t row) const override;

  /// Names and so on, without cells.
  const TextTable& head() const { return head_; }
  const std::string& source() const { return head_.source; }
  const ReadOptions& options() const { return options_; }

 private:
  void require_same_file() const;

  ReadOptions options_;
  const size_t part_bytes_;
  const FileState state_;
  TextTable head_;
};

/// Cells of an identifier, which are hardly ever asked for.
class StoredLater : public StoredCells {
 public:
  StoredLater(std::shared_ptr<const StoredText> text, std::string name, int64_t rows)
      : text_(std::move(text)), name_(std::move(name)), rows_(rows) {}

  int64_t num_rows() const override { return rows_; }
  void read(int64_t first, std::span<double> into) const override;
  void read(int64_t first, std::span<int32_t> into) const override;

 private:
  std::shared_ptr<const StoredText> text_;
  std::string name_;
  int64_t rows_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const StoredCells> cells_;
};

}  // namespace sinapse
