// SPDX-License-Identifier: Apache-2.0
#include "engine/csb_timing.h"

namespace nvdla::engine {
namespace {

// Interrupts are dated at the unit's done register, which GLB's status bit follows.
constexpr Cycle kReadSample = paths::kCsbV1.to_unit.sum() - paths::kCsbV1.interrupt_status.sum();
constexpr Cycle kReadRoundTrip =
    paths::kCsbV1.to_unit.sum() + paths::kCsbV1.read_return.sum() + paths::kCsbV1.read_next.sum();
constexpr Cycle kRetimingStages = paths::kCsbV1.retiming.sum();
constexpr Cycle kLongAgo = -1000;

}  // namespace

CsbTiming::CsbTiming(Generation generation) : generation_(generation) { reset(); }

void CsbTiming::reset() {
  entered_.fill(kLongAgo);
  oldest_ = 0;
}

Cycle CsbTiming::retiming(std::uint32_t offset) const {
  const std::uint32_t unit = offset >> 12U;  // CMAC_A, CMAC_B, CACC of nv_full
  return generation_ == Generation::kV1 && unit >= 7 && unit <= 9 ? kRetimingStages : 0;
}

CsbTiming::Access CsbTiming::read(std::uint32_t offset, Cycle offered) {
  Access access;
  access.entered = enter(offered, access.accepted);
  access.effective = access.entered + kReadSample + retiming(offset);
  access.finished = access.entered + poll_period(offset);
  return access;
}

Cycle CsbTiming::poll_period(std::uint32_t offset) const { return kReadRoundTrip + 2 * retiming(offset); }

}  // namespace nvdla::engine
