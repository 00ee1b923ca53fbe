// SPDX-License-Identifier: Apache-2.0
// The convolution pipeline: registers to operations, starts, interrupts. CDMA, CSC, CMAC_A, CMAC_B and CACC
// have groups of their own; the n-th activation of each belongs to the n-th convolution. CSC begins when the
// units behind it have taken their groups too.
#pragma once

#include <array>
#include <map>
#include <optional>

#include "amaix/convolution_estimate.h"
#include "amaix/shared_convolution.h"
#include "engine/core.h"
#include "engine/units/convolution/convolution_engine.h"
#include "engine/units/sdp/sdp_unit.h"
#include "engine/units/unit.h"
#include "operation/convolution.h"

namespace nvdla::engine {

class ConvolutionUnit : public EngineUnit, private ConvolutionOwner {
 public:
  ConvolutionUnit(Core& core, SdpUnit& sdp);

  [[nodiscard]] Engine engine() const override { return Engine::kConv; }
  [[nodiscard]] const std::vector<Unit>& parts() const override;
  void enabled(Unit part, Activation activation) override;
  // CACC has no way to memory.
  [[nodiscard]] Links links(std::uint32_t /*operation*/) const override { return {false, true}; }
  void start(Unit part, Activation activation, Cycle at) override;
  [[nodiscard]] std::optional<ClosedLayer> closed_form(const TakenParts& parts,
                                                       const memory::MemorySystem& memory,
                                                       amaix::Level level) override;
  [[nodiscard]] std::unique_ptr<amaix::SharedUnit> shared(std::uint32_t operation,
                                                          const memory::MemorySystem& memory) override;
  [[nodiscard]] std::unique_ptr<amaix::SharedUnit> shared_fetch(const TakenParts& parts,
                                                                const memory::MemorySystem& memory) override;
  [[nodiscard]] std::optional<ClosedFetch> fetch_ahead(Unit part, Activation activation) override;
  [[nodiscard]] std::unique_ptr<OperationTensors> tensors(std::uint32_t operation,
                                                          OperationImage& image) override;
  void show_values(std::uint32_t operation, std::uint32_t group, const ValueCounters& values) override;
  void forget(std::uint32_t operation) override { operations_.erase(operation); }
  void reset() override;

 private:
  // Its descriptor; compressed weights with the sizes of their kernel groups, which memory holds.
  const ConvolutionFetch& fetch_of(std::uint32_t operation);
  struct Enabled {
    ConvolutionOperation operation;
    std::uint32_t parts = 0;  // one bit each
    // Closed form: what the estimate was told; the layer ends as a whole.
    struct Closed {
      amaix::ConvolutionContext context;
      std::uint32_t sdp = 0;                                      // the operation behind it
      bool pooling = false;                                       // and PDP
      std::unique_ptr<const amaix::ConvolutionEstimate> alone{};  // as it was walked
    };
    std::optional<Closed> closed;
    std::shared_ptr<const amaix::ConvolutionDataWork> data;
  };
  // Closed form: what the operation has to do with what CBUF holds of the one before.
  [[nodiscard]] amaix::ConvolutionContext after_last_fetch(const ConvolutionFetch& fetch) const;
  // And when its parts have taken it.
  [[nodiscard]] amaix::ConvolutionContext context_of(const ConvolutionFetch& fetch,
                                                     const TakenParts& parts) const;
  // Walked with others; null: it cannot be.
  struct Walked {
    const ConvolutionOperation& operation;
    amaix::ConvolutionContext context;
    std::uint32_t sdp = 0;
    const PdpOperation* pooling = nullptr;
  };
  [[nodiscard]] std::unique_ptr<amaix::SharedConvolution> walked(const Walked& what,
                                                                 const memory::MemorySystem& memory);
  void walk_alone(Enabled& enabled, const amaix::SdpWork& work, const std::optional<PdpOperation>& pooling,
                  const memory::MemorySystem& memory, amaix::ConvolutionEstimate& estimate);
  // The same without what waits for CSC: other banks than those of the one before.
  [[nodiscard]] amaix::ConvolutionContext ahead_of_sequence(const ConvolutionFetch& fetch) const;
  const amaix::ConvolutionDataWork& data_work(std::uint32_t operation);
  void on_data_done(Cycle at) override { raise(Interrupt::kCdmaData, at); }
  void on_weight_done(Cycle at) override { raise(Interrupt::kCdmaWeight, at); }
  void on_fetch_done(Cycle at) override;
  void on_sequence_done(Cycle at) override;
  void on_accumulate_done(Cycle at) override { core_.starter(Unit::kCacc).release(at); }
  void on_accumulate_interrupt(Cycle at) override;

  // What CDMA has counted of the values that it fetched.
  void show_fetched(std::uint32_t index, std::uint32_t group);
  void raise(Interrupt source, Cycle at) { core_.raise(source, core_.starter(Unit::kCdma).group(), at); }
  [[nodiscard]] OperationId id(std::uint32_t index) const { return core_.log.id(Engine::kConv, index); }

  Core& core_;
  SdpUnit& sdp_;
  ConvolutionEngine engine_;
  std::map<std::uint32_t, Enabled> operations_;  // enabled in part at least and not done
  std::array<std::uint32_t, 4> taken_{};         // groups that CSC, CMAC_A, CMAC_B, CACC have taken
  std::uint32_t sequences_ = 0;                  // operations that CSC has begun
  std::uint32_t done_ = 0;                       // operations whose interrupt has come
  std::uint32_t fetching_ = 0;                   // operation that CDMA has begun last
  ConvolutionFetch last_fetch_;                  // closed form: what CBUF holds
};

}  // namespace nvdla::engine
