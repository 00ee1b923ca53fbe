// SPDX-License-Identifier: Apache-2.0
#include "memory/memory_timing.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace nvdla::memory {
namespace {

constexpr double kScale = 65536.0;

}  // namespace

MemoryTiming::MemoryTiming(const memory::MemoryDescription& description, std::uint32_t bus_bytes)
    : latency_(description.latency),
      max_outstanding_(description.max_outstanding),
      burst_beats_(description.burst_beats),
      beat_cost_(std::int64_t{bus_bytes} * std::int64_t{65536}),
      gain_(0),
      capacity_(0),
      tokens_(0) {
  if (bus_bytes == 0) throw std::invalid_argument("memory: the bus width must not be 0");
  check("memory", description);
  gain_ = static_cast<std::int64_t>(std::llround(description.bytes_per_cycle * kScale));
  capacity_ = beat_cost_ + gain_;
  full_after_ = capacity_ / gain_ + 1;
  tokens_ = capacity_;
}

bool MemoryTiming::submit(std::uint64_t id, bool write, std::uint32_t beats, Cycle issued) {
  // Beats of this very cycle still have to compete with the new request. A read that finds room whatever has
  // returned by then needs not wait for them to move.
  const bool finds_room =
      !write && blocked_at_ == reads_.size() && open_ + bursts_of(beats) <= max_outstanding_;
  if (!finds_room) advance(issued - 1);
  const bool first = write ? writes_.empty() : reads_.empty();
  if (write) {
    writes_.push(WriteRequest{id, issued, beats, 0});
    untaken_ += beats;
  } else {
    push_read(id, beats, issued, false, false);
  }
  return first;
}

void MemoryTiming::submit_in_run(std::uint64_t id, std::uint32_t beats, Cycle issued, bool each_beat) {
  push_read(id, beats, issued, true, each_beat);
}

void MemoryTiming::tell_last() { reads_[reads_.size() - 1].quiet = false; }

void MemoryTiming::tell_all() {
  for (std::size_t i = 0; i < reads_.size(); ++i) {
    reads_[i].quiet = false;
    reads_[i].tell_each = reads_[i].each_beat;
  }
}

void MemoryTiming::push_read(std::uint64_t id, std::uint32_t beats, Cycle issued, bool quiet,
                             bool each_beat) {
  const auto append = [&](std::uint32_t first, std::uint32_t count) -> ReadPiece& {
    ReadPiece& piece = reads_.append();
    piece.id = id;
    piece.issued = issued + first;
    piece.beats = count;
    piece.last = first + count == beats;
    piece.quiet = quiet;
    piece.each_beat = each_beat;
    piece.tell_each = false;
    piece.returned_beats = 0;
    return piece;
  };
  unreturned_ += beats;
  if (blocked_at_ == reads_.size() && open_ + bursts_of(beats) <= max_outstanding_) {
    ReadPiece& piece = append(0, beats);
    piece.at_once = true;
    piece.accepted_beats = beats;
    open_ += bursts_of(beats);
    blocked_at_ = reads_.size();
    return;
  }
  const std::uint32_t piece_beats = kPieceBursts * burst_beats_;
  for (std::uint32_t first = 0; first < beats; first += piece_beats) {
    const bool others_wait = blocked_at_ != reads_.size();
    ReadPiece& piece = append(first, std::min(piece_beats, beats - first));
    piece.at_once = false;
    const std::uint64_t room = others_wait ? 0 : max_outstanding_ - open_;
    const auto bursts = static_cast<std::uint32_t>(std::min<std::uint64_t>(bursts_of(piece.beats), room));
    for (std::uint32_t burst = 0; burst < bursts; ++burst)
      piece.accepted[burst] = piece.issued + Cycle{burst} * burst_beats_;
    piece.accepted_beats = std::min(piece.beats, bursts * burst_beats_);
    open_ += bursts;
    if (!others_wait && piece.accepted_beats == piece.beats) blocked_at_ = reads_.size();
  }
}

inline Cycle MemoryTiming::read_ready() const {
  if (reads_.empty()) return kNever;
  const ReadPiece& piece = reads_.front();  // its next beat is accepted: the limit is at least one
  return std::max(accepted_at(piece, piece.returned_beats) + latency_, last_read_ + 1);
}

