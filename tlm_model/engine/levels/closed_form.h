// SPDX-License-Identifier: Apache-2.0
// Levels roofline and refined: a hardware layer is one lump of time, computed by the sub-models when every
// unit that takes part has taken its register group. They are done, and their interrupts raised, when the
// lump ends; at level refined parts of a convolution are before: the next one fetches under it, and the
// driver does its work for those that are done.
// Layers of several units, and what CDMA and SDP's reader fetch before their layer is complete, slow each
// other down at level refined: walked together, request by request, where they can be
// (engine/levels/shared_layers.h). Otherwise they share a memory port as fluids when they need more of it
// than it has (amaix/port_share.h): a newcomer's reads come behind those that memory has accepted; what the
// buffers of a convolution hold of its output waits for reads that others have at the time.
//   roofline: done = max(OP_ENABLE, previous done of the engine) + bound
//   refined:  done = start of the read DMA (convolution: of CDMA) + estimate
// No DMA takes place; the bytes that it would move are reported.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "engine/core.h"
#include "engine/levels/execution.h"
#include "engine/levels/lump.h"
#include "engine/levels/port_profile.h"
#include "engine/levels/shared_layers.h"
#include "hardware/nearest_cycle.h"

namespace nvdla::engine {

class ClosedForm : public Execution, private Process {
 public:
  ClosedForm(Core& core, amaix::Level level, const memory::MemorySystem& memory,
             const std::vector<std::unique_ptr<EngineUnit>>& units)
      : Process(core.scheduler),
        core_(core),
        level_(level),
        memory_(memory),
        limits_(port_limits(memory, core.hardware)),
        units_(units),
        shared_layers_(memory_, core.hardware, units) {
    lumps_.reserve(kEngines);
  }

  void started(EngineUnit& owner, Unit part, Activation activation, Cycle at) override;
  void reset() override;

 private:
  // The fetch of a part whose layer is not complete yet, in its own time. What it loses to others counts as
  // if the part had begun later.
  struct Ahead {
    Unit part;
    PortProfile profile;
    std::size_t at_part = PortProfile::kNone;
    double own = 0, speed = 1;
    Cycle at = 0;
    double lost = 0;  // of a cycle
  };
  void run(Cycle now) override;
  [[nodiscard]] OperationId id_of(const ClosedOperation& operation) const {
    return core_.log.id(operation.engine, operation.activation.index);
  }
  void consider(const EngineUnit& owner, Cycle now);
  void look_ahead(EngineUnit& owner, Unit part, Activation activation, Cycle at);
  [[nodiscard]] bool comes_to_be_walked(Engine engine) const;
  [[nodiscard]] bool slows_nobody(Unit part) const;
  [[nodiscard]] const Lump* lone_fetched() const;
  [[nodiscard]] Lump::Share behind_share(const Lump& lump, MemorySpace port) const;
  [[nodiscard]] std::optional<double> lost_beside(const ClosedFetch& fetch) const;
  [[nodiscard]] PortProfile& profile(Lump& lump);
  [[nodiscard]] double queued_before(const PortProfile& newcomer);
  void pass(Cycle now);
  void set_speeds();
  void set_lead(Lump& lump, amaix::PortUse& use) const;
  [[nodiscard]] std::size_t writes_before(std::size_t i) const;
  void queue_output(std::size_t i);
  [[nodiscard]] bool uses_change();
  void do_early(Lump& lump, Cycle now);
  [[nodiscard]] bool waits(std::size_t lump) const;
  void raise(ClosedInterrupt& interrupt, Cycle now);
  void finish(Lump& lump, Cycle now);
  void finish(const Lump& lump, ClosedOperation& operation, Cycle now);

  Core& core_;
  const amaix::Level level_;
  const memory::MemorySystem memory_;
  const std::array<amaix::PortLimits, amaix::kPorts> limits_;
  const std::vector<std::unique_ptr<EngineUnit>>& units_;
  SharedLayers shared_layers_;
  TakenParts taken_;
  std::vector<Lump> lumps_;
  std::vector<Ahead> ahead_;
  std::size_t running_ = 0;                   // of both, when it was looked at last
  bool shared_ = false;                       // the ports, by several
  std::array<Cycle, kEngines> busy_until_{};  // by the last operation that was taken
};

}  // namespace nvdla::engine
