// SPDX-License-Identifier: Apache-2.0
// What the registers between SDP's datapath and the arbiter of writes hold when memory is slow.
//
// Model: in order, from the arbiter back to the datapath
//   WRITE_IG_arb   up to `commands` chunks with up to `arbiter` beats of data
//   WRITE_IG_bpt   up to `fifo` beats of the write command that it cuts into chunks. It takes the next
//   command
//                  when the last beat of this one has gone to the arbiter (in_cmd_rdy)
//   pipes          `pipes` places of bpt and dmaif, each holds a beat, or the command in front of its data
//   WDMA           up to `unpack` beats, data only
// A command that waits takes the place of a beat and keeps what is behind it out of bpt's FIFO, so short
// lines leave more of it empty: what fits is
//   arbiter + min(rest of the command, fifo) + beats among the next `pipes` items + unpack.
// Limits: only chunks that are complete; of one that the datapath is working on SdpEngine counts the
// transfers.
#pragma once

#include <cstdint>

#include "hardware/paths/sdp.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

// A chunk that the arbiter has not granted.
struct WaitingChunk {
  std::uint32_t beats = 0;
  bool begins_command = false;
};

class WriteChain {
 public:
  explicit WriteChain(const paths::SdpWriteChain& places);

  // Places left for beats behind the chunks, the oldest first; negative: so many beats have none.
  [[nodiscard]] std::int64_t room(const memory::RingBuffer<WaitingChunk>& chunks) const;
  // So many beats have a place however they are cut.
  [[nodiscard]] std::uint64_t always() const { return always_; }
  // Transfers that wait in the datapath beside those in its stages.
  [[nodiscard]] std::uint64_t datapath() const { return datapath_; }

 private:
  std::uint64_t commands_, arbiter_, fifo_, pipes_, unpack_, datapath_;
  std::uint64_t always_;
};

}  // namespace nvdla::engine
