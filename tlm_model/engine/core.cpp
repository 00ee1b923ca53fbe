// SPDX-License-Identifier: Apache-2.0
#include "engine/core.h"

namespace nvdla::engine {

Core::Core(const HardwareParameters& parameters, amaix::KnownWork* known_work)
    : hardware((check(parameters), parameters)),
      known(known_work),
      file(hardware),
      dbb(scheduler, hardware, MemorySpace::kDbb),
      cvsram(scheduler, hardware, MemorySpace::kCvsram),
      counters(file, hardware.generation, dbb, cvsram) {}

void Core::raise(Interrupt source, std::uint32_t group, Cycle at) {
  file.raise(source, group);
  std::uint32_t status = 0;
  file.peek(file.map().offset(Unit::kGlb, "S_INTR_STATUS"), status);
  log.interrupt(status, at);
}

}  // namespace nvdla::engine
