// SPDX-License-Identifier: Apache-2.0
// The way of a unit's write commands and data to the arbiters of its memory ports, beat by beat: of BDMA and
// Rubik (generation V1), whose stores have no datapath that would hide it, and where the stalls of a write
// DMA are counted (engine/write_path.h).
//
// Model: a unit offers the items of its writes in order, a command in front of its data, one a cycle; they
// pass the stages of the link (amaix/pipe_stage.h). At its end a command waits for the last beat of the
// command before, as one is in WRITE_IG_bpt, a datum for room in the FIFO there. Each chunk's command takes a
// cycle, then its beats pass, each when the datum that completes it is there; the arbiter holds the commands
// of a few chunks and their beats.
//   A chunk competes when its last beat is there, and gives its places back beat by beat from its grant on.
// Times of a unit whose grants are late are known when the grants are: next() and taken() tell what is known.
// Sources: NV_NVDLA_MCIF_WRITE_IG_bpt, WRITE_IG_arb; lengths: hardware/paths/write_link.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/dates.h"
#include "amaix/pipe_stage.h"
#include "amaix/stream_plan.h"
#include "hardware/paths/write_link.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class WriteLink {
 public:
  // `bus`: an arbiter's grant to the bus.
  WriteLink(std::uint32_t unit_bytes, std::uint32_t beat_bytes,
            const paths::WriteLinkStages& stages = paths::kMoverWriteLink,
            const paths::Path& bus = paths::kWriteBus);

  // A write command of operation `tag`, not before cycle `ready`.
  void command(std::uint64_t tag, const StreamRequest& request, Cycle ready);
  // The next beat of its data, of the unit: bytes in a row from the command's first one on. `read_beats` are
  // the beats of memory that it frees.
  void datum(std::uint64_t tag, Cycle ready, std::uint32_t read_beats);
  // The next chunk of `space` has been granted the bus in cycle `at`.
  void granted(MemorySpace space, Cycle at);
  // In place of granted(): its next beat has left the arbiter, and with it its chunk, if it is the `last`.
  void left(MemorySpace space, Cycle at, bool last);

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
  };
  struct Port {
    explicit Port(const paths::WriteLinkStages& stages)
        : link(stages.pipes.begin(), stages.pipes.begin() + stages.count),
          fifo(stages.fifo),
          fifo_holds(stages.fifo.kind == paths::PipeKind::kFifo) {}
    memory::RingBuffer<Item> items;  // on the link
    std::vector<PipeStage> link;
    // The command in WRITE_IG_bpt.
    std::uint64_t tag = 0;
    StreamRequest rest;  // what has not passed
    std::uint32_t data_left = 0;
    std::uint32_t chunk_beats = 0;  // of its chunk, passed
    Cycle command_entered = 0;
    std::uint64_t chunk_begin = 0;
    PipeStage fifo;
    bool fifo_holds = false;      // it shows a datum while it has the one before
    std::uint64_t data_read = 0;  // of those in it
    std::uint64_t data_end = 0;   // of the command, in the row of all
    bool halved = false, half_waits = false;
    Dates passed;
    // The arbiter.
    std::uint64_t chunks = 0;
    memory::RingBuffer<std::uint32_t> waiting;  // beats of the chunks without a grant
    Dates gone, chunk_gone;
    bool held = false;
  };

  void advance();
  bool offer();
  static bool move(Port& port);
  bool enter(Port& port);
  bool pass(Port& port);
  Port& port(MemorySpace space) { return (*ports_)[static_cast<std::size_t>(space)]; }

  std::uint32_t unit_bytes_, beat_bytes_;
  const paths::WriteLinkStages* stages_;
  Cycle bus_;
  std::optional<std::array<Port, 2>> ports_;  // from the first command on: most links carry nothing
  memory::RingBuffer<Item> items_;            // not yet offered
  MemorySpace space_ = MemorySpace::kDbb;     // of the command offered last
  Cycle last_offered_ = -1;
  memory::RingBuffer<Chunk> chunks_;
  memory::RingBuffer<Taken> taken_;
};

}  // namespace nvdla::amaix
