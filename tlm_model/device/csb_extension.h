// SPDX-License-Identifier: Apache-2.0
// For initiators that model the CSB master themselves (NvdlaParameters::csb_timing off): when a write has
// entered the master's FIFO, in cycles. Units start a fixed time after that. Optional; without it a write
// enters when it is made.
#pragma once

#include <tlm>

#include "engine/scheduler.h"

namespace nvdla {

struct CsbExtension : tlm::tlm_extension<CsbExtension> {
  Cycle entered = 0;

  [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new CsbExtension(*this); }
  void copy_from(tlm::tlm_extension_base const& other) override {
    entered = static_cast<const CsbExtension&>(other).entered;
  }
};

}  // namespace nvdla
