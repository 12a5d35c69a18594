#include "figures/matrix_figure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "figures/layout.h"
#include "figures/scale.h"
#include "figures/tiles.h"

namespace sinapse {

namespace {

constexpr double kCell = 56;

class Confusion {
 public:
  Confusion(const std::vector<std::string>& classes, const std::vector<int64_t>& counts,
            double width, Words words)
      : classes_(classes), counts_(counts), words_(words), size_(classes.size()) {
    double widest = 0;
    for (const std::string& name : classes) widest = std::max(widest, text_width(name, kFont));
    names_ = std::clamp(widest, 40.0, width * 0.25);
    left_ = kMargin + kFont + 10 + names_ + 8;
    top_ = kUnderTitle;
    const double wanted = std::max(kCell, std::min(widest, names_) + 24);  // names stand level
    cell_ = std::min((width - left_ - kMargin) / static_cast<double>(size_), wanted);
    slanted_ = cell_ < std::min(widest, names_) + 6;
    const double under = slanted_ ? names_ : kFont;
    drawing_ = {.width = std::max(left_ + cell_ * static_cast<double>(size_) + kMargin, 260.0),
                .height = top_ + cell_ * static_cast<double>(size_) + 8 + under + 26 + kMargin,
                .title = words("Confusion matrix"),
                .shapes = {}};
  }

  Drawing draw() {
    add_title(drawing_, drawing_.title);
    for (size_t row = 0; row < size_; ++row) {
      const auto first = counts_.begin() + static_cast<std::ptrdiff_t>(row * size_);
      const auto total =
          std::accumulate(first, first + static_cast<std::ptrdiff_t>(size_), int64_t{0});
      for (size_t column = 0; column < size_; ++column) cell(row, column, total);
      if (names_fit(row)) row_name(row);
      if (names_fit(row)) column_name(row);
    }
    labels();
    return std::move(drawing_);
  }

 private:
  double x(size_t column) const { return left_ + cell_ * static_cast<double>(column); }
  double y(size_t row) const { return top_ + cell_ * static_cast<double>(row); }

  // With cells lower than a line of text, every n-th name.
  bool names_fit(size_t index) const {
    return index % static_cast<size_t>(std::ceil((kFont + 2) / cell_)) == 0;
  }

  void cell(size_t row, size_t column, int64_t total) {
    const int64_t count = counts_[row * size_ + column];
    const double share = total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0;
    fill(row, column, share);
    const std::string text = fmt::format("{}", count);
    if (count == 0 || text_width(text, kFont) > cell_ - 4 || cell_ < kFont + 2) return;
    drawing_.text({x(column) + cell_ / 2, y(row) + cell_ / 2 + 4}, text, kFont, Anchor::middle,
                  share > 0.55 ? Ink::page : Ink::text);
  }

  // From the page's own colour to the first series', so that it suits light and dark pages.
  void fill(size_t row, size_t column, double share) {
    const double left = x(column), top = y(row);
    drawing_.add(Path{.points = {{left, top},
                                 {left + cell_, top},
                                 {left + cell_, top + cell_},
                                 {left, top + cell_}},
                      .stroke = Ink::grid,
                      .fill = Paint::series(0),
                      .opacity = share,
                      .closed = true});
  }

  void row_name(size_t row) {
    drawing_.text({left_ - 8, y(row) + cell_ / 2 + 4}, shortened(classes_[row], kFont, names_),
                  kFont, Anchor::end);
  }

  void column_name(size_t column) {
    const double middle = x(column) + cell_ / 2, under = y(size_) + 8;
    const std::string name = shortened(classes_[column], kFont, names_);
    if (!slanted_) return drawing_.text({middle, under + kFont}, name, kFont, Anchor::middle);
    drawing_.add(Text{.at = {middle + 4, under},
                      .text = name,
                      .size = kFont,
                      .anchor = Anchor::end,
                      .upwards = true});
  }

  void labels() {
    const double middle = cell_ * static_cast<double>(size_) / 2;
    drawing_.text({left_ + middle, drawing_.height - kMargin}, words_("predicted"), kFont,
                  Anchor::middle, Ink::muted);
    drawing_.add(Text{.at = {kMargin + kFont - 2, top_ + middle},
                      .text = words_("true"),
                      .size = kFont,
                      .anchor = Anchor::middle,
                      .paint = Ink::muted,
                      .upwards = true});
  }

  const std::vector<std::string>& classes_;
  const std::vector<int64_t>& counts_;
  Words words_;
  size_t size_;
  double names_ = 0, left_ = 0, top_ = 0, cell_ = 0;
  bool slanted_ = false;
  Drawing drawing_;
};

}  // namespace

Drawing confusion_figure(const std::vector<std::string>& classes,
                         const std::vector<int64_t>& counts, double width, Words words) {
  return Confusion(classes, counts, width, words).draw();
}

Drawing weight_figure(const std::string& title, const std::vector<float>& values, int64_t rows,
                      int64_t columns, double width, Words words) {
  const double largest = largest_of(values);
  Raster raster = signed_raster(values, rows, columns, largest);
  const double wide = width - 2 * kMargin;
  const double cell = std::clamp(wide / static_cast<double>(columns), 1.0, 24.0);
  raster.corner = {kMargin, kUnderTitle};
  raster.width = std::min(wide, cell * static_cast<double>(columns));
  raster.height = std::clamp(cell * static_cast<double>(rows), 24.0, 600.0);
  Drawing drawing{.width = width,
                  .height = raster.corner.y + raster.height + 30 + kMargin,
                  .title = title,
                  .shapes = {}};
  add_title(drawing, title);
  const double under = raster.corner.y + raster.height + 20;
  drawing.add(std::move(raster));
  drawing.text(
      {kMargin, under},
      fmt::format("{}, {}; {}", words.count(rows, "{} row", "{} rows"),
                  words.count(columns, "{} column", "{} columns"),
                  words("from {} (vermilion) over 0 to {} (blue)", words.number(readable(-largest)),
                        words.number(readable(largest)))),
      kFont, Anchor::start, Ink::muted);
  return drawing;
}

}  // namespace sinapse
