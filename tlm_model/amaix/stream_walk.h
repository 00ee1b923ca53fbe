// SPDX-License-Identifier: Apache-2.0
// Reads of a stream, chunk by chunk, where the beats that may be open limit them: the latency FIFO's places
// or the memory's. Chunks are granted as a whole, so places that a chunk does not fit into stay empty.
//
//   issued(n)   = max(issued(n-1) + bursts(n-1), credit of the beat whose place the chunk's last beat takes)
//                 and, of a request's first chunk, the request whose place in the queue it takes
//   accepted(b) = max(issued + its place in the chunk, returned(b - open) + 1)
//   returned(b) = max(accepted(b) + latency, the port's room)
//   entry(p)    = the core takes portion p, see amaix/stream_plan.h
//   credit(b)   = max(returned(b) + read + credit_open, last cycle in the core of the beat that makes room
//                 behind the FIFO + credit)
// The port gains bytes_per_cycle and holds a beat and a cycle's gain (memory/memory_timing.h); what is
// written comes in between, spread evenly over the portions; CDP's is held in its window until the next
// portion has come. Limits: the cut of data that begin inside a beat (V1) is not followed; of long operations
// the first kMostChunks (PDP alone: fewer) are walked, the others come at the pace of their second half.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/stream_plan.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

// What the core does with a portion.
struct StreamPortion {
  std::uint32_t cycles = 0, gap = 0, last_needed = 0;  // see StreamStep
  std::uint32_t written = 0;                           // beats that leave behind it
  // These leave when the next portion has been in the core for so long, less its gap; 0: with its end.
  std::uint32_t held = 0;
  // Of the next, the beats that have come by then, and the cycles from the last of them; 0: all of it.
  std::uint32_t held_beats = 0, held_behind = 0;
  std::uint32_t command = 0;           // slots of the write path between its chunks
  std::uint32_t first_chunk = 0;       // beats of the first of them; 0: what leaves is one
  std::uint32_t first = 0, count = 0;  // of its pieces of output (StreamChunks::leaving)
  // When they do: `next` is behind it and enters in that cycle.
  [[nodiscard]] double leave(const StreamPortion& next, double entry) const {
    return entry - next.gap + std::max(next.gap, held);
  }
};

// A strip of CDP, whose first beat is in the write path in cycle `at`, as take(ready, beats, begins): a chunk
// leaves when all its beats have come, a slot each, on branch master when the one before has left the arbiter
// and its place is full again.
template <class Take>
void for_each_chunk_of(const StreamPortion& strip, double at, const HardwareParameters& hardware, Take take) {
  double left = 0;  // the chunk before has
  std::uint32_t chunk = strip.first_chunk > 0 ? strip.first_chunk : hardware.mcif_chunk_beats;
  for (std::uint32_t beats = strip.written; beats > 0; beats -= chunk, chunk = hardware.mcif_chunk_beats) {
    chunk = std::min(beats, chunk);
    at += chunk;
    if (hardware.master_rtl && left > 0) at = std::max(at, left + chunk);
    take(at, chunk, left == 0);
    left = at + chunk;
    at += strip.command;
  }
}

struct StreamChunk {
  std::uint32_t beats = 1;
  StreamPortion portion;  // that it ends; no cycles: it ends none
  bool request = false;   // it begins one
};

class StreamChunks {
 public:
  static constexpr std::size_t kMostChunks = 4096;  // neither 1024 nor 16384 changes any of 993 recordings

