// SPDX-License-Identifier: Apache-2.0
// CDMA's converter, which every element passes on its way into CBUF.
//   CVT_EN = 1, integer input:  t = sat17( (x - offset) * scale / 2^truncate ), half away from zero;
//                               out = sat8(t), sat16(t), or fp16(t) to nearest even, by processing precision
//   CVT_EN = 0, or fp16 input:  the bits as they are (int8: the low byte)
//   fp16 input and NAN_TO_ZERO: a NaN is +0
// The mean of a component takes the place of the offset. Sources: nvdla/hw NV_NVDLA_CDMA_cvt.v and
// cmod/hls/cdma_libs/cdma_cvt.cpp.
#pragma once

#include <cstdint>

#include "operation/convolution.h"

namespace nvdla::compute {

class ElementConverter {
 public:
  explicit ElementConverter(const ConvolutionFetch& fetch);

  // `bits`: the element in memory, a byte where input_precision is int8. `component` 0..3 selects the mean of
  // an image. The result is an int8 sign-extended, an int16, or the bits of an fp16.
  [[nodiscard]] std::int16_t operator()(std::uint16_t bits, std::uint32_t component) const;

  // PAD_VALUE as an element; it is not converted.
  [[nodiscard]] std::int16_t padding(std::int32_t value) const;

 private:
  Precision input_, output_;
  bool convert_, signed_, nan_to_zero_;
  std::int32_t offset_[4];
  std::int32_t scale_;
  std::uint32_t truncate_;
};

}  // namespace nvdla::compute
