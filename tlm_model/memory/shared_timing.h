// SPDX-License-Identifier: Apache-2.0
// One memory (memory/memory_timing.h) behind several accelerators: who comes when.
//
// Reads and writes have a channel each, that passes one beat of address a cycle, as the accelerator's own
// memory interface does. A burst that has been granted keeps its channel for as many cycles as it has beats;
// then the channel goes, round robin by burst, to the next accelerator behind the one granted last that has a
// burst waiting. Bursts of one accelerator keep their order. All requests of a cycle compete for it.
//   grant(burst) = first cycle >= max(issued, channel free) in which it is its accelerator's turn
// A granted burst is the memory's, whose limit of open beats and bandwidth all share. One accelerator alone
// is granted at once: its own interface leaves as many cycles between its bursts.
// Limits: no priorities; what waits at the arbiter is told to the accelerators as time in the memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "hardware/types.h"
#include "memory/memory_timing.h"
#include "memory/ring_buffer.h"

namespace nvdla::memory {

class SharedTiming {
 public:
  // Throws std::invalid_argument for a parameter out of range.
  SharedTiming(const MemoryDescription& description, std::uint32_t bus_bytes, std::uint32_t masters);

  // beats > 0. Calls in order of `issued`; `id` comes back with the completion. False: next() names no
  // earlier cycle than before.
  bool submit(std::uint32_t master, std::uint64_t id, bool write, std::uint32_t beats, Cycle issued);
  // The same of a request that lies ahead of the time up to which this has been advanced: others, which come
  // before it, may still follow.
  bool submit_ahead(std::uint32_t master, std::uint64_t id, bool write, std::uint32_t beats, Cycle issued);
  // When it wants to be advanced: nothing is granted and no burst completes before; kNever: nothing is open.
  [[nodiscard]] Cycle next() const;
  // MemoryTiming::write_room() for one master; of several, one whose request waits for its turn has none
  // before.
  [[nodiscard]] Cycle write_room(std::uint32_t master, std::uint32_t ahead, Cycle now);
  // MemoryTiming::open_reads() for each master. Of several, none is sure of any.
  [[nodiscard]] std::uint32_t open_reads() const { return alone() ? timing_.open_reads() : 0; }
  // MemoryTiming::read_room() for one master, as write_room().
  [[nodiscard]] Cycle read_room(std::uint32_t master, std::uint32_t ahead, Cycle from);
  // MemoryTiming::read_return() of one that is alone; of several, kNever.
  [[nodiscard]] Cycle read_return(std::uint32_t master, std::uint32_t ahead, Cycle from);
  [[nodiscard]] bool spreads_beats() const { return timing_.spreads_beats(); }
  // Grants and moves beats up to and including cycle `until`, when all requests of `until` are there; once
  // more, when others have come in the same cycle.
  void advance(Cycle until);
  // The master's next completion, in order of time. False: none.
  bool pop(std::uint32_t master, MemoryTiming::Completion& completion) {
    return alone() ? timing_.pop(completion) : pop_of(master, completion);
  }
  // Nothing of this master is open.
  [[nodiscard]] bool idle(std::uint32_t master) const {
    return alone() ? timing_.idle() && ahead_.empty() : masters_[master].open == 0;
  }
  // Nobody to share with: nothing to arbitrate.
  [[nodiscard]] bool alone() const { return alone_; }

 private:
  struct Request {
    std::uint64_t id = 0;
    std::uint32_t beats = 0;
    Cycle issued = 0;
  };
  struct Channel {
    std::vector<std::deque<Request>> waiting;  // by master
    Cycle free_at = 0;
    std::uint32_t last = 0;  // granted
  };
  struct Master {
    std::deque<MemoryTiming::Completion> done;
    std::uint64_t open = 0;
  };
  struct Owner {
    std::uint32_t master = 0;
    std::uint64_t id = 0;
  };

  struct Ahead {
    Request request;
    bool write = false;
  };

  // Hands over what was submitted ahead, up to and including cycle `until`.
  void take_ahead(Cycle until);
  // Read beats that lie ahead of `now`.
  [[nodiscard]] std::uint64_t reads_ahead(Cycle now);
  [[nodiscard]] static Cycle first_grant(const Channel& channel);
  void grant(Channel& channel, bool write, Cycle at);
  bool pop_of(std::uint32_t master, MemoryTiming::Completion& completion);

  const Cycle latency_;
  const bool alone_;
  MemoryTiming timing_;
  RingBuffer<Ahead> ahead_;          // in order of `issued`; of one that is alone
  std::size_t writes_ahead_ = 0;     // of them
  std::array<Channel, 2> channels_;  // reads, writes
  std::vector<Master> masters_;
  std::vector<Owner> owners_;  // of granted bursts, by the id that the memory knows
  std::vector<std::uint64_t> free_owners_;
};

}  // namespace nvdla::memory
