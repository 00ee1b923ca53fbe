// SPDX-License-Identifier: Apache-2.0
// Why a network takes as long as it takes: every cycle up to the last interrupt goes to one layer and to one
// cause.
//
// Layers end one after the other; the cycles from the end of the layer before to its own end are a layer's,
// so that what overlaps counts once, for the layer that ends first. Of several operations on the fly behind
// each other the first that works, or waits for something else than its neighbour, gives the cause; where
// none does, the CPU: its writes are programming, everything else is waiting for the driver. Cycles of the
// MAC array are divided further by what the array is filled with: an atomic operation uses atomic_k kernels
// and atomic_c channels whether they exist or not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "analysis/evaluate.h"
#include "analysis/program_reader.h"
#include "analysis/traffic.h"
#include "engine/events.h"
#include "host/replay.h"

namespace nvdla::analysis {

enum class Cause : std::uint8_t {
  kProgramming,  // register writes, and from OP_ENABLE to the start
  kDriver,       // the CPU waits, or reads, before it enables the layer
  kDataFetch,    // the read DMAs' own paths
  kWeightFetch,
  kMacActive,
  kMacStripe,    // array idle: a stripe shorter than its minimum, or the load of weights
  kMacKernels,   // array idle: the last kernel group is not full
  kMacChannels,  // array idle: the last slice of channels, or of image lines, is not full
  kPostProcessing,
  kMoving,  // BDMA and Rubik
  kDelivery,
  kBufferSpace,
  kWriteBack,
  kDbbBandwidth,
  kCvsramBandwidth,
  kDbbLatency,
  kCvsramLatency,
  kOutstanding,
  kArbitration
};
inline constexpr std::size_t kCauses = 19;
using CauseAccount = std::array<Cycle, kCauses>;

// "mac_active"
[[nodiscard]] std::string_view cause_name(Cause cause);
// For readers: "array idle: stripe minimum"
[[nodiscard]] std::string_view cause_text(Cause cause);
[[nodiscard]] Cycle sum(const CauseAccount& account);

struct LayerCauses {
  OperationId head;
  std::vector<OperationId> operations;  // head first
  Cycle from = 0, to = 0;               // the cycles that are its own
  Cycle begin = 0;                      // of its head, which may overlap with layers before
  CauseAccount causes{};                // of [from, to)
};

// What happened in a run, as far as causes need it. A listener of one run.
class Recorder final : public engine::Listener, public host::AccessListener {
 public:
  struct Told {
    Resource resource;
    Cycle from, to;
  };
  struct Access {
    host::AccessKind kind;
    Cycle from, to;
  };
  void on_stalled(OperationId id, Resource resource, Cycle from, Cycle to) override {
    told_[id].push_back({resource, from, to});
  }
  void on_access(host::AccessKind kind, Cycle from, Cycle to) override {
    accesses_.push_back({kind, from, to});
  }
  void on_burst(const engine::Burst& burst) override {
    if (traffic_ != nullptr) traffic_->add(burst);
  }
  // Bursts are counted there too; outlives the recorder.
  void count(TrafficOverTime& traffic) { traffic_ = &traffic; }
  [[nodiscard]] const std::vector<Told>& told(OperationId id) const;
  [[nodiscard]] const std::vector<Access>& accesses() const { return accesses_; }

 private:
  std::map<OperationId, std::vector<Told>> told_;
  std::vector<Access> accesses_;
  TrafficOverTime* traffic_ = nullptr;
};

// In the order in which the layers end. Their causes add up to `total`, the cycle of the last interrupt.
[[nodiscard]] std::vector<LayerCauses> find_causes(const std::vector<engine::OperationRecord>& operations,
                                                   const Recorder& recorder,
                                                   const ReadOperations& descriptors,
                                                   const HardwareParameters& hardware, Cycle total);

// Shares of the cycles of atomic operations in which the array works: kernels and channels that exist.
struct ArrayFill {
  double kernels = 1, channels = 1;
};
[[nodiscard]] ArrayFill array_fill(const ConvolutionSequence& sequence, const HardwareParameters& hardware);
// Multiplications of the convolution, without those of padding channels and kernels.
[[nodiscard]] std::uint64_t multiplications(const ConvolutionSequence& sequence);

}  // namespace nvdla::analysis
