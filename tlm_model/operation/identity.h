// SPDX-License-Identifier: Apache-2.0
// Who an operation is. It exists from OP_ENABLE on and is carried by every request, burst, completion, stall,
// event and report row; nothing infers an owner afterwards.
#pragma once

#include <cstdint>

#include "hardware/units.h"

namespace nvdla {

// One activation of an engine. `sequence` counts from 0 for each engine, in the order in which hardware runs
// them; it goes on over a reset.
struct OperationId {
  Engine engine = Engine::kConv;
  std::uint32_t sequence = 0;

  friend constexpr bool operator==(OperationId a, OperationId b) {
    return a.engine == b.engine && a.sequence == b.sequence;
  }
  friend constexpr bool operator!=(OperationId a, OperationId b) { return !(a == b); }
  friend constexpr bool operator<(OperationId a, OperationId b) {
    return a.engine != b.engine ? a.engine < b.engine : a.sequence < b.sequence;
  }
};

// How an operation hangs together with its neighbours.
struct Links {
  bool takes = false;  // its input comes from the engine before it, on the fly
  bool gives = false;  // its output goes to the engine behind it, on the fly
};

}  // namespace nvdla
