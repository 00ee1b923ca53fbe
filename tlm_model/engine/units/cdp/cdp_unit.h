// SPDX-License-Identifier: Apache-2.0
// CDP and CDP_RDMA: registers to operations, starts, interrupts. CDP learns the size of the cube from its
// read DMA; every operation has one.
#pragma once

#include <map>

#include "engine/core.h"
#include "engine/units/cdp/cdp_engine.h"
#include "engine/units/unit.h"
#include "memory/ring_buffer.h"
#include "operation/cdp.h"
#include "operation/lut.h"

namespace nvdla::engine {

class CdpUnit : public EngineUnit, private StreamOwner {
 public:
  explicit CdpUnit(Core& core);

  [[nodiscard]] Engine engine() const override { return Engine::kCdp; }
  [[nodiscard]] const std::vector<Unit>& parts() const override;
  void enabled(Unit part, Activation activation) override;
  [[nodiscard]] Links links(std::uint32_t /*operation*/) const override { return {}; }
  // The tables are taken with the group.
  void taken(Unit part, Activation activation) override;
  void start(Unit part, Activation activation, Cycle at) override;
  [[nodiscard]] std::optional<ClosedLayer> closed_form(const TakenParts& parts,
                                                       const memory::MemorySystem& memory,
                                                       amaix::Level level) override;
  [[nodiscard]] std::unique_ptr<amaix::SharedUnit> shared(std::uint32_t operation,
                                                          const memory::MemorySystem& memory) override;
  [[nodiscard]] std::unique_ptr<OperationTensors> tensors(std::uint32_t operation,
                                                          OperationImage& image) override;
  void show_values(std::uint32_t operation, std::uint32_t group, const ValueCounters& values) override;
  void forget(std::uint32_t operation) override;
  void reset() override;

 private:
  template <class Descriptor>
  struct Enabled {
    Descriptor descriptor;
    std::uint32_t group = 0;
  };
  void on_stream_fetch_done(Cycle at) override;
  void on_stream_released(Cycle at) override;
  void on_stream_done(OperationId id, Cycle at) override;
  void on_stream_warning(const std::string& text, Cycle at) override { core_.log.warn(text, at); }

  void check_pair(std::uint32_t index) const;
  [[nodiscard]] amaix::StreamSummary summary(std::uint32_t index, const CdpOperation& operation) const;
  void begin(Activation activation, Cycle at);

  Core& core_;
  CdpEngine engine_;
  // By activation; those of both units with one number belong together.
  std::map<std::uint32_t, Enabled<CdpOperation>> operations_;
  std::map<std::uint32_t, Enabled<CdpFetch>> fetches_;
  std::map<std::uint32_t, CdpLut> luts_;    // where values are computed
  std::optional<Activation> held_;          // CDP has taken it and waits for CDP_RDMA to be enabled
  memory::RingBuffer<Activation> running_;  // whose interrupt is due
};

}  // namespace nvdla::engine
