// SPDX-License-Identifier: Apache-2.0
// A program played several times in one simulation: how long each time took, condensed, and where the
// register groups stand afterwards. A driver goes on where CONSUMER stands; a trace repeats what its driver
// wrote when it began at group 0, so after an odd number of operations of a unit it waits for a group that
// never starts.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/accelerator.h"

namespace nvdla::host {

struct Repetitions {
  std::uint32_t count = 0;
  bool reset = false;  // in between
  // From the first access of one time to the end of its last.
  Cycle first = 0, last = 0, fewest = kNever, most = 0;
  std::vector<std::string> at_group_1;  // as pointers_at_group_1, at the end

  void add(Cycle cycles) {
    if (count++ == 0) first = cycles;
    last = cycles;
    fewest = std::min(fewest, cycles);
    most = std::max(most, cycles);
  }
};

// The pointers that are not as after a reset: "PDP.CONSUMER", "CACC.PRODUCER".
[[nodiscard]] std::vector<std::string> pointers_at_group_1(const engine::Accelerator& accelerator);

// The cycle of the reset between two times: on a multiple of 64 cycles, one behind the first that everything
// pending is done by. Who waits in simulated time need not look at every cycle.
inline constexpr Cycle kQuietStep = 64;
[[nodiscard]] constexpr Cycle quiet_step(Cycle cycle) {
  return (cycle + kQuietStep - 1) / kQuietStep * kQuietStep;
}

}  // namespace nvdla::host
