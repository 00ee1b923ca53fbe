// SPDX-License-Identifier: Apache-2.0
// What a convolution of the graph asks of memory and CBUF, as its registers say it.
#pragma once

#include "mapper/graph.h"
#include "mapper/passes.h"
#include "operation/convolution.h"

namespace nvdla::mapper {

// Filled: what the division of CBUF depends on (analysis/buffer_split.h), and the sizes of input and weights.
// Grouped kernels are filled up with zeros to all channels of the input, as the compiler does.
[[nodiscard]] ConvolutionFetch convolution_fetch(const Node& node, const Target& target);

}  // namespace nvdla::mapper
