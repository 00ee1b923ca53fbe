// SPDX-License-Identifier: Apache-2.0
#include "amaix/port_time.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "hardware/paths/memory_interface.h"

namespace nvdla::amaix {

const memory::MemoryDescription& port_memory(const memory::MemorySystem& memory, MemorySpace space) {
  const memory::MemoryDescription& found =
      space == MemorySpace::kCvsram && memory.cvsram ? *memory.cvsram : memory.dbb;
  if (found.bytes_per_cycle <= 0) throw std::invalid_argument("memory bandwidth must be above 0");
  return found;
}

double port_span(const PortWork& work, const memory::MemoryDescription& memory,
                 const HardwareParameters& hardware) {
  const double read = work.read, written = work.written, lag = work.lag;
  const double total = read + written;
  if (total == 0) return 0;
  // Reads and writes together; each direction moves at most a beat a cycle.
  const double shared = hardware.dbb_width_bytes / memory.bytes_per_cycle;
  const double beat = beat_time(memory, hardware);
  const double moved = std::max({total * shared, read, written});
  const double collected = hardware.mcif_chunk_beats - 1.0;
  double after = written * std::min(1.0, lag / moved) + collected;
  const double ratio = read > work.early ? std::min(1.0, written / (read - work.early)) : 1.0;
  if (ratio > 0.5) {
    const double backlog = lag * (ratio - 0.5) - (moved - 2 * lag) * (1 - ratio) / 2;
    after += std::max(0.0, backlog) / (moved / total);
  }
  after = std::min(after, written);
  return std::max(moved * (total - after) / total + std::max(lag, after * beat), lag + written * beat) - beat;
}

// Bursts are open until their last beat has come.
OpenLimit read_limit(const memory::MemoryDescription& memory, const HardwareParameters& hardware,
                     double request) {
  const double latency = memory.latency, burst = std::clamp<double>(request, 1, hardware.max_burst_beats);
  const OpenLimit outside{memory.max_outstanding * burst,
                          latency + 1 + (burst - 1) * beat_time(memory, hardware), burst};
  const OpenLimit inside{static_cast<double>(hardware.max_outstanding_beats),
                         latency + paths::kReadSlot.sum()};
  return outside.rate() < inside.rate() ? outside : inside;
}

OpenLimit write_limit(const memory::MemoryDescription& memory, const HardwareParameters& hardware) {
  return {static_cast<double>(hardware.max_outstanding_beats),
          std::max(1.0, static_cast<double>(memory.latency))};
}

OpenLimit fifo_limit(Client client, const memory::MemoryDescription& memory, double held,
                     const HardwareParameters& hardware) {
  const std::uint32_t depth = hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)];
  if (depth == 0) return {std::numeric_limits<double>::infinity(), 1};
  return {static_cast<double>(depth), std::max(1.0, memory.latency + held)};
}

}  // namespace nvdla::amaix
