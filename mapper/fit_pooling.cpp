// SPDX-License-Identifier: Apache-2.0
// Padding of pooling, and its split by width.
//
// Model: PDP keeps the lines of a window that overlap, up to 7 KiB: for a width of
//   7 KiB * 8 / (lines * kernels of a group * bits of a sum)
// with lines = ceil(window height / stride) rounded up to what the buffer is divided into (1, 2, 4, 8), sums
// of 14 bits in int8 and 28 in the other precisions. An output that is wider is made in parts by the
// hardware.
#include <algorithm>

#include "amaix/convolution_plan.h"
#include "mapper/passes.h"
#include "operation/divide.h"

namespace nvdla::mapper {

namespace {

constexpr std::uint32_t kBufferBits = 7 * 1024 * 8;
constexpr std::uint32_t kMaxWindow = 8, kMaxParts = 64;

std::uint32_t widest(const Target& target, const Window& window) {
  const std::uint32_t overlap = ceil_div(window.height, window.stride_y);
  std::uint32_t lines = 1;
  while (lines < overlap) lines *= 2;
  const std::uint32_t bits = target.precision == Precision::kInt8 ? 14 : 28;
  const std::uint32_t kernels = atomic_k(target.hardware, target.precision);
  return std::max<std::uint32_t>(1, kBufferBits / (lines * kernels * bits));
}

}  // namespace

void fit_pooling(const Target& target, Node& node) {
  PoolingWork& work = node.pooling;
  const Window& window = work.window;
  const Shape& in = node.inputs.front()->shape;
  const Shape& out = node.outputs.front()->shape;
  if (window.width > kMaxWindow || window.height > kMaxWindow)
    infeasible(node, "its window of " + std::to_string(window.width) + "x" + std::to_string(window.height) +
                         " is larger than the 8x8 that PDP has; --cpu-layer " + node.name +
                         "=MICROSECONDS gives it to the CPU");
  if (window.dilation_x != 1 || window.dilation_y != 1) infeasible(node, "PDP has no dilation");
  const auto reach = [](std::uint32_t places, std::uint32_t stride, std::uint32_t extent) {
    return static_cast<std::int32_t>((places - 1) * stride + extent);
  };
  work.right =
      reach(out.width, window.stride_x, window.width) - static_cast<std::int32_t>(in.width + window.left);
  work.bottom =
      reach(out.height, window.stride_y, window.height) - static_cast<std::int32_t>(in.height + window.top);
  const std::uint32_t most = widest(target, window);
  if (out.width <= most) return;

  work.parts = ceil_div(out.width, most);
  if (work.parts > kMaxParts) infeasible(node, "its output is wider than PDP can make in 64 parts");
  const std::int32_t stride = static_cast<std::int32_t>(window.stride_x);
  const std::int32_t extent = static_cast<std::int32_t>(window.width);
  const std::int32_t overlap = std::max(0, extent - stride);
  std::int32_t first_out = static_cast<std::int32_t>(most);
  std::int32_t last_out = static_cast<std::int32_t>(out.width - most * (work.parts - 1));
  std::int32_t last_in = (last_out - 1) * stride + extent - work.right - overlap;
  if (last_in <= 0) {
    // The last part must read something: it takes windows from the first.
    const std::int32_t both = first_out + last_out;
    for (last_in = 1; (last_in + overlap + work.right - extent) % stride != 0;) ++last_in;
    last_out = (last_in + overlap + work.right - extent) / stride + 1;
    first_out = both - last_out;
  }
  const std::int32_t first_in = (first_out - 1) * stride + extent - static_cast<std::int32_t>(window.left);
  if (first_out < 1 || last_out < 1 || first_in < 1)
    infeasible(node, "PDP cannot divide its width into parts that all read something");
  const auto natural = [](std::int32_t value) { return static_cast<std::uint32_t>(value); };
  work.in = {natural(first_in), 0, natural(last_in)};
  work.out = {natural(first_out), 0, natural(last_out)};
  if (work.parts > 2) {
    work.in[1] = natural(std::max(1, (static_cast<std::int32_t>(most) - 1) * stride + extent - overlap));
    work.out[1] = most;
  }
}

}  // namespace nvdla::mapper
