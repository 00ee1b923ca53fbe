// SPDX-License-Identifier: Apache-2.0
// SDP and SDP_RDMA: registers to operations, starts, interrupts.
//
// An operation takes data of SDP_RDMA when its input comes from memory or a sub-engine has an operand from
// memory, whatever group the read DMA uses for it (FetchPairing).
#pragma once

#include <map>

#include "engine/core.h"
#include "engine/units/fetch_pairing.h"
#include "engine/units/pdp/pdp_unit.h"
#include "engine/units/sdp/sdp_engine.h"
#include "engine/units/unit.h"
#include "memory/ring_buffer.h"
#include "operation/lut.h"
#include "operation/sdp.h"

namespace nvdla::engine {

class SdpUnit : public EngineUnit, private SdpOwner {
 public:
  SdpUnit(Core& core, PdpUnit& pdp);

  [[nodiscard]] Engine engine() const override { return Engine::kSdp; }
  [[nodiscard]] const std::vector<Unit>& parts() const override;
  void enabled(Unit part, Activation activation) override;
  [[nodiscard]] Links links(std::uint32_t operation) const override;
  // The tables of a look-up are taken with the group.
  void taken(Unit part, Activation activation) override;
  void start(Unit part, Activation activation, Cycle at) override;
  [[nodiscard]] bool flies() const override { return true; }
  [[nodiscard]] std::optional<ClosedLayer> closed_form(const TakenParts& parts,
                                                       const memory::MemorySystem& memory,
                                                       amaix::Level level) override;
  [[nodiscard]] std::optional<ClosedFetch> fetch_ahead(Unit part, Activation activation) override;
  [[nodiscard]] std::unique_ptr<amaix::SharedUnit> shared_fetch(const TakenParts& parts,
                                                                const memory::MemorySystem& memory) override;
  [[nodiscard]] std::unique_ptr<OperationTensors> tensors(std::uint32_t operation,
                                                          OperationImage& image) override;
  void show_values(std::uint32_t operation, std::uint32_t group, const ValueCounters& values) override;
  void forget(std::uint32_t operation) override;
  void reset() override;

  // The operation that gives to the k-th pooling on the fly.
  [[nodiscard]] std::optional<std::uint32_t> gives_to_pooling(std::uint32_t k) const {
    return poolings_.operation_of(k);
  }

  [[nodiscard]] DeliverySink& sink() { return engine_; }
  void connect_source(DeliverySource& source) { engine_.connect_source(source); }

  // Closed form: the operation that SDP has taken, if it works on the fly and all its parts are there. Adds
  // its parts and operations, and those of PDP behind it, to `layer`.
  struct OnTheFly {
    SdpOperation operation;
    std::optional<PdpOperation> pooling;  // behind it
  };
  [[nodiscard]] std::optional<OnTheFly> on_the_fly(const TakenParts& parts, ClosedLayer& layer) const;
  // The operation behind the k-th convolution.
  [[nodiscard]] std::optional<std::uint32_t> behind_convolution(std::uint32_t k) const {
    return convolutions_.operation_of(k);
  }
  // Its read DMA has taken it, or it has none.
  [[nodiscard]] bool complete(const TakenParts& parts, std::uint32_t operation) const;
  // It has not been forgotten.
  [[nodiscard]] bool has(std::uint32_t operation) const { return operations_.count(operation) != 0; }
  // With the fetch part, if it has one and that is known.
  [[nodiscard]] SdpOperation joined(std::uint32_t operation) const;

 private:
  struct Enabled {
    SdpOperation operation;
    std::uint32_t group = 0;
    SdpLut lut;  // where values are computed
  };
  void on_sdp_fetch_done(Cycle at) override;
  void on_sdp_released(Cycle at) override;
  void on_sdp_done(OperationId id, Cycle at) override;
  void on_sdp_warning(const std::string& text, Cycle at) override { core_.log.warn(text, at); }

  void check_pair(std::uint32_t operation) const;
  void add_parts(const TakenParts& parts, std::uint32_t operation, ClosedLayer& layer) const;

  Core& core_;
  PdpUnit& pdp_;
  SdpEngine engine_;
  FetchPairing pairing_;
  FetchPairing convolutions_;  // the k-th operation on the fly takes from the k-th convolution
  FetchPairing poolings_;      // the k-th that gives to PDP
  std::map<std::uint32_t, Enabled> operations_;  // by activation of SDP
  std::map<std::uint32_t, SdpFetch> fetches_;    // by activation of SDP_RDMA
  memory::RingBuffer<Activation> running_;       // whose interrupt is due
};

}  // namespace nvdla::engine
