// SPDX-License-Identifier: Apache-2.0
// What PDP adds to an SDP operation that it follows on the fly: computed by pdp_on_the_fly()
// (amaix/pdp_estimate.h), used where SDP's time is estimated.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/types.h"

namespace nvdla::amaix {

struct PdpOnTheFly {
  double cycles_per_atom = 1;
  double core_cycles = 0;  // of its core for all atoms, pauses between lines included
  double mean_cycles = 1;  // of those, for an atom
  // From the cycle in which SDP hands over the last transfer to PDP's interrupt.
  double interrupt_tail = 0;
  // Of that, from the last write on the bus on, and the memory's part.
  double acknowledge = 0;
  double write_latency = 0;
  MemorySpace write_space = MemorySpace::kDbb;
  // Of a chunk of output: from the last transfer that it needs, handed over, to its first beat on the bus.
  double write_lag = 0;
  double drain = 0;  // of the last of it: so much later
  // Atoms before the one that completes the first of them.
  double write_first = 0;
  double write_buffer = 0;  // beats that its write path holds
  Traffic dbb;
  Traffic cvsram;
  // Beats that are written behind each atom of a surface, where single beats are followed; else empty.
  std::vector<std::uint32_t> written;
};

}  // namespace nvdla::amaix
