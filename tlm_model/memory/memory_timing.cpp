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
      beat_cost_(std::int64_t{bus_bytes} * std::int64_t{65536}),
      gain_(0),
      capacity_(0),
      tokens_(0) {
  if (bus_bytes == 0) throw std::invalid_argument("memory: the bus width must not be 0");
  check("memory", description);
  gain_ = static_cast<std::int64_t>(std::llround(description.bytes_per_cycle * kScale));
  capacity_ = beat_cost_ + gain_;
  tokens_ = capacity_;
}

void MemoryTiming::submit(std::uint64_t id, bool write, std::uint32_t beats, Cycle issued) {
  advance(issued - 1);  // beats of this very cycle still have to compete with the new request
  if (write) {
    writes_.push(WriteRequest{id, issued, beats, 0});
    return;
  }
  for (std::uint32_t first = 0; first < beats; first += kPieceBeats) {
    ReadPiece piece;
    piece.id = id;
    piece.issued = issued + first;
    piece.beats = std::min(kPieceBeats, beats - first);
    piece.last = first + piece.beats == beats;
    const bool others_wait = blocked_at_ != reads_.size();
    while (!others_wait && piece.accepted_beats < piece.beats && open_ < max_outstanding_) {
      piece.accepted[piece.accepted_beats] = piece.issued + piece.accepted_beats;
      ++piece.accepted_beats;
      ++open_;
    }
    reads_.push(piece);
    if (!others_wait && piece.accepted_beats == piece.beats) blocked_at_ = reads_.size();
  }
}

Cycle MemoryTiming::read_ready() const {
  if (reads_.empty()) return kNever;
  const ReadPiece& piece = reads_.front();  // its next beat is accepted: the limit is at least one
  return std::max(piece.accepted[piece.returned_beats] + latency_, last_read_ + 1);
}

Cycle MemoryTiming::write_ready() const {
  if (writes_.empty()) return kNever;
  const WriteRequest& request = writes_.front();
  return std::max(request.issued + request.taken, last_write_ + 1);
}

// The cycle in which the bucket has gained what `beats` beats cost in total.
Cycle MemoryTiming::tokens_for(std::uint64_t beats) const {
  const std::int64_t missing = static_cast<std::int64_t>(beats) * beat_cost_ - tokens_;
  return missing <= 0 ? filled_at_ : filled_at_ + (missing + gain_ - 1) / gain_;
}

void MemoryTiming::fill(Cycle at) {
  if (at <= filled_at_) return;
  // Bounded before the product, which could overflow after a long pause.
  const Cycle cycles = std::min<Cycle>(at - filled_at_, capacity_ / gain_ + 1);
  tokens_ = std::min(capacity_, tokens_ + gain_ * cycles);
  filled_at_ = at;
}

void MemoryTiming::accept_blocked(Cycle at) {
  while (blocked_at_ < reads_.size() && open_ < max_outstanding_) {
    ReadPiece& piece = reads_[blocked_at_];
    piece.accepted[piece.accepted_beats] = std::max(at, piece.issued + piece.accepted_beats);
    ++piece.accepted_beats;
    ++open_;
    if (piece.accepted_beats == piece.beats) ++blocked_at_;
  }
}

void MemoryTiming::return_read_beat(Cycle at) {
  ReadPiece& piece = reads_.front();
  tokens_ -= beat_cost_;
  last_read_ = at;
  if (request_began_ < 0) request_began_ = at;
  --open_;
  ++piece.returned_beats;
  const bool piece_done = piece.returned_beats == piece.beats;
  if (piece_done && piece.last) {
    move_acknowledges(at);
    const Cycle held = piece.accepted[piece.beats - 1] - (piece.issued + piece.beats - 1);
    done_.push(Completion{piece.id, false, at, at - request_began_, held});
    request_began_ = -1;
  }
  if (piece_done) {
    reads_.pop();
    --blocked_at_;  // the piece was accepted completely, so it lay before the mark
  }
  accept_blocked(at + 1);
}

void MemoryTiming::take_write_beat(Cycle at) {
  WriteRequest& request = writes_.front();
  tokens_ -= beat_cost_;
  last_write_ = at;
  ++request.taken;
  if (request.taken == request.beats) {
    acknowledges_.push(Completion{request.id, true, at + latency_, 0, 0});
    writes_.pop();
  }
}

void MemoryTiming::move_acknowledges(Cycle until) {
  while (!acknowledges_.empty() && acknowledges_.front().at <= until) {
    done_.push(acknowledges_.front());
    acknowledges_.pop();
  }
}

void MemoryTiming::advance(Cycle until) {
  for (;;) {
    const Cycle read = read_ready();
    const Cycle write = write_ready();
    const Cycle first = std::min(read, write);
    if (first == kNever) break;
    const Cycle at = std::max({first, clock_, tokens_for(1)});
    if (at > until) break;
    fill(at);
    clock_ = at;
    const bool both = read <= at && write <= at;
    if (both && tokens_ >= 2 * beat_cost_) {
      return_read_beat(at);
      take_write_beat(at);
    } else if (both ? !read_was_last_ : read <= at) {
      return_read_beat(at);
      read_was_last_ = true;
    } else {
      take_write_beat(at);
      read_was_last_ = false;
    }
  }
  clock_ = std::max(clock_, until);
  move_acknowledges(until);
}

Cycle MemoryTiming::next() const {
  if (!done_.empty()) return done_.front().at;
  Cycle bound = acknowledges_.empty() ? kNever : acknowledges_.front().at;
  if (!reads_.empty()) {
    const ReadPiece& piece = reads_.front();
    const Cycle left = piece.beats - piece.returned_beats;
    Cycle last = read_ready() + left - 1;
    if (piece.accepted_beats == piece.beats)
      last = std::max(last, piece.accepted[piece.beats - 1] + latency_);
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

bool MemoryTiming::pop(Completion& completion) {
  if (done_.empty()) return false;
  completion = done_.front();
  done_.pop();
  return true;
}

}  // namespace nvdla::memory
