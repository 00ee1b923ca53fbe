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
      asked_(client == Client::kSdp && hardware.master_rtl),
      link_(hardware.mcif_chunk_beats * hardware.dbb_width_bytes, hardware.dbb_width_bytes,
            paths::write_link(client, hardware.generation, hardware.master_rtl),
            paths::write_bus(hardware.master_rtl)) {}

void WritePath::chunk(const amaix::StreamRequest& request, bool begins, Cycle complete, Cycle pace) {
  if (!following_) return;
  if (ahead_) {
    come_ += request.bytes;
    feed(come_, complete - way_, pace);
    return;
  }
  if (begins) end();
  if (parts_.empty()) command_ = {request.space, request.address, 0};
  command_.bytes += request.bytes;
  const Cycle slots = command_slots_ ? static_cast<Cycle>(parts_.size()) : 0;
  parts_.push_back({command_.bytes, complete - way_ - slots, strips_ ? 1 : pace});
}

void WritePath::command(const amaix::StreamRequest& command) {
  if (!following_) return;
  ahead_ = true;
  command_ = command;
  fed_ = come_ = 0;
  link_.command(0, command, 0);
  settle();
}

void WritePath::feed(std::uint32_t bytes, Cycle complete, Cycle pace) {
  while (fed_ + beat_bytes_ <= bytes || (bytes == command_.bytes && fed_ < bytes)) {
    const std::uint32_t number = fed_ / beat_bytes_;
    fed_ = std::min(command_.bytes, fed_ + beat_bytes_);
    const Cycle offered = complete - Cycle{ceil_div(bytes - fed_, beat_bytes_)} * pace;
    link_.datum(0, offered, 0);
    if (!asked_) continue;
    fifos_.offer(number, offered - 1, pace);
    ++untaken_;
  }
  settle();
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
  settle();
}

void WritePath::left(MemorySpace space, Cycle at, bool last) {
  if (!following_) return;
  if (skipped_ > 0) {
    if (last) --skipped_;
    return;
  }
  left_[static_cast<std::size_t>(space)].push({at, last});
  settle();
}

void WritePath::settle() {
  for (bool more = true; more;) {
    more = false;
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
  }
  while (const std::optional<amaix::WriteLink::Taken> taken = link_.taken()) {
    if (asked_ && !taken->command) {
      fifos_.take(taken->at);
      last_take_ = taken->at;
      --untaken_;
    }
    stalled_ += stalled_cycles(*taken, taken_);
    taken_ = taken->at;
  }
}

void WritePath::clear() {
  link_.clear();
  following_ = false;
  skipped_ = 0;
  parts_.clear();
  ahead_ = false;
  untaken_ = 0;
  fifos_.clear();
  last_take_ = 0;
  left_ = {};
  waiting_ = {};
  taken_ = -1;
  stalled_ = 0;
}

}  // namespace nvdla::engine
