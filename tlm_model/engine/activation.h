// SPDX-License-Identifier: Apache-2.0
// One time that a unit is enabled.
#pragma once

#include <cstdint>

namespace nvdla::engine {

struct Activation {
  std::uint32_t index = 0;  // from 0 since the last reset, in the order in which hardware takes the groups
  std::uint32_t group = 0;
};

}  // namespace nvdla::engine
