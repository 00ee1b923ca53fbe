// SPDX-License-Identifier: Apache-2.0
// Mask bits of compressed weights (WMB) in CBUF. They have one bank, and CSC takes a kernel group only when
// all of its bits are there (NV_NVDLA_CDMA_wt.v). A group gives back the entries that it has read, of the
// last of them CSC keeps the rest (NV_NVDLA_CSC_wl.v); CDMA fetches aligned requests of 8 atoms, and asks for
// none that the bank cannot take. A group that is not there whole by then never starts. Simulated on nv_full,
// int8: groups of 32,768 bytes run, of 32,896 and 36,864 hang, two of 32,672 or of 32,736 run.
#pragma once

#include <cstdint>

#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla {

// Bytes of the bank that the mask bits of the largest kernel group need, with what the last request
// brings beyond. fetch.wmb_bytes need not be set.
[[nodiscard]] std::uint64_t mask_bytes_of_group(const ConvolutionFetch& fetch,
                                                const HardwareParameters& hardware);
// Whether the bank holds that.
[[nodiscard]] bool mask_fits(const ConvolutionFetch& fetch, const HardwareParameters& hardware);

}  // namespace nvdla
