// SPDX-License-Identifier: Apache-2.0
// A memory port in closed form: how long it moves what an operation reads and writes, and what limits of
// open beats let through.
//
// Bandwidth. What is written of a datum comes `lag` cycles after it was read. The port moves beats without a
// pause from the first read to the last one; what is written of the data of the last `lag` cycles is left.
// So is what has queued up: for `lag` cycles the reads have the port for themselves, what is written of them
// comes at the same pace, but gets every second beat only; later, reads get the other half, and what they
// bring is less than the writes' half by (1 - written / read) / 2:
//   backlog = bandwidth max(0, lag (written / read - 1/2) - (total time - 2 lag) (1 - written / read) / 2)
//   after   = min(written, written lag bandwidth / (read + written) + chunk - 1 + backlog)
// where the write path collects a chunk before it sends it (generation V1).
//   span  = max((read + written - after) / bandwidth + max(lag, after / bandwidth),
//               lag + written / bandwidth)
// less the time of a beat, since it counts from the first beat to the last one.
// Limits. At most `open` beats are under way, each of them for `turn` cycles:
//   span  = (beats - 1) div open * max(turn, open beat time) + (beats - 1) mod open * beat time
// from the first beat to the last one. The memory lets a beat in the cycle after another has
// returned, MCIF in the cycle in which it does, a latency FIFO when the datum has left it.
// Limits of the model: beats, not chunks; reads and writes are spread evenly; bursts of V1's CVSRAM, which
// are whole chunks, count as those of DBB, here and in walks.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

// The memory behind a port; throws std::invalid_argument when it has no bandwidth.
[[nodiscard]] const memory::MemoryDescription& port_memory(const memory::MemorySystem& memory,
                                                           MemorySpace space);

// Cycles of one beat on a port that nothing else uses.
[[nodiscard]] inline double beat_time(const memory::MemoryDescription& memory,
                                      const HardwareParameters& hardware) {
  return std::max(1.0, hardware.dbb_width_bytes / memory.bytes_per_cycle);
}

// What an operation moves through one port, in beats.
struct PortWork {
  double read = 0;
  double early = 0;  // of them, those that are read before all others: operands of whole surfaces
  double written = 0;
  double lag = 0;  // cycles from a read to what is written of it
};
// Cycles from the first read to the last write.
[[nodiscard]] double port_span(const PortWork& work, const memory::MemoryDescription& memory,
                               const HardwareParameters& hardware);

// std::floor() of what is not negative, without a call for each kernel group.
[[nodiscard]] inline double whole_part(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value));
}

struct OpenLimit {
  double open = 1;
  double turn = 1;
  double burst = 0;  // beats of the bursts that it counts; 0: it counts beats
  // Beats a cycle in the long run.
  [[nodiscard]] double rate() const { return open / turn; }
  [[nodiscard]] double span(double beats, double beat) const {
    if (beats <= 1) return 0;
    const double rounds = whole_part((beats - 1) / open);
    return rounds * std::max(turn, open * beat) + (beats - 1 - rounds * open) * beat;
  }
  // Beats that come within `cycles` from the first one on.
  [[nodiscard]] double beats_in(double cycles, double beat) const {
    const double round = std::max(turn, open * beat);
    const double rounds = whole_part(cycles / round);
    return rounds * open + std::min(open, (cycles - rounds * round) / beat);
  }
  // Cycles of a beat in the long run.
  [[nodiscard]] double pace(double beat) const { return std::max(beat, turn / open); }
  // The same, at most, where chunks of so many beats are granted as a whole.
  [[nodiscard]] double pace_of_chunks(std::uint32_t chunk, double beat) const {
    return (turn + chunk * beat) / std::max(1.0, open + 1 - chunk);
  }
};

// Of all reads of the port together, in requests to the interface of `request` beats: the memory's limit of
// bursts or MCIF's of beats, whichever lets less through.
[[nodiscard]] OpenLimit read_limit(const memory::MemoryDescription& memory,
                                   const HardwareParameters& hardware, double request);
// Of its writes: MCIF's.
[[nodiscard]] OpenLimit write_limit(const memory::MemoryDescription& memory,
                                    const HardwareParameters& hardware);
// Of the reads of one client whose data stay in its latency FIFO for `held` cycles; no FIFO: no limit.
[[nodiscard]] OpenLimit fifo_limit(Client client, const memory::MemoryDescription& memory, double held,
                                   const HardwareParameters& hardware);

}  // namespace nvdla::amaix
