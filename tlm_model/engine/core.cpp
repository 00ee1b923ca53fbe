// SPDX-License-Identifier: Apache-2.0
#include "engine/core.h"

#include "engine/units/unit.h"

namespace nvdla::engine {

namespace {

// Where GLB shows it; looked up once.
std::uint32_t interrupt_status(Generation generation) {
  const auto offset = [](Generation of) {
    return registers::RegisterMap::of(of).offset(Unit::kGlb, "S_INTR_STATUS");
  };
  static const std::uint32_t v1 = offset(Generation::kV1), scalable = offset(Generation::kScalable);
  return generation == Generation::kV1 ? v1 : scalable;
}

}  // namespace

Core::Core(const HardwareParameters& parameters, amaix::KnownWork* known_work,
           registers::KnownGroups* known_groups)
    : hardware((check(parameters), parameters)),
      known(known_work),
      groups(known_groups),
      file(hardware),
      dbb(scheduler, hardware, MemorySpace::kDbb),
      cvsram(scheduler, hardware, MemorySpace::kCvsram),
      counters(file, hardware.generation, dbb, cvsram) {
  dbb.allow_runs(window);
  cvsram.allow_runs(window);
}

void Core::raise(Interrupt source, std::uint32_t group, Cycle at) {
  const std::uint32_t raised = file.raise(source, group);
  std::uint32_t status = 0;
  file.peek(interrupt_status(hardware.generation), status);
  log.interrupt(raised, status, at);
}

void Core::finish_values(EngineUnit& unit, std::uint32_t operation, std::uint32_t group) {
  if (!tensors) return;
  const OperationId id = log.id(unit.engine(), operation);
  const std::optional<Tensors::Result> values = tensors->finish(id, unit.links(operation).gives);
  if (!values) return;
  unit.show_values(operation, group, values->counters);
  for (const OutputTensor& output : values->outputs) log.output(id, output);
}

}  // namespace nvdla::engine
