// SPDX-License-Identifier: Apache-2.0
// What the units of one accelerator share: time, registers, log, memory interfaces. Units see each other only
// through what the accelerator connects (engine/accelerator.cpp).
#pragma once

#include <array>
#include <initializer_list>
#include <memory>

#include "amaix/estimate.h"
#include "amaix/known_work.h"
#include "engine/activation.h"
#include "engine/memory_interface.h"
#include "engine/operation_log.h"
#include "engine/perf_counters.h"
#include "engine/scheduler.h"
#include "engine/tensors/tensors.h"
#include "engine/unit_starter.h"
#include "hardware/parameters.h"
#include "registers/known_groups.h"
#include "registers/register_file.h"

namespace nvdla::engine {

class EngineUnit;

struct Core {
  // `known` may be null: everything is counted. `groups` may be: everything is decoded.
  Core(const HardwareParameters& parameters, amaix::KnownWork* known,
       registers::KnownGroups* groups = nullptr);

  UnitStarter& starter(Unit unit) { return *starters[static_cast<std::size_t>(unit)]; }
  // Null for CVSRAM where the configuration has none.
  MemoryInterface* port(MemorySpace space) {
    return space == MemorySpace::kDbb ? &dbb : hardware.cvsram ? &cvsram : nullptr;
  }
  // Closed form: from a walk over the operation, unless that has been made before.
  template <class Count>
  [[nodiscard]] amaix::StreamSummary summary(OperationId id, Count count) {
    return known != nullptr ? known->stream(id, hardware, count) : count();
  }
  // The same of SDP's operation.
  [[nodiscard]] std::shared_ptr<const amaix::SdpWork> sdp_work(OperationId id,
                                                               const SdpOperation& operation) {
    const auto count = [&] { return amaix::sdp_work(operation, hardware); };
    if (known != nullptr) return known->sdp(id, hardware, count);
    return std::make_shared<const amaix::SdpWork>(count());
  }
  // What `decode` (registers/decoder.h) makes of the group that `part` is enabled with.
  template <class Decode>
  [[nodiscard]] auto decoded(Unit part, Activation activation, Decode decode) {
    return of_groups({part}, activation, [&] { return decode(file, activation.group, hardware); });
  }
  // What `make` makes of the registers of `units`, unless a run before has made it of the same; only one list
  // of units may begin with the same unit.
  template <class Make>
  [[nodiscard]] auto of_groups(std::initializer_list<Unit> units, Activation activation, Make make) {
    return groups != nullptr ? groups->get(file, units, activation.index, activation.group, make) : make();
  }
  // Sets the source's bit of `group` in GLB and tells listeners.
  void raise(Interrupt source, std::uint32_t group, Cycle at);
  // The unit's operation ends: its values are computed and its counters of values shown.
  void finish_values(EngineUnit& unit, std::uint32_t operation, std::uint32_t group);
  void warn(const std::string& text) { log.warn(text, scheduler.now()); }

  const HardwareParameters hardware;
  amaix::KnownWork* const known;
  registers::KnownGroups* const groups;
  Scheduler scheduler;
  registers::RegisterFile file;
  OperationLog log;
  QuietWindow window{scheduler};
  MemoryInterface dbb, cvsram;
  PerfCounters counters;
  std::array<std::unique_ptr<UnitStarter>, kUnits> starters;
  std::unique_ptr<Tensors> tensors;  // null: values are not computed
};

}  // namespace nvdla::engine
