// SPDX-License-Identifier: Apache-2.0
#include "mapper/layers.h"

#include <map>
#include <set>

#include "host/text_source.h"

namespace nvdla::mapper {

namespace {

// Registers of sizes have 13 bits, those of windows fewer; the units' own limits are the mapper's matter.
constexpr std::uint32_t kMaxSize = 8192;
constexpr std::uint32_t kMaxWindow = 1024;

class Completion {
 public:
  explicit Completion(LayerNetwork& network) : network_(network) {}

  void run() {
    if (network_.inputs.empty()) throw host::InputError(network_.path + ": the network has no input");
    if (network_.layers.empty()) throw host::InputError(network_.path + ": the network has no layer");
    for (const NetworkInput& input : network_.inputs) {
      if (!shapes_.emplace(input.name, input.shape).second)
        throw host::InputError(network_.path + ": input '" + input.name + "' is given twice");
      size("input '" + input.name + "'", input.shape);
    }
    for (Layer& layer : network_.layers) {
      layer_ = &layer;
      if (!names_.insert(layer.name).second) fail("there is another layer of this name");
      layer.shape = shape();
      size(place(), layer.shape);
      if (!shapes_.emplace(layer.output, layer.shape).second)
        fail("its output '" + layer.output + "' exists already");
    }
  }

 private:
  [[nodiscard]] std::string place() const { return "layer '" + layer_->name + "' (" + layer_->type + ")"; }
  [[noreturn]] void fail(const std::string& what) const {
    throw host::InputError(network_.path + ": " + place() + ": " + what);
  }
  void size(const std::string& place, const Shape& shape) const {
    for (const std::uint32_t each : {shape.channels, shape.height, shape.width})
      if (each < 1 || each > kMaxSize)
        throw host::InputError(network_.path + ": " + place + ": the shape " + shape.text() +
                               " has a size that is not 1 to " + std::to_string(kMaxSize));
  }

  [[nodiscard]] const Shape& input(std::size_t index) const {
    if (index >= layer_->inputs.size()) fail("lacks an input");
    const auto found = shapes_.find(layer_->inputs[index]);
    if (found == shapes_.end()) fail("no layer before gives its input '" + layer_->inputs[index] + "'");
    return found->second;
  }
  void inputs(std::size_t count) const {
    if (layer_->inputs.size() != count)
      fail("has " + std::to_string(layer_->inputs.size()) + " inputs, takes " + std::to_string(count));
  }

  void range(const char* what, std::uint32_t value, std::uint32_t least, std::uint32_t most) const {
    if (value < least || value > most)
      fail(std::string(what) + " is " + std::to_string(value) + ", must be " + std::to_string(least) +
           " to " + std::to_string(most));
  }
  void check(const Window& window) const {
    for (const std::uint32_t each : {window.height, window.width, window.stride_y, window.stride_x,
                                     window.dilation_y, window.dilation_x})
      range("a size of its window", each, 1, kMaxWindow);
    for (const std::uint32_t each : {window.top, window.left, window.bottom, window.right})
      range("its padding", each, 0, kMaxWindow);
  }

  // Places of a window of `extent` lines or columns.
  [[nodiscard]] std::uint32_t places(std::uint32_t size, std::uint32_t before, std::uint32_t after,
                                     std::uint32_t extent, std::uint32_t stride, bool round_up) const {
    const std::uint32_t padded = size + before + after;
    if (extent > padded)
      fail("its window of " + std::to_string(extent) + " is larger than its input of " +
           std::to_string(padded) + " with padding");
    const std::uint32_t rest = padded - extent;
    std::uint32_t count = rest / stride + 1;
    // A last window that begins in the padding behind the input does not count.
    if (round_up && rest % stride != 0 && count * stride < size + before) ++count;
    return count;
  }
  [[nodiscard]] Shape slid(const Shape& in, std::uint32_t channels) const {
    const Window& window = layer_->window;
    const std::uint32_t height = (window.height - 1) * window.dilation_y + 1;
    const std::uint32_t width = (window.width - 1) * window.dilation_x + 1;
    return {channels, places(in.height, window.top, window.bottom, height, window.stride_y, layer_->round_up),
            places(in.width, window.left, window.right, width, window.stride_x, layer_->round_up)};
  }

  [[nodiscard]] Shape convolution() {
    inputs(1);
    const Shape& in = input(0);
    range("the number of its kernels", layer_->kernels, 1, kMaxSize);
    if (layer_->kind == LayerKind::kFullyConnected) {
      layer_->window = {};
      layer_->window.height = in.height;
      layer_->window.width = in.width;
    }
    check(layer_->window);
    range("the number of its groups", layer_->groups, 1, kMaxSize);
    if (in.channels % layer_->groups != 0 || layer_->kernels % layer_->groups != 0)
      fail(std::to_string(layer_->groups) + " groups divide neither " + std::to_string(in.channels) +
           " channels nor " + std::to_string(layer_->kernels) + " kernels, or only one of them");
    return slid(in, layer_->kernels);
  }

  [[nodiscard]] Shape pooling() {
    inputs(1);
    const Shape& in = input(0);
    if (layer_->global) {
      layer_->window = {};
      layer_->window.height = in.height;
      layer_->window.width = in.width;
    }
    check(layer_->window);
    return slid(in, in.channels);
  }

  [[nodiscard]] Shape element_wise() const {
    inputs(2);
    if (input(0) != input(1))
      fail("its inputs have the shapes " + input(0).text() + " and " + input(1).text() +
           ", which the accelerator cannot combine");
    return input(0);
  }

  [[nodiscard]] Shape concatenation() const {
    if (layer_->inputs.empty()) fail("lacks an input");
    Shape shape = input(0);
    shape.channels = 0;
    for (std::size_t i = 0; i < layer_->inputs.size(); ++i) {
      const Shape& each = input(i);
      if (each.height != shape.height || each.width != shape.width)
        fail("its inputs have the shapes " + input(0).text() + " and " + each.text() +
             ", which differ in more than channels");
      shape.channels += each.channels;
      if (shape.channels > kMaxSize) fail("its output has more than 8192 channels");
    }
    return shape;
  }

  [[nodiscard]] Shape shape() {
    switch (layer_->kind) {
      case LayerKind::kConvolution:
      case LayerKind::kFullyConnected:
        return convolution();
      case LayerKind::kPooling:
        return pooling();
      case LayerKind::kElementWise:
        return element_wise();
      case LayerKind::kConcatenation:
        return concatenation();
      case LayerKind::kCpu:
        for (std::size_t i = 0; i < layer_->inputs.size(); ++i) (void)input(i);
        // Readers tell the shape where it is not that of the input.
        return layer_->shape == Shape{} ? input(0) : layer_->shape;
      case LayerKind::kNormalisation:
        range("its local size", layer_->local_size, 3, 9);
        if (layer_->local_size % 2 == 0) fail("its local size must be 3, 5, 7 or 9");
        break;
      default:
        break;
    }
    inputs(1);
    return input(0);
  }

  LayerNetwork& network_;
  Layer* layer_ = nullptr;
  std::map<std::string, Shape> shapes_;
  std::set<std::string> names_;
};

}  // namespace

std::string Shape::text() const {
  return std::to_string(channels) + "x" + std::to_string(height) + "x" + std::to_string(width);
}

void complete(LayerNetwork& network) { Completion(network).run(); }

}  // namespace nvdla::mapper
