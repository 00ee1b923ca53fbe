// SPDX-License-Identifier: Apache-2.0
// The way of what SDP, PDP and CDP write from their write DMA to the arbiter, beat by beat:
// D_PERF_*WRITE_STALL, the cycles in which the write DMA offers a command or a beat that the pipes behind it
// do not take; and, of SDP, the beats that stand in its write DMA: places come back beat by beat, on branch
// master between grants.
//
// Model: each command and its beats go over a WriteLink, which knows when they can leave, a command when the
// beat before has gone.
//   stall = sum of (taken - max(offered, taken of the one before + 1))
// SDP tells of a command when it begins and of each beat, which is offered when it shows at the output of its
// FIFO (amaix/sdp_data_fifos.h, sdp_beat_fifo.h). PDP and CDP tell of chunks in order, and of a
// command with its last one: a count is right for operations that are over. A beat of theirs is offered in
// the cycle that brings its chunk complete to the bus when nothing waits, those before it in the chunk `pace`
// cycles earlier each. A strip of CDP leaves as a whole, a beat a cycle, its command in the cycle before the
// first.
// Limits: what waits in PDP's and CDP's WDMA is offered as soon as its turn comes; `pace` is their core's.
// Source: wdma_stall_cnt_inc in NV_NVDLA_SDP_WDMA_dmaif (scalable: SDP_WDMA_DAT_out), cnt_cen in PDP_wdma,
// CDP_wdma.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/sdp_beat_fifo.h"
#include "amaix/sdp_data_fifos.h"
#include "amaix/stream_plan.h"
#include "amaix/write_link.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

// What of `taken` counts as stalled; `before`: the last one was taken.
[[nodiscard]] inline std::uint64_t stalled_cycles(const amaix::WriteLink::Taken& taken, Cycle before) {
  const Cycle offered = std::max(taken.ready, before + 1);
  return taken.at > offered ? static_cast<std::uint64_t>(taken.at - offered) : 0;
}

class WritePath {
 public:
  WritePath(const HardwareParameters& hardware, Client client);

  // From now on; `waiting` chunks that it has not been told of leave first.
  void follow(std::size_t waiting) {
    if (following_) return;
    following_ = true;
    skipped_ = waiting;
  }
  [[nodiscard]] bool following() const { return following_; }
  // The next chunk is complete on the bus in cycle `complete` if it waits for nothing; `begins`: it is the
  // first of its command.
  void chunk(const amaix::StreamRequest& request, bool begins, Cycle complete, Cycle pace);
  // SDP: the next command, not before cycle `ready`, whose data follow.
  void command(const amaix::StreamRequest& command, Cycle ready);
  // The next datum of the command, as wide as the bus, is on the bus in cycle `complete` if it waits for
  // nothing, and `pace` cycles behind the one before at the earliest, but on V1.
  void datum(Cycle complete, Cycle pace);
  // Beats that wait in the datapath in cycle `at`, which never comes earlier than before.
  [[nodiscard]] std::uint64_t waiting(Cycle at) {
    settle();
    return v1_ ? fifo_.outside(at) : fifos_.outside(at);
  }
  // Beats that the FIFO of generation V1 has place for. Behind waiting().
  [[nodiscard]] std::uint64_t room() const { return v1_ ? fifo_.room() : 0; }
  // When the next of them leaves it, as far as it is known. Behind waiting().
  [[nodiscard]] Cycle next_leaves() const { return (v1_ ? fifo_.next() : fifos_.next()).value_or(kNever); }
  // When the pipes take, or have taken, the last of all; kNever: it is not known.
  [[nodiscard]] Cycle last_take() {
    settle();
    return untaken_ == 0 ? last_take_ : kNever;
  }
  // PDP, CDP: the last chunk was the last of its command.
  void end();
  // The next beat of the oldest chunk of `space` has left the arbiter; `last`: it was its last.
  void left(MemorySpace space, Cycle at, bool last);
  // SDP: behind last_take().
  [[nodiscard]] std::uint64_t stalled() const { return stalled_; }
  void clear();

 private:
  struct Part {
    std::uint32_t end;  // bytes of the command up to here
    Cycle complete, pace;
  };
  struct Left {
    Cycle at;
    bool last;
  };
  struct Pending {  // in front of the link: a command, or a beat in the FIFOs
    std::optional<amaix::StreamRequest> command;
    Cycle ready = 0;
  };
  void settle();
  void look();
  bool offer();
  bool hear();

  const Cycle way_;  // from the write DMA to the bus
  const std::uint32_t beat_bytes_;
  const bool strips_;         // commands leave as a whole
  const bool command_slots_;  // `complete` counts the cycle of the command of each chunk but the first
  const bool v1_;
  const bool waits_;  // what it is told is looked at when somebody asks
  amaix::WriteLink link_;
  bool following_ = false;
  std::size_t skipped_ = 0;
  amaix::StreamRequest command_{};
  amaix::SdpDataFifos fifos_;  // scalable generation
  amaix::SdpBeatFifo fifo_;    // V1
  std::uint32_t number_ = 0;   // of the next beat in its command
  memory::RingBuffer<Pending> pending_;
  bool told_ = false;                             // since it has looked
  bool offered_ = false;                          // a beat out of the FIFOs, which the link has not taken
  std::uint64_t untaken_ = 0;                     // beats, as far as it is known
  Cycle last_take_ = 0;                           // of the others
  std::vector<Part> parts_;                       // of command_
  std::array<memory::RingBuffer<Left>, 2> left_;  // beats that the link has not seen, by memory
  std::array<std::size_t, 2> waiting_{};          // chunks that the link has seen and that have not left
  Cycle taken_ = -1;                              // the last
  std::uint64_t stalled_ = 0;
};

}  // namespace nvdla::engine
