// SPDX-License-Identifier: Apache-2.0
// Timing of one memory port, without SystemC: the memory behind the recordings.
//
// - A read burst is accepted in the cycle of its request while fewer than `max_outstanding` read bursts are
//   open, that is, have not returned their last beat; otherwise in the cycle after that of another one has.
//   Its beats are ready `latency` cycles after acceptance.
// - Read beats return in the order of requests, at most one a cycle.
// - A write beat is offered in the cycle of its request, at most one is taken a cycle, in order. A write
//   burst is acknowledged `latency` cycles after its last beat was taken.
// - Bandwidth: a bucket gains `bytes_per_cycle` each cycle and holds one beat and one cycle's gain (two
//   beats on a full-rate port). Every read or write beat takes one bus width from it. When both wait, both
//   move if it holds more than two beats; otherwise the one whose turn it is, and the turn changes. It begins
//   with the read, and a beat that moves while nobody else waits does not change it. The size is measured:
//   with 64-byte beats, two beats out of an idle memory came 3 cycles apart at 16 bytes a cycle and 7 apart
//   at 8 (SDP_RDMA rows of the recordings with L128_B16 and L20_B8).
//
// Time: beat i of a request is requested in cycle `issued + i`; of a burst of several the first counts. Work
// is per beat, or per row of beats that follow cycle by cycle, done lazily, no matter how many cycles pass.
// Limits: no banks, rows or refresh. The gain is rounded to 1/65536 byte a cycle.
#pragma once

#include <array>
#include <cstdint>

#include "hardware/types.h"
#include "memory/description.h"
#include "memory/ring_buffer.h"

namespace nvdla::memory {

class MemoryTiming {
 public:
  struct Completion {
    std::uint64_t id = 0;
    bool write = false;
    Cycle at = 0;    // last read beat, or write acknowledge
    Cycle span = 0;  // cycles from the first read beat to the last
    Cycle held = 0;  // cycles that its last read beat waited for acceptance
    // Of a read whose beats complete on their own: so many in a row, one a cycle and held as long; `at` is
    // the last one's.
    std::uint32_t beats = 1;
  };

  // bus_bytes: one beat. Throws std::invalid_argument for a parameter out of range.
  MemoryTiming(const memory::MemoryDescription& description, std::uint32_t bus_bytes);

  // For write_room(): the registers in front of the bus and the beats of a chunk (at most 3 + 16).
  static constexpr std::uint32_t kMostAhead = 31;
  // beats > 0. Calls in order of `issued`. True: the request is the first open one of its direction, so
  // next() may name an earlier cycle than before.
  bool submit(std::uint64_t id, bool write, std::uint32_t beats, Cycle issued);
  // A read that follows others which no other request comes between; `issued` may lie ahead. next() does not
  // name its completion unless tell_last() follows. each_beat: every beat completes on its own.
  void submit_in_run(std::uint64_t id, std::uint32_t beats, Cycle issued, bool each_beat);
  // next() is to name the completion of the read that was submitted last.
  void tell_last();
  // next() is to name every completion again, of every beat that completes on its own.
  void tell_all();
  // The first cycle in which no more than `ahead` of the write beats submitted so far wait to be taken: exact
  // up to `now`, a lower bound behind it; 0 where it lies long back. ahead <= kMostAhead.
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now);
  // While fewer read bursts are open, one more is accepted when it comes.
  [[nodiscard]] std::uint32_t open_reads() const { return static_cast<std::uint32_t>(max_outstanding_); }
  // The first cycle, not before `from`, in which at most `ahead` bursts of the reads submitted so far have
  // not been accepted: a lower bound, exact when it is `from`, which is at most the present.
  [[nodiscard]] Cycle read_room(std::uint32_t ahead, Cycle from);
  // The same for beats of reads that have not returned; `from` lies at most kMostBack cycles back.
  static constexpr std::uint32_t kMostBack = 4;
  [[nodiscard]] Cycle read_return(std::uint32_t ahead, Cycle from);
  // The port moves less than a beat a cycle.
  [[nodiscard]] bool spreads_beats() const { return gain_ < beat_cost_; }
  // No completion happens before this cycle without a further submit; kNever when nothing is open.
  [[nodiscard]] Cycle next() const;
  // Moves beats up to and including cycle `until`.
  void advance(Cycle until);
  // The next completion at or before the last advance, in order of time. False: none.
  bool pop(Completion& completion) {
    if (done_.empty()) return false;
    completion = done_.front();
    done_.pop();
    return true;
  }
  // The completions that follow as far as they are of the read `id`, each handed to take(completion).
  template <typename Take>
  void pop_beats(std::uint64_t id, Take take) {
    for (; !done_.empty() && done_.front().id == id && !done_.front().write; done_.pop()) take(done_.front());
  }

