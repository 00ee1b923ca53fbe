// SPDX-License-Identifier: Apache-2.0
// The way of a unit's write commands and data to the arbiters of its memory ports, beat by beat (generation
// V1: BDMA and Rubik, whose stores have no datapath that would hide it).
//
// Model: a unit offers the items of its writes in order, a command in front of its data, one a cycle.
//   offered(n)  = max(offered(n-1) + 1, ready(n), entered(n - kLinkItems) + kLinkCycles)
//   entered(n)  = max(offered(n) + kLinkCycles, entered(n-1) + 1); a command also waits for the last beat of
//   the
//                 command before (one is in WRITE_IG_bpt), a datum for room in its FIFO
//   Each chunk's command takes a cycle in WRITE_IG_bpt, then its beats pass, each `kBptFifo` cycles after the
//   datum that completes it; the arbiter holds the commands of two chunks and kArbiterBeats beats.
//   A chunk competes when its last beat is there, and gives its places back beat by beat from its grant on.
// Times of a unit whose grants are late are known when the grants are: next() and taken() tell what is known.
// Sources: NV_NVDLA_MCIF_WRITE_IG_bpt, WRITE_IG_arb; lengths: hardware/paths/movers.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "amaix/dates.h"
#include "amaix/stream_plan.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class WriteLink {
 public:
  WriteLink(std::uint32_t unit_bytes, std::uint32_t beat_bytes)
      : unit_bytes_(unit_bytes), beat_bytes_(beat_bytes) {}

  // A write command of operation `tag`, not before cycle `ready`.
  void command(std::uint64_t tag, const StreamRequest& request, Cycle ready);
  // The next beat of its data, of the unit: bytes in a row from the command's first one on. `read_beats` are
  // the beats of memory that it frees.
  void datum(std::uint64_t tag, Cycle ready, std::uint32_t read_beats);
  // The next chunk of `space` has been granted the bus in cycle `at`.
  void granted(MemorySpace space, Cycle at);

  struct Chunk {
    std::uint64_t tag = 0;
    StreamRequest request;
    Cycle at = 0;  // on the bus, at the earliest
  };
  // The next chunk whose time is known.
  std::optional<Chunk> next();

  struct Taken {
    std::uint64_t tag = 0;
    bool command = false;
    Cycle ready = 0, at = 0;
    std::uint32_t read_beats = 0;
    MemorySpace space = MemorySpace::kDbb;
    bool held = false;  // by writes without a grant, and not by the commands and data before it
  };
  // The next command or datum that the link has taken, or will.
  std::optional<Taken> taken();
  // Data that wait for it.
  [[nodiscard]] std::size_t waiting() const { return items_.size(); }
  void clear();

 private:
  struct Item {
    std::uint64_t tag = 0;
    bool command = false;
    StreamRequest request;  // of a command
    Cycle ready = 0;
    std::uint32_t read_beats = 0;
    Cycle offered = 0;
  };
  struct Port {
    memory::RingBuffer<Item> link;  // offered and not entered
    std::uint64_t offered = 0;
    Dates entered;
    // The command in WRITE_IG_bpt.
    std::uint64_t tag = 0;
    StreamRequest rest;  // what has not passed
    std::uint32_t data_left = 0;
    std::uint32_t chunk_beats = 0;  // of its chunk, passed
    Cycle command_entered = 0;
    std::uint64_t chunk_begin = 0;
    memory::RingBuffer<Cycle> data;  // entered and not passed
    std::uint64_t data_entered = 0;
    std::uint64_t data_end = 0;  // of the command, in the row of all
    bool halved = false, half_waits = false;
    Dates data_left_fifo, passed;
    // The arbiter.
    std::uint64_t chunks = 0;
    memory::RingBuffer<std::uint32_t> waiting;  // beats of the chunks without a grant
    Dates gone, chunk_gone;
    bool held = false;
  };

  void advance();
  bool offer();
  bool enter(Port& port);
  bool pass(Port& port);
  Port& port(MemorySpace space) { return ports_[static_cast<std::size_t>(space)]; }

  std::uint32_t unit_bytes_, beat_bytes_;
  std::array<Port, 2> ports_;
  memory::RingBuffer<Item> items_;         // not yet offered
  MemorySpace space_ = MemorySpace::kDbb;  // of the command offered last
  Cycle last_offered_ = -1;
  memory::RingBuffer<Chunk> chunks_;
  memory::RingBuffer<Taken> taken_;
};

}  // namespace nvdla::amaix
