// SPDX-License-Identifier: Apache-2.0
// D_PERF_*WRITE_STALL of SDP, PDP and CDP: cycles in which the write DMA offers a command or a beat that the
// pipes behind it do not take.
//
// Model: each command and its beats go over a WriteLink, which knows when they can leave. A beat is offered
// in the cycle that brings its chunk complete to the bus when nothing waits, those before it in the chunk
// `pace` cycles earlier each; a command when the beat before has gone. A strip of CDP leaves as a whole, a
// beat a cycle, its command in the cycle before the first.
//   stall = sum of (taken - max(offered, taken of the one before + 1))
// It only looks on: what the units wait for is amaix/write_chain.h. A unit tells of its chunks in order; a
// command is known when all its chunks are, so a count is right for operations that are over.
// Limits: `pace` is the datapath's; what waits in WDMA is offered as soon as its turn comes.
// Source: wdma_stall_cnt_inc in NV_NVDLA_SDP_WDMA_dmaif (scalable: SDP_WDMA_DAT_out), cnt_cen in PDP_wdma,
// CDP_wdma.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

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

class WriteStalls {
 public:
  WriteStalls(const HardwareParameters& hardware, Client client);

  // From now on; `waiting` chunks that it has not been told of leave first.
  void begin(std::size_t waiting) {
    if (counting_) return;
    counting_ = true;
    skipped_ = waiting;
  }
  [[nodiscard]] bool counting() const { return counting_; }
  // The next chunk is complete on the bus in cycle `complete` if it waits for nothing; `begins`: it is the
  // first of its command.
  void chunk(const amaix::StreamRequest& request, bool begins, Cycle complete, Cycle pace);
  // The last one was the last of its command.
  void end();
  // The next beat of the oldest chunk of `space` has left the arbiter; `last`: it was its last.
  void left(MemorySpace space, Cycle at, bool last);
  [[nodiscard]] std::uint64_t total() const { return total_; }
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
  void settle();

  const Cycle way_;  // from the write DMA to the bus
  const std::uint32_t beat_bytes_;
  const bool strips_;  // commands leave as a whole
  const bool
      command_slots_;  // `complete` counts the cycle that the command of each chunk but the first takes
  amaix::WriteLink link_;
  bool counting_ = false;
  std::size_t skipped_ = 0;
  amaix::StreamRequest command_{};
  std::vector<Part> parts_;                       // of command_
  std::array<memory::RingBuffer<Left>, 2> left_;  // beats that the link has not seen, by memory
  std::array<std::size_t, 2> waiting_{};          // chunks that the link has seen and that have not left
  Cycle taken_ = -1;                              // the last
  std::uint64_t total_ = 0;
};

}  // namespace nvdla::engine