  [[nodiscard]] bool idle() const {
    return reads_.empty() && writes_.empty() && acknowledges_.empty() && done_.empty();
  }

 private:
  // A request that is accepted as it comes is one piece, another one has pieces of at most so many bursts.
  static constexpr std::uint32_t kPieceBursts = 8;
  struct ReadPiece {
    std::uint64_t id = 0;
    Cycle issued = 0;
    std::uint32_t beats = 0;
    std::uint32_t accepted_beats = 0;
    std::uint32_t returned_beats = 0;
    bool last = false;                           // of its request
    bool quiet = false;                          // next() does not name it
    bool each_beat = false;                      // every beat completes on its own
    bool tell_each = false;                      // and next() names it
    bool at_once = false;                        // beat i is accepted in cycle issued + i
    std::array<Cycle, kPieceBursts> accepted{};  // of its bursts
  };
  struct WriteRequest {
    std::uint64_t id = 0;
    Cycle issued = 0;
    std::uint32_t beats = 0;
    std::uint32_t taken = 0;
  };

  void push_read(std::uint64_t id, std::uint32_t beats, Cycle issued, bool quiet, bool each_beat);
  // Of an accepted beat.
  [[nodiscard]] Cycle accepted_at(const ReadPiece& piece, std::uint32_t beat) const {
    if (piece.at_once) return piece.issued + Cycle{beat};
    if (burst_beats_ == 1) return piece.accepted[beat];
    return piece.accepted[beat / burst_beats_] + Cycle{beat % burst_beats_};
  }
  [[nodiscard]] std::uint32_t bursts_of(std::uint32_t beats) const {
    return burst_beats_ == 1 ? beats : (beats + burst_beats_ - 1) / burst_beats_;
  }
  // Of the first `beats` of a piece, those that have returned.
  [[nodiscard]] std::uint32_t closed(const ReadPiece& piece, std::uint32_t beats) const {
    return beats == piece.beats || burst_beats_ == 1 ? bursts_of(beats) : beats / burst_beats_;
  }
  // Moves read beats while no write waits, up to and including cycle `until`.
  void move_reads(Cycle until);
  [[nodiscard]] Cycle read_ready() const;
  [[nodiscard]] Cycle write_ready() const;
  [[nodiscard]] Cycle tokens_for(std::uint64_t beats) const;
  void fill(Cycle at);
  void accept_blocked(Cycle at);
  void return_read_beat(ReadPiece& piece, Cycle at);
  void returned(Cycle last, std::uint32_t beats);
  void leave(const ReadPiece& piece, Cycle at);
  void complete_read(const ReadPiece& piece, std::uint32_t beat, Cycle at, std::uint32_t row = 1);
  bool move_whole(const ReadPiece& piece, Cycle until);
  bool move_piece(ReadPiece& piece, Cycle until);
  void take_write_beat(Cycle at);
  void move_acknowledges(Cycle until);

  Cycle latency_;
  std::uint64_t max_outstanding_;
  std::uint32_t burst_beats_;
  std::int64_t beat_cost_, gain_, capacity_;  // in 1/65536 byte
  Cycle full_after_ = 0;                      // an empty bucket is full

  std::int64_t tokens_;
  Cycle filled_at_ = 0;
  Cycle clock_ = 0;  // beats are moved up to here
  Cycle last_read_ = -1, last_write_ = -1;
  Cycle request_began_ = -1;  // first beat of the read request that returns now; -1: none yet
  bool read_was_last_ = false;
  std::uint64_t untaken_ = 0;                     // write beats
  std::array<Cycle, kMostAhead + 1> taken_at_{};  // the last that were taken, by number
  std::uint64_t taken_ = 0;
  std::uint64_t open_ = 0;        // accepted read bursts that have not returned
  std::uint64_t unreturned_ = 0;  // beats of reads
  struct Row {
    Cycle last = -1;
    std::uint32_t beats = 0;  // one a cycle
  };
  std::array<Row, kMostBack> returned_{};  // the last that have, by number
  std::uint32_t rows_ = 0;                 // modulo 2^32
  std::size_t blocked_at_ = 0;  // index in reads_ of the first piece that is not accepted completely

  RingBuffer<ReadPiece> reads_;
  RingBuffer<WriteRequest> writes_;
  RingBuffer<Completion> acknowledges_;
  RingBuffer<Completion> done_;
};

}  // namespace nvdla::memory
