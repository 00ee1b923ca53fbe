// SPDX-License-Identifier: Apache-2.0
// What the registers between a datapath and the arbiter of writes hold when memory is slow: of PDP and CDP,
// and of SDP in walks (amaix/shared_write_path.h).
//
// Model: in order, from the arbiter back to the datapath
//   WRITE_IG_arb   up to `commands` chunks with up to `arbiter` beats of data
//   WRITE_IG_bpt   up to `fifo` beats of the write command that it cuts into chunks; it takes the next one
//                  when the last beat of this one has gone to the arbiter (in_cmd_rdy)
//   pipes          `pipes` places of bpt and dmaif, each holds a beat, or the command in front of its data
//   WDMA           up to `unpack` beats, data only
// A command that waits takes the place of a beat and keeps what is behind it out of bpt's FIFO, so short
// lines leave more of it empty: what fits is
//   arbiter + min(rest of the command, fifo) + beats among the next `pipes` items + unpack.
// Limits: only chunks that are complete. A strip of CDP is in WDMA as a whole or not at all.
// Sources: NV_NVDLA_MCIF_WRITE_IG_arb, WRITE_IG_bpt, the units' wdma; lengths: hardware/paths/write_chain.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hardware/paths/write_chain.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

// A chunk that the arbiter has not granted.
struct WaitingChunk {
  std::uint32_t beats = 0;
  bool begins_command = false;
};

class WriteChain {
 public:
  explicit WriteChain(const paths::WriteChainPlaces& places);

  // Places left for beats behind the chunks, the oldest first; negative: so many beats have none.
  [[nodiscard]] std::int64_t room(const memory::RingBuffer<WaitingChunk>& chunks) const;
  // None of them has a beat in WDMA: the operation is done with them.
  [[nodiscard]] bool taken(const memory::RingBuffer<WaitingChunk>& chunks) const {
    return hold(chunks, chunks.size()).left == 0;
  }
  // CDP: the core may go on with another strip. Of a strip, a command, the first words of all columns come
  // first, and its command leaves behind its last word: it needs room for its columns in each of WDMA's FIFOs
  // beside what the strips before it have there. The strip that this is about is the oldest that is in the
  // datapath (`depth` cycles) with all but its first row; `beat_cycles`, `row_cycles`: the core's, of a beat
  // and of one word of each atom of it.
  [[nodiscard]] bool strip_has_room(const memory::RingBuffer<WaitingChunk>& chunks, std::uint64_t depth,
                                    std::uint64_t beat_cycles, std::uint64_t row_cycles) const;
  // So many beats have a place however they are cut.
  [[nodiscard]] std::uint64_t always() const { return always_; }
  // So many chunks that the memory interface has not got have a place whatever they are; `strips`: outside of
  // WDMA.
  [[nodiscard]] std::size_t quiet(std::uint32_t chunk_beats, bool strips) const;
  // Transfers that wait in the datapath beside those in its stages.
  [[nodiscard]] std::uint64_t datapath() const { return datapath_; }

 private:
  struct Held {
    std::uint64_t left;   // beats in WDMA, or without a place
    std::uint64_t pipes;  // places in the pipes that are free
  };
  [[nodiscard]] Held hold(const memory::RingBuffer<WaitingChunk>& chunks, std::size_t count) const;

  std::uint64_t commands_, arbiter_, fifo_, pipes_, unpack_, datapath_;
  std::uint64_t always_;
};

}  // namespace nvdla::amaix
