// SPDX-License-Identifier: Apache-2.0
// Banks of CBUF for each convolution, and its split by height.
//
// Model: all of the input stays in CBUF if what it leaves holds all weights, or two kernel groups, or one
// (analysis/buffer_split.h). Else weights get their banks first: all weights if they fit the compiler's share
// of 8 banks, or two kernel groups, or one; the lines of input that fit the rest make the parts. A part
// begins with the first line of the first window that did not fit the part before. Where all weights stay,
// the parts share them. Limits: no split of kernels by software, no reuse of the lines that two parts share;
// the compiler has neither.
#include <algorithm>

#include "amaix/convolution_plan.h"
#include "analysis/buffer_split.h"
#include "mapper/convolution_sizes.h"
#include "mapper/passes.h"
#include "operation/divide.h"

namespace nvdla::mapper {

namespace {

constexpr std::uint32_t kShare = 8;  // banks that the compiler's profiles give weights, and data, of a split

struct Part {
  std::uint32_t first = 0, last = 0;  // lines of the input
  std::uint32_t top = 0, bottom = 0;  // padding
};

class Fitting {
 public:
  Fitting(Graph& graph, const Target& target, Node& node)
      : graph_(graph), hardware_(target.hardware), node_(node), work_(node.convolution), target_(target) {}

  void run() {
    check();
    fetch_ = convolution_fetch(node_, target_);
    work_.lines_at_once = lines_at_once();
    work_.entries = analysis::entries_of_line(fetch_, hardware_).value_or(1);
    work_.data_banks = analysis::data_banks(fetch_, work_.entries, hardware_);
    const std::uint64_t bank = std::uint64_t{hardware_.cbuf_entry_bytes} * hardware_.cbuf_entries_per_bank;
    const auto banks = [&](std::uint64_t bytes) {
      return static_cast<std::uint32_t>(std::min<std::uint64_t>(ceil_div(bytes, bank), 1U << 16U));
    };
    const std::uint32_t all = banks(fetch_.weight_bytes);
    const std::uint32_t group =
        banks(std::uint64_t{fetch_.bytes_per_kernel} * atomic_k(hardware_, fetch_.processing_precision));
    for (const std::uint32_t weights : {all, 2 * group, group}) {
      if (weights + work_.data_banks > hardware_.cbuf_banks) continue;
      work_.weight_banks = weights;
      return;
    }
    if (work_.data_banks < kShare)
      infeasible(node_, "a group of its kernels needs " + std::to_string(group) + " of " +
                            std::to_string(hardware_.cbuf_banks) + " banks of CBUF, its input needs " +
                            std::to_string(work_.data_banks));
    const std::uint32_t share = std::min(kShare, hardware_.cbuf_banks - 1);
    for (const std::uint32_t weights : {all, 2 * group, group}) {
      if (weights > share) continue;
      work_.weight_banks = weights;
      work_.data_banks = hardware_.cbuf_banks - weights;
      split(weights == all);
      return;
    }
    infeasible(node_, "a group of its kernels needs " + std::to_string(group) +
                          " banks of CBUF, a convolution that is split by height has " +
                          std::to_string(share) + " for weights");
  }

 private:
  // What CDMA's and CSC's registers hold.
  void check() const {
    const Window& window = work_.window;
    const auto at_most = [&](const char* what, std::uint32_t value, std::uint32_t most) {
      if (value > most)
        infeasible(node_, std::string(what) + " is " + std::to_string(value) + ", the registers take " +
                              std::to_string(most) + " at most");
    };
    at_most("the height of its kernels", window.height, 32);
    at_most("the width of its kernels", window.width, 32);
    at_most("its vertical stride", window.stride_y, 8);
    at_most("its horizontal stride", window.stride_x, 8);
    at_most("its vertical dilation", window.dilation_y, 32);
    at_most("its horizontal dilation", window.dilation_x, 32);
    at_most("its padding on the left", window.left, 31);
    at_most("its padding at the top", window.top, 31);
    at_most("its padding on the right", window.right, 63);
    at_most("its padding at the bottom", window.bottom, 63);
  }

  // The lines of an image that stand in the place of channels.
  [[nodiscard]] std::uint32_t lines_at_once() const {
    const Tensor& input = *node_.inputs.front();
    const Window& window = work_.window;
    if (!input.image || window.stride_x > window.width) return 0;
    const std::uint32_t step = input.shape.channels * window.stride_x;
    const std::uint32_t channels = input.shape.channels * window.width;
    if (step * 3 + channels <= hardware_.atomic_c && channels <= hardware_.atomic_c / 4) return 4;
    if (step + channels <= hardware_.atomic_c && channels <= hardware_.atomic_c / 2) return 2;
    return 0;
  }

