// SPDX-License-Identifier: Apache-2.0
// How fast operations run that use the same memory ports at the same time.
//
// Alone, operation i would need the parts r_i and w_i of a port's time for its reads and its writes. While
// they sum up to no more than 1, nobody waits. Beyond that
//   - memory takes a read and a write in turn: each direction gets half, or all it asks for;
//   - reads return in the order in which memory has accepted them, so an operation's part of them is its part
//     of the reads that are open: s_i of them, each for T cycles, are r_i = s_i beat / T. It opens no more
//     than its latency FIFOs hold, and no more than it asks for, r_i T / beat; what may be open in all is
//     given out by turns of its clients (max-min fairness). T is the latency, or what all that is open takes
//     to return;
//   - writes are given out by turns of the operations.
// An operation is as fast as the scarcest of these lets it be, and asks for as much less of the others.
// Limits: turns are fluid, not chunks; what waits is not asked for later in more than the same part.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace nvdla::amaix {

inline constexpr std::size_t kPorts = 2;  // as MemorySpace counts: CVSRAM, DBB

struct PortUse {
  // Of the port's time, when alone; their sum is 0 to 1.
  std::array<double, kPorts> read{}, write{};
  // Clients that read, and the beats that their latency FIFOs hold; no FIFO: any number.
  std::array<double, kPorts> clients{}, depth{};
  // The part of its reads that it cannot go on without; the others are ahead of what it works on.
  std::array<double, kPorts> needed{1, 1};
  // It has asked for all before: what writes take of the port's time is lost to it.
  bool ahead = false;
  // Cycles for which it goes on reading like this.
  std::array<double, kPorts> left{};
};

struct PortLimits {
  double beat = 1;     // cycles
  double latency = 1;  // of a read, until its place is free for another
  double open = 1;     // beats of reads
  double asked = 1;    // beats of reads a cycle at most
  // Cycles of a read in the long run.
  [[nodiscard]] double pace() const { return std::max(beat, latency / open); }
};

// Above 0, at most 1, one for each use.
[[nodiscard]] std::vector<double> speeds(const std::vector<PortUse>& uses,
                                         const std::array<PortLimits, kPorts>& ports);

}  // namespace nvdla::amaix
