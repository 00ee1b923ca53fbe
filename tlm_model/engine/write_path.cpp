// SPDX-License-Identifier: Apache-2.0
#include "engine/write_path.h"

#include <algorithm>

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/write_link.h"
#include "operation/divide.h"

namespace nvdla::engine {

WritePath::WritePath(const HardwareParameters& hardware, Client client)
    : way_(paths::write_link(client, hardware.generation, hardware.master_rtl).cycles() +
           paths::write_bus(hardware.master_rtl).sum()),
      beat_bytes_(hardware.dbb_width_bytes),
      strips_(client == Client::kCdp),
      command_slots_(strips_ && hardware.generation != Generation::kV1),
      v1_(hardware.generation == Generation::kV1),
      waits_(client == Client::kSdp),
      link_(hardware.mcif_chunk_beats * hardware.dbb_width_bytes, hardware.dbb_width_bytes,
            paths::write_link(client, hardware.generation, hardware.master_rtl),
            paths::write_bus(hardware.master_rtl)) {}

void WritePath::chunk(const amaix::StreamRequest& request, bool begins, Cycle complete, Cycle pace) {
  if (!following_) return;
  if (begins) end();
  if (parts_.empty()) command_ = {request.space, request.address, 0};
  command_.bytes += request.bytes;
  const Cycle slots = command_slots_ ? static_cast<Cycle>(parts_.size()) : 0;
  parts_.push_back({command_.bytes, complete - way_ - slots, strips_ ? 1 : pace});
}

void WritePath::command(const amaix::StreamRequest& command, Cycle ready) {
  if (!following_) return;
  number_ = 0;
  pending_.push({command, ready});
  told_ = true;
}

void WritePath::datum(Cycle complete, Cycle pace) {
  if (!following_) return;
  pending_.push({});
  ++untaken_;
  if (v1_) {
    fifo_.offer(complete - way_ - 1);
  } else {
    fifos_.offer(number_++, complete - way_ - 1, pace);
  }
  told_ = true;
}

// The next item of SDP to the link. A beat out of the FIFOs is known to be the next when the one before has
// gone.
bool WritePath::offer() {
  if (pending_.empty() || offered_) return false;
  const Pending& next = pending_.front();
  if (next.command) {
    link_.command(0, *next.command, next.ready);
  } else {
    const std::optional<Cycle> shown = v1_ ? fifo_.offers() : fifos_.offers();
    if (!shown) return false;
    offered_ = true;
    link_.datum(0, *shown, 0);
  }
  pending_.pop();
  return true;
}

// Data are as wide as the bus from the command's first byte on.
void WritePath::end() {
  if (parts_.empty()) return;
  auto part = parts_.begin();
  for (std::uint32_t done = 0; done < command_.bytes;) {
    const bool first = done == 0;
    done = std::min(command_.bytes, done + beat_bytes_);
    while (part->end < done) ++part;
    const Cycle offered = part->complete - Cycle{ceil_div(part->end - done, beat_bytes_)} * part->pace;
    if (first) link_.command(0, command_, strips_ ? offered - 1 : 0);
    link_.datum(0, offered, 0);
  }
  parts_.clear();
  look();
}

void WritePath::left(MemorySpace space, Cycle at, bool last) {
  if (!following_) return;
  if (skipped_ > 0) {
    if (last) --skipped_;
    return;
  }
  left_[static_cast<std::size_t>(space)].push({at, last});
  told_ = true;
  if (!waits_) look();
}

void WritePath::settle() {
  if (told_) look();
}

void WritePath::look() {
  told_ = false;
  for (bool more = true; more;) {
    more = offer();
    while (const std::optional<amaix::WriteLink::Chunk> chunk = link_.next())
      ++waiting_[static_cast<std::size_t>(chunk->request.space)];
    for (const MemorySpace space : {MemorySpace::kCvsram, MemorySpace::kDbb}) {
      std::size_t& waiting = waiting_[static_cast<std::size_t>(space)];
      memory::RingBuffer<Left>& left = left_[static_cast<std::size_t>(space)];
      for (; waiting > 0 && !left.empty(); left.pop()) {
        link_.left(space, left.front().at, left.front().last);
        if (left.front().last) --waiting;
        more = true;
      }
    }
    if (hear()) more = true;
  }
}

// What the link has taken; whether there was a beat out of the FIFOs.
bool WritePath::hear() {
  bool more = false;
  while (const std::optional<amaix::WriteLink::Taken> taken = link_.taken()) {
    if (offered_ && !taken->command) {
      if (v1_) {
        fifo_.take(taken->at);
      } else {
        fifos_.take(taken->at);
      }
      offered_ = false;
      more = true;
    }
    if (!taken->command) {
      last_take_ = taken->at;
      if (untaken_ > 0) --untaken_;
    }
    stalled_ += stalled_cycles(*taken, taken_);
    taken_ = taken->at;
  }
  return more;
}

void WritePath::clear() {
  link_.clear();
  following_ = false;
  skipped_ = 0;
  parts_.clear();
  fifos_.clear();
  fifo_.clear();
  number_ = 0;
  pending_.clear();
  offered_ = told_ = false;
  untaken_ = 0;
  last_take_ = 0;
  left_ = {};
  waiting_ = {};
  taken_ = -1;
  stalled_ = 0;
}

}  // namespace nvdla::engine
