// SPDX-License-Identifier: Apache-2.0
// The write path of SDP, or of PDP behind it, behind a convolution that is walked
// (amaix/shared_convolution.h): which of its chunks SDP may take while those before wait for the port.
//   V1, scalable   the places up to the arbiter (amaix/write_chain.h), in which a command takes one as well;
//                  what has none waits in the datapath, as far as that holds transfers
//   branch master  so many beats in all (SdpOnTheFly::write_buffer); a chunk that is granted leaves beat by
//                  beat, and the room takes its way back
// Limits: coarser than the simulation, which follows each beat on every generation (engine/write_path.h).
#pragma once

#include "amaix/sdp_estimate.h"
#include "amaix/write_chain.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SharedWritePath {
 public:
  SharedWritePath() = default;
  // Of the layer's `work`, `output` beats.
  SharedWritePath(const SdpOnTheFly& sdp, const SdpWork& work, double output,
                  const HardwareParameters& hardware);

  // PDP's, behind it.
  explicit SharedWritePath(const HardwareParameters& hardware);

  void restart();
  // There is room for the next chunk and its `transfers`, from room_at() on, or it has to wait for a grant.
  [[nodiscard]] bool has_room(std::uint32_t beats, double transfers);
  [[nodiscard]] Cycle room_at() const { return room_at_; }
  // Of the transfer that it lets in, not before.
  [[nodiscard]] double entry_at() const { return static_cast<double>(room_at_) + way_back_; }
  void take(const WaitingChunk& chunk) { waiting_.push(chunk); }
  // The oldest chunk has been granted.
  void granted(Cycle at);
  // Beats that have been granted and not left, on the mean.
  [[nodiscard]] double leaving() const { return leaving_ > 1 ? (leaving_ - 1) / 2 : 0; }

 private:
  bool master_ = false;
  WriteChain chain_{paths::kSdpWriteChainScalable};
  double beats_ = 0;      // branch master: that it holds
  double beat_ = 1;       // cycles of one on the port
  double way_back_ = 0;   // from a beat on the bus to the transfer that it makes room for
  double full_beat_ = 1;  // transfers of a beat
  double datapath_ = 0;   // transfers in it
  // Of a walk.
  memory::RingBuffer<WaitingChunk> waiting_;
  double leaving_ = 0;  // beats of the chunk that was granted last
  Cycle granted_at_ = 0, room_at_ = 0;
  bool full_ = false;
};

}  // namespace nvdla::amaix
