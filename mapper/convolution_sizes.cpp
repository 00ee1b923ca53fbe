// SPDX-License-Identifier: Apache-2.0
#include "mapper/convolution_sizes.h"

#include <algorithm>

#include "operation/divide.h"

namespace nvdla::mapper {

namespace {

// Four channels, eight or sixteen bits each (CDMA.D_DATAIN_FORMAT.PIXEL_FORMAT).
constexpr std::uint32_t kPixels8 = 12, kPixelsFloat16 = 8;

}  // namespace

ConvolutionFetch convolution_fetch(const Node& node, const Target& target) {
  const Tensor& input = *node.inputs.front();
  const Window& window = node.convolution.window;
  ConvolutionFetch fetch;
  fetch.input_precision = fetch.processing_precision = target.precision;
  fetch.input = {input.shape.width, input.shape.height, input.shape.channels};
  fetch.input_format = input.image ? InputFormat::kPixel : InputFormat::kFeature;
  if (input.image) fetch.pixel_format = target.precision == Precision::kInt8 ? kPixels8 : kPixelsFloat16;
  fetch.padding.left = window.left;
  fetch.padding.right = window.right;
  fetch.padding.top = window.top;
  fetch.padding.bottom = window.bottom;
  fetch.kernels = node.convolution.kernels;
  fetch.bytes_per_kernel =
      input.shape.channels * window.height * window.width * bytes_per_element(target.precision);
  // Whole entries, and what D_WEIGHT_BYTES can say: V1's has no lower seven bits.
  const std::uint64_t granule = std::max<std::uint64_t>(
      target.hardware.cbuf_entry_bytes, target.hardware.generation == Generation::kV1 ? 128 : 8);
  fetch.weight_bytes = ceil_div(std::uint64_t{fetch.bytes_per_kernel} * fetch.kernels, granule) * granule;
  return fetch;
}

}  // namespace nvdla::mapper