inline Cycle MemoryTiming::write_ready() const {
  if (writes_.empty()) return kNever;
  const WriteRequest& request = writes_.front();
  return std::max(request.issued + request.taken, last_write_ + 1);
}

// The cycle in which the bucket has gained what `beats` beats cost in total.
inline Cycle MemoryTiming::tokens_for(std::uint64_t beats) const {
  const std::int64_t missing = static_cast<std::int64_t>(beats) * beat_cost_ - tokens_;
  return missing <= 0 ? filled_at_ : filled_at_ + (missing + gain_ - 1) / gain_;
}

inline void MemoryTiming::fill(Cycle at) {
  if (at <= filled_at_) return;
  // Bounded before the product, which could overflow after a long pause.
  const Cycle cycles = std::min<Cycle>(at - filled_at_, full_after_);
  tokens_ = std::min(capacity_, tokens_ + gain_ * cycles);
  filled_at_ = at;
}

void MemoryTiming::accept_blocked(Cycle at) {
  while (blocked_at_ < reads_.size() && open_ < max_outstanding_) {
    ReadPiece& piece = reads_[blocked_at_];
    piece.accepted[piece.accepted_beats / burst_beats_] = std::max(at, piece.issued + piece.accepted_beats);
    piece.accepted_beats = std::min(piece.beats, piece.accepted_beats + burst_beats_);
    ++open_;
    if (piece.accepted_beats == piece.beats) ++blocked_at_;
  }
}

// `row`: beats, the last of which is `beat`.
inline void MemoryTiming::complete_read(const ReadPiece& piece, std::uint32_t beat, Cycle at,
                                        std::uint32_t row) {
  if (!acknowledges_.empty()) move_acknowledges(at);
  Completion& done = done_.append();
  done.id = piece.id;
  done.write = false;
  done.at = at;
  done.span = at - request_began_;
  done.held = accepted_at(piece, beat) - (piece.issued + beat);
  done.beats = row;
  request_began_ = -1;
}

// So many beats, one a cycle.
inline void MemoryTiming::returned(Cycle last, std::uint32_t beats) {
  unreturned_ -= beats;
  returned_[++rows_ % kMostBack] = {last, beats};
}

// Of the front piece; one that is done still has to leave the queue.
inline void MemoryTiming::return_read_beat(ReadPiece& piece, Cycle at) {
  fill(at);
  clock_ = at;
  tokens_ -= beat_cost_;
  last_read_ = at;
  if (request_began_ < 0) request_began_ = at;
  const std::uint32_t beat = piece.returned_beats++;
  open_ -= closed(piece, piece.returned_beats) - closed(piece, beat);
  returned(at, 1);
  if (piece.each_beat || (piece.last && piece.returned_beats == piece.beats)) {
    complete_read(piece, beat, at);
  }
}

inline void MemoryTiming::leave(const ReadPiece& piece, Cycle at) {
  if (piece.returned_beats == piece.beats) {
    reads_.pop();
    --blocked_at_;  // the piece was accepted completely, so it lay before the mark
  }
  if (blocked_at_ != reads_.size()) accept_blocked(at + 1);
}

void MemoryTiming::take_write_beat(Cycle at) {
  WriteRequest& request = writes_.front();
  tokens_ -= beat_cost_;
  last_write_ = at;
  ++request.taken;
  --untaken_;
  taken_at_[taken_++ % taken_at_.size()] = at;
  if (request.taken == request.beats) {
    acknowledges_.push(Completion{request.id, true, at + latency_, 0, 0, 1});
    writes_.pop();
  }
}

void MemoryTiming::move_acknowledges(Cycle until) {
  while (!acknowledges_.empty() && acknowledges_.front().at <= until) {
    done_.push(acknowledges_.front());
    acknowledges_.pop();
  }
}

void MemoryTiming::move_reads(Cycle until) {
  while (!reads_.empty()) {
    ReadPiece& piece = reads_.front();
    if (blocked_at_ != reads_.size()) {  // every beat that returns lets another one in
      // With tokens for a beat, filled_at_ is no later than clock_.
      const Cycle enough = tokens_ < beat_cost_ ? tokens_for(1) : clock_;
      const Cycle at = std::max({read_ready(), clock_, enough});
      if (at > until) return;
      return_read_beat(piece, at);
      leave(piece, at);
    } else if (!move_whole(piece, until) && !move_piece(piece, until)) {
      return;
    }
  }
}

