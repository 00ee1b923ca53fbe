// SPDX-License-Identifier: Apache-2.0
// The weights of a convolution as CBUF holds them, decompressed, in the order of the stream in memory
// (nvdla/doc hw/format.rst, "Weight Format"). Compressed weights: WMB has one bit an element, lowest first,
// 1 for an element that is stored; mask and stored elements run on over the kernel groups without gaps. The
// sizes of the groups (WGS) matter to the timing of CDMA only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memory/contents.h"
#include "operation/convolution.h"

namespace nvdla::compute {

struct WeightSet {
  Precision precision = Precision::kInt8;
  std::vector<unsigned char> bytes;  // kernels times BYTE_PER_KERNEL

  // Zero behind the end.
  [[nodiscard]] std::int16_t element(std::size_t i) const {
    if (precision == Precision::kInt8) return i < bytes.size() ? static_cast<std::int8_t>(bytes[i]) : 0;
    return 2 * i + 1 < bytes.size() ? static_cast<std::int16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8U) : 0;
  }
};

// A stream that is shorter than its kernels need ends in zeros.
[[nodiscard]] WeightSet load_weights(const ConvolutionFetch& fetch, const memory::ByteSource& source);

}  // namespace nvdla::compute
