// SPDX-License-Identifier: Apache-2.0
// Levels roofline and refined: a hardware layer is one lump of time, computed by the sub-models when every
// unit that takes part has taken its register group. They are done, and their interrupts raised, when the
// lump ends; at level refined parts of a convolution are before: the next one fetches under it, and the
// driver does its work for those that are done.
// Layers of several units that need more of a memory port than it has are slowed down (amaix/port_share.h),
// at level refined.
//   roofline: done = max(OP_ENABLE, previous done of the engine) + bound
//   refined:  done = start of the read DMA (convolution: of CDMA) + estimate
// No DMA takes place; the bytes that it would move are reported.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/core.h"
#include "engine/levels/execution.h"
#include "engine/levels/port_profile.h"
#include "hardware/nearest_cycle.h"

namespace nvdla::engine {

class ClosedForm : public Execution, private Process {
 public:
  ClosedForm(Core& core, amaix::Level level, const memory::MemorySystem& memory,
             const std::vector<std::unique_ptr<EngineUnit>>& units)
      : Process(core.scheduler), core_(core), level_(level), memory_(memory), units_(units) {}

  void started(EngineUnit& owner, Unit part, Activation activation, Cycle at) override;
  void reset() override;

 private:
  // Its own time goes on by `speed` a cycle, and what it does is dated in it: cycles from its begin.
  struct Lump {
    ClosedLayer layer;
    Cycle begin = 0;
    double own = 0, speed = 1;  // of cycle `at`
    Cycle at = 0;
    Cycle length = 0;
    Cycle behind = 0;                    // what is left of it when the layer of its engine before it ends
    Cycle first_phase = 0;               // when its phases begin
    std::optional<PortProfile> profile;  // once there is another layer
    [[nodiscard]] bool due(double after) const {
      return own + kSlack >= static_cast<double>(nearest_cycle(after));
    }
  };
  // Rounding of sums of `speed`, in cycles.
  static constexpr double kSlack = 1e-6;
  void run(Cycle now) override;
  [[nodiscard]] OperationId id_of(const ClosedOperation& operation) const {
    return core_.log.id(operation.engine, operation.activation.index);
  }
  void consider();
  void pass(Cycle now);
  void set_speeds();
  void wake_for(const Lump& lump);
  void do_early(Lump& lump, Cycle now);
  [[nodiscard]] bool waits(std::size_t lump) const;
  void finish(const Lump& lump, Cycle now);
  void finish(const Lump& lump, const ClosedOperation& operation, Cycle now);

  Core& core_;
  const amaix::Level level_;
  const memory::MemorySystem memory_;
  const std::vector<std::unique_ptr<EngineUnit>>& units_;
  TakenParts taken_;
  std::vector<Lump> lumps_;
  std::array<Cycle, kEngines> busy_until_{};  // by the last operation that was taken
};

}  // namespace nvdla::engine