// What most pieces do: it was accepted as it came, and all of it returns by `until`, beat after beat, since
// the bucket is full again before each. False: not so, nothing has moved.
inline bool MemoryTiming::move_whole(const ReadPiece& piece, Cycle until) {
  if (!piece.at_once || piece.each_beat || piece.returned_beats > 0) return false;
  if (tokens_ != gain_ || gain_ < beat_cost_) return false;
  const Cycle begin = std::max({piece.issued + latency_, last_read_ + 1, clock_});
  const Cycle end = begin + piece.beats - 1;
  if (end > until) return false;
  last_read_ = clock_ = filled_at_ = end;
  request_began_ = begin;
  returned(end, piece.beats);
  open_ -= bursts_of(piece.beats);
  complete_read(piece, piece.beats - 1, end);
  reads_.pop();
  --blocked_at_;
  return true;
}

// The same for all beats of the front piece, kept out of memory meanwhile. False: some have to wait.
inline bool MemoryTiming::move_piece(ReadPiece& piece, Cycle until) {
  Cycle last = last_read_, clock = clock_, filled = filled_at_;
  std::int64_t tokens = tokens_;
  std::uint32_t beat = piece.returned_beats;
  // With a gain of a beat each cycle and beats that were accepted a cycle apart or closer, the first one that
  // returns lets the others follow cycle by cycle. Where each beat completes they must have waited as long to
  // be accepted, and no acknowledge may come between them.
  const auto follow = [&] {
    if (piece.each_beat && !acknowledges_.empty()) return false;
    if (piece.at_once) return true;
    const Cycle begin = accepted_at(piece, beat) - beat;
    for (std::uint32_t next = beat + 1; next < piece.beats; ++next) {
      const Cycle other = accepted_at(piece, next) - next;
      if (other > begin || (piece.each_beat && other != begin)) return false;
    }
    return true;
  };
  const bool full_rate = gain_ >= beat_cost_;
  for (; beat < piece.beats; ++beat) {
    Cycle at = std::max({accepted_at(piece, beat) + latency_, last + 1, clock});
    if (full_rate && tokens == gain_) {  // the bucket is full again before the next beat: tokens stay
      if (at > until) break;
    } else {
      if (tokens < beat_cost_) at = std::max(at, filled + (beat_cost_ - tokens + gain_ - 1) / gain_);
      if (at > until) break;
      tokens = std::min(capacity_, tokens + gain_ * std::min(at - filled, full_after_)) - beat_cost_;
    }
    last = clock = filled = at;
    if (request_began_ < 0) request_began_ = at;
    std::uint32_t row = 1;
    if (full_rate && follow()) {
      const Cycle more = std::min<Cycle>(piece.beats - 1 - beat, until - at);
      beat += static_cast<std::uint32_t>(more);
      last = clock = filled = at + more;
      tokens = std::min(gain_, tokens + more * (gain_ - beat_cost_));
      row += static_cast<std::uint32_t>(more);
    }
    returned(last, row);
    if (piece.each_beat) {
      complete_read(piece, beat, last, row);
    } else if (piece.last && beat + 1 == piece.beats) {
      complete_read(piece, beat, last);
    }
  }
  if (beat == piece.returned_beats) return false;
  last_read_ = last;
  clock_ = clock;
  filled_at_ = filled;
  tokens_ = tokens;
  open_ -= closed(piece, beat) - closed(piece, piece.returned_beats);
  piece.returned_beats = beat;
  if (beat < piece.beats) return false;
  leave(piece, last);
  return true;
}

void MemoryTiming::advance(Cycle until) {
  for (;;) {
    if (writes_.empty()) {
      move_reads(until);
      break;
    }
    const Cycle read = read_ready();
    const Cycle write = write_ready();
    const Cycle at = std::max({std::min(read, write), clock_, tokens_for(1)});
    if (at > until) break;
    fill(at);
    clock_ = at;
    const bool both = read <= at && write <= at;
    const bool two = both && tokens_ > 2 * beat_cost_;
    const bool reads = two || (both ? !read_was_last_ : read <= at);
    if (reads) {
      ReadPiece& piece = reads_.front();
      return_read_beat(piece, at);
      leave(piece, at);
    }
    if (two || !reads) take_write_beat(at);
    if (both && !two) {
      read_was_last_ = reads;
      clock_ = at + 1;  // the other one waits, even if it would fit
    }
  }
  clock_ = std::max(clock_, until);
  if (!acknowledges_.empty()) move_acknowledges(until);
}

