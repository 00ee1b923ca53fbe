// SPDX-License-Identifier: Apache-2.0
// What part of a memory port's time a layer in closed form needs, as its own time goes on.
//
// The phases that a port's bandwidth binds need all of it, the others share what is left of the bytes. A
// convolution reads until CDMA is done and writes from its first result on; other layers read and write
// together, from their first datum and until their last one where they say so. Its turns are those of the
// clients that have not read all yet. The way to memory and back needs nothing of the port. Kernel groups are
// one part, bound by the port if that binds for most of its time.
#pragma once

#include <array>
#include <vector>

#include "amaix/port_share.h"
#include "engine/units/unit.h"
#include "hardware/parameters.h"

namespace nvdla::engine {

// What the ports let through.
[[nodiscard]] std::array<amaix::PortLimits, amaix::kPorts> port_limits(const memory::MemorySystem& memory,
                                                                       const HardwareParameters& hardware);

class PortProfile {
 public:
  // In place of a part: before its begin, not looked at yet.
  static constexpr auto kBefore = static_cast<std::size_t>(-1), kNone = static_cast<std::size_t>(-2);

  // `start`: the cycle of its own time in which its phases begin.
  PortProfile(const ClosedLayer& layer, double start, const memory::MemorySystem& memory,
              const HardwareParameters& hardware);

  // Of what reads ahead of its layer.
  PortProfile(const ClosedFetch& fetch, const memory::MemorySystem& memory,
              const HardwareParameters& hardware);

  // In the cycle `at` of the layer's own time.
  [[nodiscard]] amaix::PortUse at(double at) const;
  [[nodiscard]] bool reads(MemorySpace port) const;
  // The reads that stand in front of another's that comes then: beats, and cycles until the first returns.
  struct Queue {
    double beats = 0, first = 0;
  };
  [[nodiscard]] Queue queue(double at, MemorySpace port, const amaix::PortLimits& limits) const;
  // Which of its parts that is: its use of the ports is that of the part.
  [[nodiscard]] std::size_t part_at(double at) const;
  [[nodiscard]] bool over(std::size_t part) const { return part != kBefore && part >= parts_.size(); }
  // When that changes next; infinity if it does not.
  [[nodiscard]] double next_change(double at) const;

 private:
  struct Part {
    double begin = 0, end = 0;
    std::array<bool, amaix::kPorts> binds{};
    bool idle = false, fill = false;  // of a convolution, before its kernel groups
    amaix::PortUse use;
    std::array<double, amaix::kPorts> reads_until{};  // by its last reader
  };
  void set_needed(MemorySpace port, double fetched);
  void add(MemorySpace port, double read, double written, double most_read, double from, double until);

  double start_ = 0;
  double last_group_ = 0;  // begins
  std::vector<Part> parts_;
};

}  // namespace nvdla::engine
