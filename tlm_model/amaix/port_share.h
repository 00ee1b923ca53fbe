// SPDX-License-Identifier: Apache-2.0
// How fast operations run that use the same memory ports at the same time.
//
// Alone, operation i would need the part u_i of a port's time. While the parts sum up to no more than 1,
// nobody waits. Beyond that the port is given out by turns, as the memory interface does: an operation that
// asks for less than its turn gets all it asks for, the others share the rest by their weights (max-min
// fairness),
//   a_i = min(u_i, w_i l) with sum a_i = 1,
// and an operation is as fast as its slowest port lets it be: speed_i = min over ports of a_i / u_i.
// Limits: turns are fluid, not chunks; what waits is not asked for later in more than the same part.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace nvdla::amaix {

inline constexpr std::size_t kPorts = 2;  // as MemorySpace counts: CVSRAM, DBB

struct PortUse {
  std::array<double, kPorts> share{};  // of the port's time, when alone; 0 to 1
  double weight = 1;                   // turns: clients that read
};

// Above 0, at most 1, one for each use.
[[nodiscard]] std::vector<double> speeds(const std::vector<PortUse>& uses);

}  // namespace nvdla::amaix