  [[nodiscard]] std::vector<Part> parts() const {
    const Window& window = work_.window;
    const std::uint32_t height = node_.inputs.front()->shape.height;
    const std::uint32_t window_height = (window.height - 1) * window.dilation_y + 1;
    const std::uint32_t lines = work_.data_banks * hardware_.cbuf_entries_per_bank / work_.entries;
    if (window_height > lines)
      infeasible(node_, "CBUF holds " + std::to_string(lines) + " lines of its input, its window needs " +
                            std::to_string(window_height));
    std::vector<Part> result{{0, lines - 1, window.top, 0}};
    // Last line of a window.
    std::uint32_t end = window_height - std::min(window.top, window_height - 1) - 1;
    for (;;) {
      const Part& part = result.back();
      if (end <= part.last) end += (part.last - end) / window.stride_y * window.stride_y;
      Part next;
      next.first = std::min(end, part.last) + 1 + window.stride_y - window_height;
      if (next.first + window_height > height + window.bottom) break;
      next.last = next.first + lines - 1;
      end = next.first + window_height - 1;
      const bool last = next.last >= height - 1;
      if (last) {
        next.last = height - 1;
        next.bottom = window.bottom;
      }
      result.push_back(next);
      if (last) break;
    }
    return result;
  }

  void split(bool share_weights) {
    const std::vector<Part> all = parts();
    Node& sdp = *node_.fused_output;
    Tensor& input = *node_.inputs.front();
    Tensor& output = *sdp.outputs.front();
    if (sdp.sdp.x2) infeasible(node_, "cannot be split behind an element-wise operation");
    Node& divide = graph_.add(NodeKind::kSplit, node_.name);
    Node& join = graph_.add(NodeKind::kConcatenation, node_.name);
    graph_.replace_input(node_, input, graph_.add_tensor(input.name, {}));
    graph_.consume(divide, input);
    sdp.outputs.clear();
    graph_.produce(join, output);
    const Node whole = node_;  // as it was
    const Node whole_sdp = sdp;
    Node *conv = &node_, *behind = &sdp;
    std::uint32_t line = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) {
        Node& next = graph_.add(NodeKind::kConvolution, node_.name);
        Node& next_behind = graph_.add(NodeKind::kSdp, node_.name);
        next.convolution = whole.convolution;
        next.convolution.part_of = &node_;
        next_behind.sdp = whole_sdp.sdp;
        next.fused_output = &next_behind;
        next_behind.fused_input = &next;
        graph_.consume(next, graph_.add_tensor(input.name, {}));
        Tensor& stream = graph_.add_tensor(node_.name, {});
        graph_.produce(next, stream);
        graph_.consume(next_behind, stream);
        Graph::order(*conv, next);
        Graph::order(*behind, next_behind);
        conv = &next;
        behind = &next_behind;
      }
      line += part(all[i], {*conv, *behind, divide, join, input, output}, line);
      conv->convolution.reuse_weights = share_weights && i > 0;
      conv->convolution.keep_weights = share_weights && i + 1 < all.size();
    }
  }

  struct Place {
    Node &conv, &behind, &divide, &join;
    Tensor &input, &output;
  };
  // Returns the lines of the output that it computes, from `line` on.
  std::uint32_t part(const Part& part, const Place& at, std::uint32_t line) {
    Window& window = at.conv.convolution.window;
    window.top = part.top;
    window.bottom = part.bottom;
    Tensor& from = *at.conv.inputs.front();
    from.shape = at.input.shape;
    from.shape.height = part.last - part.first + 1;
    from.image = at.input.image;
    from.whole = &at.input;
    from.first_line = part.first;
    graph_.produce(at.divide, from);
    const std::uint32_t window_height = (window.height - 1) * window.dilation_y + 1;
    Shape shape = at.output.shape;
    shape.height = (from.shape.height + part.top + part.bottom - window_height) / window.stride_y + 1;
    at.conv.outputs.front()->shape = shape;
    Tensor& to = graph_.add_tensor(at.output.name, shape);
    to.whole = &at.output;
    to.first_line = line;
    graph_.produce(at.behind, to);
    graph_.consume(at.join, to);
    return shape.height;
  }

  Graph& graph_;
  const HardwareParameters& hardware_;
  Node& node_;
  ConvolutionWork& work_;
  const Target& target_;
  ConvolutionFetch fetch_;
};

}  // namespace

void fit_convolution(Graph& graph, const Target& target, Node& node) { Fitting(graph, target, node).run(); }

}  // namespace nvdla::mapper
