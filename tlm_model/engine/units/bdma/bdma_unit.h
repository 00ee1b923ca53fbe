// SPDX-License-Identifier: Apache-2.0
// BDMA: registers to operations, starts, interrupts. CFG_OP queues a transfer, a launch makes one operation
// of all that are queued; groups run in the order of their launches. The load side goes on to the next group
// behind the last request of the one before, the store side behind its last beat; a group is busy up to its
// interrupt (NV_NVDLA_BDMA_csb: launch_count, status_grp0_busy; BDMA_load: cmd_ready).
// Limits: the transfers of a group leave the command FIFO together, when the load side takes the first.
#pragma once

#include <map>

#include "engine/core.h"
#include "engine/units/bdma/bdma_engine.h"
#include "engine/units/unit.h"
#include "memory/ring_buffer.h"
#include "operation/bdma.h"

namespace nvdla::engine {

class BdmaUnit : public EngineUnit, private StreamOwner {
 public:
  explicit BdmaUnit(Core& core);

  [[nodiscard]] Engine engine() const override { return Engine::kBdma; }
  [[nodiscard]] const std::vector<Unit>& parts() const override;
  void enabled(Unit part, Activation activation) override;
  [[nodiscard]] Links links(std::uint32_t /*operation*/) const override { return {}; }
  // The transfers leave the command FIFO.
  void taken(Unit part, Activation activation) override;
  void start(Unit part, Activation activation, Cycle at) override;
  [[nodiscard]] std::optional<ClosedLayer> closed_form(const TakenParts& parts,
                                                       const memory::MemorySystem& memory,
                                                       amaix::Level level) override;
  [[nodiscard]] std::unique_ptr<amaix::LinkedLayer> linked(std::uint32_t operation) override;
  [[nodiscard]] std::unique_ptr<OperationTensors> tensors(std::uint32_t operation,
                                                          OperationImage& image) override;
  void forget(std::uint32_t operation) override { operations_.erase(operation); }
  void reset() override;

  // CFG_OP: queues the transfer that the CFG registers describe. Throws registers::DecodeError.
  void queue() override;

 private:
  void on_stream_fetch_done(Cycle /*at*/) override {}  // the group ends with the core
  void on_stream_last_command(Cycle at) override;
  void on_stream_released(Cycle /*at*/) override {}
  void on_stream_done(OperationId id, Cycle at) override;
  void on_stream_warning(const std::string& text, Cycle at) override { core_.log.warn(text, at); }

  Core& core_;
  BdmaEngine engine_;
  std::vector<BdmaTransfer> queue_;                                // not yet launched
  std::map<std::uint32_t, std::vector<BdmaTransfer>> operations_;  // by launch
  memory::RingBuffer<Activation> running_;                         // whose interrupt is due
  memory::RingBuffer<std::uint32_t> loading_;  // groups whose last command the load side has not taken
};

}  // namespace nvdla::engine
