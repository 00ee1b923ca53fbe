// SPDX-License-Identifier: Apache-2.0
// Levels roofline and refined: a hardware layer is one lump of time, computed by the sub-models when every
// unit that takes part has taken its register group. They are done, and their interrupts raised, when the
// lump ends; at level refined parts of a convolution are before: the next one fetches under it, and the
// driver does its work for those that are done.
//   roofline: done = max(OP_ENABLE, previous done of the engine) + bound
//   refined:  done = start of the read DMA (convolution: of CDMA) + estimate
// No DMA takes place; the bytes that it would move are reported.
#pragma once

#include <array>
#include <vector>

#include "engine/core.h"
#include "engine/levels/execution.h"

namespace nvdla::engine {

class ClosedForm : public Execution, private Process {
 public:
  ClosedForm(Core& core, amaix::Level level, const memory::MemorySystem& memory,
             const std::vector<std::unique_ptr<EngineUnit>>& units)
      : Process(core.scheduler), core_(core), level_(level), memory_(memory), units_(units) {}

  void started(EngineUnit& owner, Unit part, Activation activation, Cycle at) override;
  void reset() override;

 private:
  struct Lump {
    ClosedLayer layer;
    Cycle begin = 0, done = 0;
    std::vector<std::pair<Unit, Cycle>> early;  // parts that are free before it ends, and when
  };
  void run(Cycle now) override;
  [[nodiscard]] OperationId id_of(const ClosedOperation& operation) const {
    return core_.log.id(operation.engine, operation.activation.index);
  }
  void consider();
  void wake_for(const Lump& lump);
  void do_early(Lump& lump, Cycle now);
  void finish(const Lump& lump, Cycle now);
  void finish(const ClosedOperation& operation, Cycle begin, Cycle now);

  Core& core_;
  const amaix::Level level_;
  const memory::MemorySystem memory_;
  const std::vector<std::unique_ptr<EngineUnit>>& units_;
  TakenParts taken_;
  std::vector<Lump> lumps_;
  std::array<Cycle, kEngines> busy_until_{};  // by the last operation that was taken
};

}  // namespace nvdla::engine