Cycle MemoryTiming::write_room(std::uint32_t ahead, Cycle now) {
  if (untaken_ > ahead) advance(now - 1);
  if (untaken_ <= ahead) {
    const std::uint64_t number = taken_ + untaken_;
    return number > ahead ? taken_at_[(number - 1 - ahead) % taken_at_.size()] + 1 : 0;
  }
  const std::uint64_t wanted = untaken_ - ahead;
  const Cycle last = write_ready() + static_cast<Cycle>(wanted) - 1;
  return std::max({last, clock_, tokens_for(wanted), now}) + 1;
}

Cycle MemoryTiming::read_room(std::uint32_t ahead, Cycle from) {
  advance(from - 1);
  // The last one that must have been accepted, counted from the end.
  std::size_t piece = reads_.size();
  std::uint32_t left = ahead;
  while (piece > 0 && left >= bursts_of(reads_[piece - 1].beats)) left -= bursts_of(reads_[--piece].beats);
  if (piece == 0) return from;
  const ReadPiece& last = reads_[piece - 1];
  const std::uint32_t burst = bursts_of(last.beats) - 1 - left, accepted = bursts_of(last.accepted_beats);
  if (burst < accepted) return std::max(from, accepted_at(last, burst * burst_beats_));
  // As many have to return first as wait in front of it.
  std::uint64_t waiting = burst + 1 - accepted;
  for (std::size_t before = blocked_at_; before + 1 < piece; ++before)
    waiting += bursts_of(reads_[before].beats) - bursts_of(reads_[before].accepted_beats);
  const Cycle returned = read_ready() + static_cast<Cycle>(waiting) - 1;
  return std::max({returned, clock_, tokens_for(waiting), from}) + 1;
}

Cycle MemoryTiming::read_return(std::uint32_t ahead, Cycle from) {
  advance(from - 1);
  if (unreturned_ <= ahead) {
    // As many beats have returned since the last that has to.
    std::uint64_t since = ahead - unreturned_;
    for (std::uint32_t row = 0; row < kMostBack; ++row) {
      const Row& of = returned_[(rows_ - row) % kMostBack];
      if (since < of.beats) return std::max(from, of.last - static_cast<Cycle>(since) + 1);
      since -= of.beats;
    }
    return from;
  }
  const std::uint64_t waiting = unreturned_ - ahead;
  const Cycle returned = read_ready() + static_cast<Cycle>(waiting) - 1;
  return std::max({returned, clock_, tokens_for(waiting), from}) + 1;
}

Cycle MemoryTiming::next() const {
  if (!done_.empty()) return done_.front().at;
  Cycle bound = acknowledges_.empty() ? kNever : acknowledges_.front().at;
  if (!reads_.empty()) {
    // The first that is to be named, and the beats up to its last one.
    std::size_t index = 0;
    Cycle left = reads_[0].beats - reads_[0].returned_beats;
    while (reads_[index].quiet && index + 1 < reads_.size()) left += reads_[++index].beats;
    const ReadPiece& piece = reads_[index];
    if (piece.tell_each) left = 1;
    Cycle last = read_ready() + left - 1;
    if (!piece.at_once && piece.accepted_beats == piece.beats && !piece.tell_each)
      last = std::max(last, accepted_at(piece, piece.beats - 1) + latency_);
    bound = std::min(bound, std::max({last, clock_, tokens_for(static_cast<std::uint64_t>(left))}));
  }
  if (!writes_.empty()) {
    const WriteRequest& request = writes_.front();
    const Cycle left = request.beats - request.taken;
    const Cycle taken =
        std::max({write_ready() + left - 1, clock_, tokens_for(static_cast<std::uint64_t>(left))});
    bound = std::min(bound, taken + latency_);
  }
  return bound;
}

}  // namespace nvdla::memory
