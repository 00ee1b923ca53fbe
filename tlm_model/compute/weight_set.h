// SPDX-License-Identifier: Apache-2.0
// The weights of a convolution as CBUF holds them, decompressed, in the order of the stream in memory
// (nvdla/doc hw/format.rst, "Weight Format"). Compressed weights: WMB has one bit an element, lowest first,
// 1 for an element that is stored; mask and stored elements run on over the kernel groups without gaps. The
// sizes of the groups (WGS) matter to the timing of CDMA only. NAN_TO_ZERO makes +0 of NaN weights, too
// (NV_NVDLA_CDMA_wt.v; the functional model keeps them).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compute/special_numbers.h"
#include "memory/contents.h"
#include "operation/convolution.h"

namespace nvdla::compute {

struct WeightSet {
  Precision precision = Precision::kInt8;
  std::size_t begin = 0;             // bytes of the stream in front of those held; whole elements
  std::vector<unsigned char> bytes;  // of the whole stream: kernels times BYTE_PER_KERNEL
  SpecialNumbers special;            // fp16: among the weights that were fetched

  // `count` elements from `first` of the stream on; zero where none is held.
  void copy(std::size_t first, std::size_t count, std::int16_t* out) const;
};

// Brings the weights of a convolution piece by piece, in the order of the stream.
class WeightReader {
 public:
  explicit WeightReader(const ConvolutionFetch& fetch) : fetch_(fetch) {}

  // The weights of the next `kernels` kernels.
  [[nodiscard]] WeightSet next(std::uint32_t kernels, const memory::ByteSource& source);
  // Where that leaves the stream in memory (compressed: the stored elements).
  [[nodiscard]] std::uint64_t address() const { return fetch_.weight_address + taken_; }

 private:
  [[nodiscard]] WeightSet fetch(std::uint32_t kernels, const memory::ByteSource& source);

  ConvolutionFetch fetch_;
  std::uint64_t begun_ = 0;  // bytes of the decompressed stream so far
  std::uint64_t taken_ = 0;  // bytes in memory so far
};

// A stream that is shorter than its kernels need ends in zeros.
[[nodiscard]] WeightSet load_weights(const ConvolutionFetch& fetch, const memory::ByteSource& source);

}  // namespace nvdla::compute
