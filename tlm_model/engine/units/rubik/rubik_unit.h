// SPDX-License-Identifier: Apache-2.0
// Rubik: registers to operations, starts, interrupts.
#pragma once

#include <map>

#include "engine/core.h"
#include "engine/units/rubik/rubik_engine.h"
#include "engine/units/unit.h"
#include "memory/ring_buffer.h"
#include "operation/rubik.h"

namespace nvdla::engine {

class RubikUnit : public EngineUnit, private StreamOwner {
 public:
  explicit RubikUnit(Core& core);

  [[nodiscard]] Engine engine() const override { return Engine::kRubik; }
  [[nodiscard]] const std::vector<Unit>& parts() const override;
  void enabled(Unit part, Activation activation) override;
  [[nodiscard]] Links links(std::uint32_t /*operation*/) const override { return {}; }
  void start(Unit part, Activation activation, Cycle at) override;
  [[nodiscard]] std::optional<ClosedLayer> closed_form(const TakenParts& parts,
                                                       const memory::MemorySystem& memory,
                                                       amaix::Level level) override;
  [[nodiscard]] std::unique_ptr<amaix::LinkedLayer> linked(std::uint32_t operation) override;
  [[nodiscard]] std::unique_ptr<OperationTensors> tensors(std::uint32_t operation,
                                                          OperationImage& image) override;
  void forget(std::uint32_t operation) override { operations_.erase(operation); }
  void reset() override;

 private:
  void on_stream_fetch_done(Cycle /*at*/) override {}  // the group ends with the core
  void on_stream_released(Cycle at) override { core_.starter(Unit::kRubik).release(at); }
  void on_stream_done(OperationId id, Cycle at) override;
  void on_stream_warning(const std::string& text, Cycle at) override { core_.log.warn(text, at); }

  Core& core_;
  RubikEngine engine_;
  std::map<std::uint32_t, RubikOperation> operations_;  // by activation
  memory::RingBuffer<Activation> running_;              // whose interrupt is due
};

}  // namespace nvdla::engine
