#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "figures/network_figure.h"
#include "figures/scale.h"

namespace sinapse {

namespace {

constexpr double kFont = 12, kBlockHeight = 40, kRow = 62, kMargin = 16, kGap = 18;

// A block at its place in a grid of rows (how far from the input) and lanes side by side.
struct Block {
  std::string title, note;
  std::vector<size_t> inputs;
  int row = 0, lane = 0;
};

std::string note_of(const LayerSummary& layer, Words words) {
  std::string note = to_string(layer.output_shape);
  if (layer.num_parameters > 0)
    note += ", " + words("{} parameters",
                         words.number(readable(static_cast<double>(layer.num_parameters))));
  return note;
}

// A block stands under all it takes values from.
std::vector<Block> blocks_of(const std::vector<InputDescription>& inputs,
                             const std::vector<LayerSummary>& layers, Words words) {
  std::vector<Block> blocks;
  std::map<std::string, size_t> index;
  for (const InputDescription& input : inputs) {
    Shape shape = input.row_shape;
    shape.insert(shape.begin(), kBatch);
    index[input.name] = blocks.size();
    blocks.push_back({input.name, words("input {}", to_string(shape)), {}, 0, 0});
  }
  for (const LayerSummary& layer : layers) {
    Block block{fmt::format("{} ({})", layer.name, layer.type), note_of(layer, words), {}, 0, 0};
    for (const std::string& name : layer.inputs) {
      const auto found = index.find(name);
      if (found != index.end()) block.inputs.push_back(found->second);
    }
    for (const size_t input : block.inputs) block.row = std::max(block.row, blocks[input].row + 1);
    index[layer.name] = blocks.size();
    blocks.push_back(std::move(block));
  }
  std::map<int, int> used;
  for (Block& block : blocks) block.lane = used[block.row]++;
  return blocks;
}

class BlockDrawing {
 public:
  BlockDrawing(std::vector<Block> blocks, double width, Words words) : blocks_(std::move(blocks)) {
    int rows = 1;
    for (const Block& block : blocks_) {
      ++lanes_[block.row];
      rows = std::max(rows, block.row + 1);
    }
    drawing_ = {.width = width,
                .height = rows * kRow - kRow + kBlockHeight + 2 * kMargin,
                .title = words("Network"),
                .shapes = {}};
  }

  Drawing draw() {
    for (const Block& block : blocks_) {
      for (const size_t input : block.inputs) arrow(blocks_[input], block);
    }
    for (const Block& block : blocks_) draw(block);
    return std::move(drawing_);
  }

 private:
  double width_of(const Block& block) const {
    const int lanes = lanes_.at(block.row);
    return std::min(300.0, (drawing_.width - 2 * kMargin - kGap * (lanes - 1)) / lanes);
  }
  double middle(const Block& block) const {
    const double centre = (lanes_.at(block.row) - 1) / 2.0;
    return drawing_.width / 2 + (block.lane - centre) * (width_of(block) + kGap);
  }
  double top(const Block& block) const { return kMargin + block.row * kRow; }

  // A value that skips rows goes around the blocks between.
  void arrow(const Block& from, const Block& to) {
    const Point start{middle(from), top(from) + kBlockHeight}, end{middle(to), top(to)};
    Path path{.points = {start}, .stroke = Ink::axis, .fill = {}, .width = 1.4};
    if (to.row > from.row + 1) {
      const double side = drawing_.width / 2 + 160 + 8 * ((to.row - from.row) % 4);
      path.points.push_back({start.x, start.y + 8});
      path.points.push_back({std::min(side, drawing_.width - 6), start.y + 8});
      path.points.push_back({std::min(side, drawing_.width - 6), end.y - 12});
      path.points.push_back({end.x, end.y - 12});
    }
    path.points.push_back(end);
    drawing_.add(path);
    drawing_.add(Path{.points = {end, {end.x - 4, end.y - 8}, {end.x + 4, end.y - 8}},
                      .stroke = {},
                      .fill = Ink::axis,
                      .closed = true});
  }

  void draw(const Block& block) {
    const double width = width_of(block);
    drawing_.box({middle(block) - width / 2, top(block)}, width, kBlockHeight,
                 block.inputs.empty() ? Ink::grid : Ink::page, Ink::axis);
    drawing_.text({middle(block), top(block) + 17}, shortened(block.title, kFont, width - 10),
                  kFont, Anchor::middle);
    drawing_.text({middle(block), top(block) + 33}, shortened(block.note, kFont, width - 10), kFont,
                  Anchor::middle, Ink::muted);
  }

  std::vector<Block> blocks_;
  std::map<int, int> lanes_;  // blocks in each row
  Drawing drawing_;
};

}  // namespace

Drawing block_figure(const std::vector<InputDescription>& inputs,
                     const std::vector<LayerSummary>& layers, double width, Words words) {
  return BlockDrawing(blocks_of(inputs, layers, words), width, words).draw();
}

}  // namespace sinapse
