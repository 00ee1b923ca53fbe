// SPDX-License-Identifier: Apache-2.0
// SDP's operands of a convolution that is walked (amaix/shared_convolution.h).
//   asks     a stream asks for a chunk as far as the FIFOs behind it have room for its beats, and the latency
//            FIFO for those on their way
//   places   what comes takes places until SDP has used it; a latency FIFO's is free `credit` later
//   output   each beat of it needs its part of every stream, and is ready `path` behind the last of them
// Limits: of a stream each beat of output needs as much.
#pragma once

#include <cstdint>
#include <vector>

#include "amaix/convolution_estimate.h"
#include "amaix/sdp_walk.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SharedOperands {
 public:
  SharedOperands() = default;
  // Those that `work` needs for `output` beats; its first request comes `ahead` cycles before the layer's
  // begin.
  SharedOperands(const SdpWork& work, const SdpOnTheFly& sdp, double ahead, double output,
                 const HardwareParameters& hardware);

  // Of each stream.
  [[nodiscard]] const std::vector<Client>& readers() const { return readers_; }
  // None has more chunks than a walk may have.
  [[nodiscard]] bool whole() const { return whole_; }

  // Of its first request, to the layer's begin.
  [[nodiscard]] Cycle ahead() const;
  void restart(Cycle begin);
  // See SharedUnit, by stream.
  [[nodiscard]] Cycle asks(std::size_t stream);
  [[nodiscard]] std::uint32_t beats(std::size_t stream) const;
  void granted(std::size_t stream, Cycle at);
  void came(std::size_t stream, Cycle last, std::uint32_t beats);

  // The first `beats` of output have theirs.
  [[nodiscard]] bool reach(double beats) const;
  // The output that has lacked some until now is ready.
  [[nodiscard]] Cycle ready() const;
  // Before a chunk comes in cycle `now`: from when on SDP works through the next `beats` of output behind
  // `before` of it, for which it needs `taking` cycles, if it has waited for that chunk; 0: it has not.
  [[nodiscard]] double resumes(std::size_t stream, double before, double beats, double taking,
                               Cycle now) const;
  // The next `beats` behind `before` of output are ready in cycle `ready`.
  void used(double before, double beats, Cycle ready, double taking);

 private:
  struct Released {
    double amount;  // beats, in all
    Cycle at;
  };
  struct Stream {  // in beats
    double all = 0, places = 0;
    std::vector<SdpChunk> chunks;
    double fifo = 0;   // beats that may be on their way
    Cycle credit = 0;  // from a beat on the bus to its place there being free

    double since = 0;  // from the first request to the layer's begin

    double path = 0, use = 0;  // from a beat on the bus to output that needs it; less, to its place's next
    // Of a walk.
    std::size_t chunk = 0;
    double asked = 0, come = 0, room = 0, way = 0;
    Cycle next = 0, last = 0;
    memory::RingBuffer<Released> used{}, landed{};
  };

  std::vector<Client> readers_;
  std::vector<Stream> streams_;
  bool whole_ = true;
  double output_ = 0;
  double beat_ = 1;      // cycles of one
  double transfer_ = 1;  // cycles in which SDP takes one
};

}  // namespace nvdla::amaix
