// SPDX-License-Identifier: Apache-2.0
// What of a register read depends on when it is made, so that a program recorded elsewhere cannot know it.
//
//   S_POINTER     CONSUMER
//   S_STATUS      everything but that the group of the producer, which software is about to program, is idle
//   D_OP_ENABLE   that it is still 1
//   BDMA.STATUS   everything but that a group is not busy, or that the unit is idle
//   S_CBUF_FLUSH_STATUS  that the flush is not over yet
//   D_* read-only  counters of stalls and of values
#pragma once

#include <cstdint>

#include "registers/register_map.h"

namespace nvdla::host {

// Those bits of `mask` in which a read that expects `expected` is compared whenever it is made. `producer`:
// the unit's group that software writes.
[[nodiscard]] std::uint32_t timeless_bits(const registers::RegisterInfo& info, std::uint32_t mask,
                                          std::uint32_t expected, std::uint32_t producer);

}  // namespace nvdla::host
