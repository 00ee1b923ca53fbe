// SPDX-License-Identifier: Apache-2.0
// PDP and PDP_RDMA: registers to operations, starts, interrupts.
#pragma once

#include <functional>
#include <map>

#include "engine/core.h"
#include "engine/units/fetch_pairing.h"
#include "engine/units/pdp/pdp_engine.h"
#include "engine/units/unit.h"
#include "memory/ring_buffer.h"
#include "operation/pdp.h"

namespace nvdla::engine {

class PdpUnit : public EngineUnit, private StreamOwner {
 public:
  explicit PdpUnit(Core& core);

  [[nodiscard]] Engine engine() const override { return Engine::kPdp; }
  [[nodiscard]] const std::vector<Unit>& parts() const override;
  void enabled(Unit part, Activation activation) override;
  [[nodiscard]] Links links(std::uint32_t operation) const override;
  void start(Unit part, Activation activation, Cycle at) override;
  [[nodiscard]] bool flies() const override { return true; }
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

  [[nodiscard]] DeliverySink& sink() { return engine_; }
  void connect_source(DeliverySource& source) { engine_.connect_source(source); }
  // Which operation of SDP gives to the k-th pooling on the fly.
  void connect_operations(std::function<std::optional<std::uint32_t>(std::uint32_t)> giver) {
    giver_ = std::move(giver);
  }

  // Closed form: PDP has taken an operation on the fly; adds it to `layer`.
  // Nothing: it has taken none, or one that reads from memory.
  [[nodiscard]] std::optional<PdpOperation> on_the_fly(const TakenParts& parts, ClosedLayer& layer) const;

 private:
  [[nodiscard]] PdpOperation from_memory(std::uint32_t operation, std::uint32_t fetch) const;
  [[nodiscard]] amaix::StreamSummary summary(std::uint32_t index, const PdpOperation& operation) const;
  struct Enabled {
    PdpOperation operation;
    std::uint32_t group = 0;
  };
  struct EnabledFetch {
    PdpFetch fetch;
    std::uint32_t group = 0;
  };
  void on_stream_fetch_done(Cycle at) override;
  void on_stream_released(Cycle at) override;
  void on_stream_done(OperationId id, Cycle at) override;
  void on_stream_warning(const std::string& text, Cycle at) override { core_.log.warn(text, at); }

  void check_pair(std::uint32_t operation) const;

  Core& core_;
  PdpEngine engine_;
  FetchPairing pairing_;
  FetchPairing flying_;  // the k-th operation on the fly
  std::function<std::optional<std::uint32_t>(std::uint32_t)> giver_;
  std::map<std::uint32_t, Enabled> operations_;    // by activation of PDP
  std::map<std::uint32_t, EnabledFetch> fetches_;  // by activation of PDP_RDMA
  memory::RingBuffer<Activation> running_;         // whose interrupt is due
};

}  // namespace nvdla::engine
