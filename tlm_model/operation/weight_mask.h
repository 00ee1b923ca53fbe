// SPDX-License-Identifier: Apache-2.0
// Mask bits of compressed weights (WMB) in CBUF. They have one bank, and CSC takes a kernel group only when
// all of its bits are there (NV_NVDLA_CDMA_wt.v): a group whose bits need more than the bank never starts.
#pragma once

#include <cstdint>

#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla {

// Bytes of the bank that the mask of one kernel group needs: its bits in whole entries, one more where it
// does not begin with one; no more than the whole mask. fetch.wmb_bytes need not be set.
[[nodiscard]] std::uint64_t mask_bytes_of_group(const ConvolutionFetch& fetch,
                                                const HardwareParameters& hardware);
// Whether the bank holds that.
[[nodiscard]] bool mask_fits(const ConvolutionFetch& fetch, const HardwareParameters& hardware);

}  // namespace nvdla
