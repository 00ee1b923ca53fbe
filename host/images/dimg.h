// SPDX-License-Identifier: Apache-2.0
// Outputs as the application of nvdla/sw's runtime writes them (.dimg): a header of 36 bytes - "DIMG",
// version 0, format, width, height, channel, line stride, surface stride, size in memory - and the elements,
// channel by channel, line by line. It takes atoms of 32 bytes for feature data, whatever the configuration,
// unless the tensor's format says 8; a golden file of nv_small must be read with that in mind.
#pragma once

#include <cstdint>
#include <vector>

#include "host/loadable/loadable.h"

namespace nvdla::host {

// The list of formats gained an entry in 2019 (int8 with atoms of 8), which moved those of 16 bits by one.
enum class DimgRelease : std::uint8_t { kFirst, kCurrent };

// That of the runtime which goes with the compiler of this network: the current one for structures of version
// 0.12, or a tensor with atoms of 8.
[[nodiscard]] DimgRelease dimg_release(const Loadable& loadable);

// `bytes`: the tensor as it lies in memory. In fp16 two values are replaced as the application does it: 32768
// by 0 and what is not a number by 31744. Throws DriverError for a tensor that it cannot write.
[[nodiscard]] std::vector<unsigned char> make_dimg(const LoadableTensor& tensor,
                                                   const std::vector<unsigned char>& bytes,
                                                   DimgRelease release);

}  // namespace nvdla::host
