// The copies of a convolution's weight for Winograd's minimal filtering.
#pragma once

#include "compile/kernel.h"
#include "compile/winograd.h"
#include "cpu/winograd.h"

namespace sinapse {

/// Transforms a weight anew after it, and its transposed copy, have changed.
class WinogradWeight {
 public:
  WinogradWeight(const Storage& weight, const Storage& transposed, const WinogradCopies& copies,
                 const Shape& shape)
      : weight_(weight), transposed_(transposed), copies_(copies), shape_(shape) {}

  bool wanted() const { return copies_.plain.offset >= 0 || copies_.transposed.offset >= 0; }

  /// What depends on one panel of the weight.
  void refresh(const Run& run, int64_t panel) const {
    const int64_t first = panel * kPanelWidth, last = std::min(shape_[0], first + kPanelWidth);
    if (copies_.plain.offset >= 0) {
      const Panels panels = panels_of(shape_);
      const Source source{run.data(weight_), panels, panel};
      transform(source, 0, panels.depth, false, run.data(copies_.plain),
                winograd_panels(shape_[1], shape_[0]).plane);
    }
    if (copies_.transposed.offset < 0) return;
    const Panels panels = transposed_panels_of(shape_);
    const WeightOrder order = transposed_order_of(shape_);
    for (int64_t target = 0; target < panels.count(); ++target) {
      const Source source{run.data(transposed_), panels, target};
      transform(source, order.row(first, 0), order.row(round_up(last, kLaneMultiple), 0), true,
                run.data(copies_.transposed), winograd_panels(shape_[0], shape_[1]).plane);
    }
  }

 private:
  static constexpr int64_t kPlaces = 9;

  struct Source {
    const float* weight;
    Panels panels;
    int64_t panel;
  };

  // Rows [begin, end) of a panel, whole blocks of inputs, to all planes.
  void transform(const Source& source, int64_t begin, int64_t end, bool turned, float* to,
                 const Panels& plane) const {
    const int64_t width = source.panels.width(source.panel);
    const int64_t place = kLaneMultiple * width;  // floats from a place of the window to the next
    const float* from = source.weight + source.panels.offset(source.panel);
    for (int64_t block = begin; block < end; block += kPlaces * kLaneMultiple) {
      for (int64_t i = 0; i < kLaneMultiple; ++i) {
        const float* g = from + (block + i) * width;
        functions_.filter({.g = turned ? g + (kPlaces - 1) * place : g,
                           .g_place = turned ? -place : place,
                           .columns = width,
                           .u = to + plane.offset(source.panel) + (block / kPlaces + i) * width,
                           .u_plane = plane.size()});
      }
    }
  }

  const Storage weight_, transposed_;
  const WinogradCopies copies_;
  const Shape shape_;
  const WinogradFunctions& functions_ = winograd_functions();
};

}  // namespace sinapse
