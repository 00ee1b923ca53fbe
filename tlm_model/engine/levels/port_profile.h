// SPDX-License-Identifier: Apache-2.0
// What part of a memory port's time a layer in closed form needs, as its own time goes on.
//
// The phases that a port's bandwidth binds need all of it, the others share what is left of the bytes. A
// convolution reads until CDMA is done and writes from its first atomic operation on; other layers read and
// write together. Its turns are those of the clients that have not read all yet. The way to memory and back
// needs nothing of the port.
#pragma once

#include <array>
#include <vector>

#include "amaix/port_share.h"
#include "engine/units/unit.h"
#include "hardware/parameters.h"

namespace nvdla::engine {

class PortProfile {
 public:
  // `start`: the cycle of its own time in which its phases begin.
  PortProfile(const ClosedLayer& layer, double start, const memory::MemorySystem& memory,
              const HardwareParameters& hardware);

  // In the cycle `at` of the layer's own time.
  [[nodiscard]] amaix::PortUse at(double at) const;
  // When that changes next; infinity if it does not.
  [[nodiscard]] double next_change(double at) const;

 private:
  struct Part {
    double begin = 0, end = 0;
    std::array<bool, amaix::kPorts> binds{};
    bool idle = false;
    amaix::PortUse use;
  };
  void add(MemorySpace port, double work, double from, double until);

  double start_;
  std::vector<Part> parts_;
};

}  // namespace nvdla::engine
