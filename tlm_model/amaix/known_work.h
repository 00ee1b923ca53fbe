// SPDX-License-Identifier: Apache-2.0
// What the closed forms count by walking over an operation, kept for further evaluations of one network: on
// other memories, and on designs that do not differ in what the walk depends on. A walk is most of the time
// of an evaluation; its result depends on the operation and on the few parameters in Design. Safe to use from
// many threads at once.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <tuple>

#include "amaix/convolution_estimate.h"
#include "amaix/sdp_estimate.h"
#include "amaix/stream_estimate.h"
#include "operation/identity.h"

namespace nvdla::amaix {

// Precondition: all evaluations are of one network: an id always means an operation that reads and writes the
// same places.
class KnownWork {
 public:
  // What was counted for the operation on such a design, or what `count` counts now.
  [[nodiscard]] StreamSummary stream(OperationId id, const HardwareParameters& hardware,
                                     const std::function<StreamSummary()>& count) {
    return get(streams_, id, hardware, count);
  }
  [[nodiscard]] std::shared_ptr<const SdpWork> sdp(OperationId id, const HardwareParameters& hardware,
                                                   const std::function<SdpWork()>& count) {
    return get(sdp_, id, hardware, std::function<std::shared_ptr<const SdpWork>()>([&] {
                 return std::make_shared<const SdpWork>(count());
               }));
  }
  [[nodiscard]] std::shared_ptr<const ConvolutionDataWork> data(
      OperationId id, const HardwareParameters& hardware, const std::function<ConvolutionDataWork()>& count) {
    return get(data_, id, hardware, std::function<std::shared_ptr<const ConvolutionDataWork>()>([&] {
                 return std::make_shared<const ConvolutionDataWork>(count());
               }));
  }

 private:
  using Design = std::array<std::uint32_t, 11>;
  using Key = std::tuple<OperationId, Design>;

  [[nodiscard]] static Design design(const HardwareParameters& hardware) {
    return {static_cast<std::uint32_t>(hardware.generation),
            hardware.memory_atom_bytes,
            hardware.dbb_width_bytes,
            hardware.mcif_chunk_beats,
            hardware.pdp_throughput,
            hardware.cdp_throughput,
            hardware.sdp_throughput,
            hardware.sdp_bs_throughput,
            hardware.sdp_bn_throughput,
            hardware.sdp_ew_throughput,
            hardware.master_rtl ? 1U : 0U};
  }
  template <class Work>
  Work get(std::map<Key, Work>& known, OperationId id, const HardwareParameters& hardware,
           const std::function<Work()>& count) {
    const Key key{id, design(hardware)};
    {
      const std::shared_lock<std::shared_mutex> lock(guard_);
      const auto found = known.find(key);
      if (found != known.end()) return found->second;
    }
    Work work = count();
    const std::unique_lock<std::shared_mutex> lock(guard_);
    return known.emplace(key, work).first->second;
  }

  std::shared_mutex guard_;
  std::map<Key, StreamSummary> streams_;
  std::map<Key, std::shared_ptr<const ConvolutionDataWork>> data_;
  std::map<Key, std::shared_ptr<const SdpWork>> sdp_;
};

}  // namespace nvdla::amaix