  explicit StreamChunks(std::size_t most = kMostChunks) : most_(most) {}
  [[nodiscard]] bool full() const { return chunks_.size() >= most_; }
  // A request in portions of a chunk each, in all as `whole` says, but that its cycles are those of
  // `unit_bytes`; until step() says better.
  void add(const StreamRequest& request, std::uint32_t unit_bytes, const StreamPortion& whole,
           const HardwareParameters& hardware);
  // A request that is one portion.
  void add_whole(const StreamRequest& request, const StreamPortion& portion,
                 const HardwareParameters& hardware);
  // What the core does with the portion that a chunk ends, and what that completes, piece by piece.
  void step(std::size_t chunk, const StreamStep& step, const HardwareParameters& hardware);
  // When what a portion writes leaves, that has entered in cycle `entry`, its beats and whether it begins a
  // command: all in one with its end, or as its pieces are complete.
  template <class Leave>
  void leaving(const StreamPortion& portion, double entry, Leave leave) const {
    if (portion.count == 0 && portion.written > 0) leave(entry + portion.cycles, portion.written, true);
    for (std::size_t i = portion.first; i < portion.first + portion.count; ++i)
      leave(entry + pieces_[i].offset, pieces_[i].beats, pieces_[i].begins);
  }
  [[nodiscard]] const std::vector<StreamChunk>& list() const { return chunks_; }

 private:
  struct Piece {
    std::uint32_t offset;  // from the entry of its portion
    std::uint32_t beats;
    bool begins;  // a command
  };
  std::size_t most_;
  std::vector<StreamChunk> chunks_;
  std::vector<Piece> pieces_;
};

// Address by address, as far as what has returned lets it go on.
class StreamWalker {
 public:
  // `chunks` and `timing` outlive it. Nothing is asked for before cycle `begin`.
  StreamWalker(const StreamChunks& chunks, const StreamTiming& timing, Client client,
               const HardwareParameters& hardware, double begin = 0);

  [[nodiscard]] bool asks_more() const { return asked_ < list_.size(); }
  // The earliest cycle of the next chunk's address; infinity: what has to come or to leave before has not.
  // Precondition of both: asks_more().
  [[nodiscard]] double asks();
  [[nodiscard]] std::uint32_t beats() const { return list_[asked_].beats; }
  // The next chunk's address is on the bus.
  void grant(double at);
  // The next beat has come.
  void come(double at) { returned_.push_back(at); }
  [[nodiscard]] std::size_t beats_come() const { return returned_.size(); }
  // When the core takes the next portion; nothing: its data have not come.
  [[nodiscard]] std::optional<double> entry();
  // When `held`, the last portion that was taken, leaves; nothing: what of the next it waits for has not
  // come.
  [[nodiscard]] std::optional<double> leave(const StreamPortion& held) const;
  // It takes it in that cycle or later. What it writes leaves behind its end. Precondition: entry().
  const StreamPortion& take(double entry);
  // That portion's cycles and the gap before it. Precondition: entry().
  [[nodiscard]] std::uint32_t next_cycles() const {
    return list_[taken_].portion.gap + list_[taken_].portion.cycles;
  }
  [[nodiscard]] bool over() const { return taken_ == list_.size(); }
  [[nodiscard]] double free() const { return free_; }  // the core's end of the last portion
  [[nodiscard]] std::uint32_t beats_taken() const { return portion_begin_; }

 private:
  // How many beats may leave the FIFO when one has left the core, and when that is.
  struct Room {
    std::uint32_t beats;
    double at;
  };

  const std::vector<StreamChunk>& list_;
  const StreamTiming& timing_;
  const std::uint32_t depth_, burst_beats_;
  std::vector<double> returned_;  // by beat
  std::vector<Room> rooms_;
  std::vector<double> turns_;  // when the core has begun with the first request and has ended with each
  std::size_t asked_ = 0, taken_ = 0, requests_ = 0, room_ = 0;
  std::uint32_t beats_asked_ = 0, portion_begin_ = 0, taken_end_ = 0;
  double issued_, free_ = 0;
};

struct StreamWalk {
  const StreamTiming& timing;
  Client client = Client::kPdp;
  double read = 0;      // beats of the whole operation
  bool writes = false;  // `write_lag` cycles after the end of a portion
  double write_lag = 0;
  const memory::MemoryDescription* target = nullptr;  // through a port of its own; null: the same
};
struct StreamTimes {
  double end = 0;      // of the core's last portion
  double written = 0;  // the last beat; 0: none is followed
};
// Cycles from the first address on the bus.
[[nodiscard]] StreamTimes walk_stream(const StreamChunks& chunks, const StreamWalk& walk,
                                      const memory::MemoryDescription& memory,
                                      const HardwareParameters& hardware);

}  // namespace nvdla::amaix
