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

  // `count` elements from `first` on; zero behind the end.
  void copy(std::size_t first, std::size_t count, std::int16_t* out) const;
};

// A stream that is shorter than its kernels need ends in zeros.
[[nodiscard]] WeightSet load_weights(const ConvolutionFetch& fetch, const memory::ByteSource& source);

}  // namespace nvdla::compute
