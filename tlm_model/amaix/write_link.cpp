// SPDX-License-Identifier: Apache-2.0
#include "amaix/write_link.h"

#include <algorithm>

#include "operation/divide.h"

namespace nvdla::amaix {

WriteLink::WriteLink(std::uint32_t unit_bytes, std::uint32_t beat_bytes, const paths::WriteLinkStages& stages,
                     const paths::Path& bus)
    : unit_bytes_(unit_bytes), beat_bytes_(beat_bytes), stages_(&stages), bus_(bus.sum()) {}

void WriteLink::command(std::uint64_t tag, const StreamRequest& request, Cycle ready) {
  if (!ports_) ports_ = {Port(*stages_), Port(*stages_)};
  items_.push({tag, true, request, ready, 0});
  advance();
}

void WriteLink::datum(std::uint64_t tag, Cycle ready, std::uint32_t read_beats) {
  items_.push({tag, false, {}, ready, read_beats});
  advance();
}

void WriteLink::granted(MemorySpace space, Cycle at) {
  if (!ports_) return;
  Port& port = this->port(space);
  if (port.waiting.empty()) return;
  for (std::uint32_t beat = 0; beat < port.waiting.front(); ++beat) port.gone.add(at - bus_ + beat);
  port.chunk_gone.add(port.gone.last());
  port.waiting.pop();
  advance();
}

void WriteLink::left(MemorySpace space, Cycle at, bool last) {
  if (!ports_) return;
  Port& port = this->port(space);
  if (port.waiting.empty()) return;
  port.gone.add(at);
  if (last) {
    port.chunk_gone.add(at);
    port.waiting.pop();
  }
  advance();
}

std::optional<WriteLink::Chunk> WriteLink::next() {
  if (chunks_.empty()) return std::nullopt;
  const Chunk chunk = chunks_.front();
  chunks_.pop();
  return chunk;
}

std::optional<WriteLink::Taken> WriteLink::taken() {
  if (taken_.empty()) return std::nullopt;
  const Taken taken = taken_.front();
  taken_.pop();
  return taken;
}

void WriteLink::advance() {
  for (bool moved = true; moved;) {
    moved = false;
    for (Port& port : *ports_) {
      for (bool more = !port.items.empty() || port.rest.bytes > 0; more;) {
        const bool on_link = move(port), entered = enter(port), passed = pass(port);
        more = on_link || entered || passed;
        moved = moved || more;
      }
    }
    while (offer()) moved = true;
  }
}

bool WriteLink::offer() {
  if (items_.empty()) return false;
  const Item& item = items_.front();
  if (item.command) space_ = item.request.space;
  Port& port = this->port(space_);
  const std::optional<Cycle> at = port.link.front().takes(std::max(last_offered_ + 1, item.ready));
  if (!at) return false;
  last_offered_ = *at;
  port.link.front().take(*at);
  taken_.push({item.tag, item.command, item.ready, *at, item.read_beats, space_, port.held});
  port.items.push(item);
  items_.pop();
  return true;
}

// From one stage of the link to the next: what finds all of them free goes all the way.
bool WriteLink::move(Port& port) {
  bool moved = false;
  for (std::size_t i = 1; i < port.link.size(); ++i) {
    PipeStage &from = port.link[i - 1], &to = port.link[i];
    if (from.left() == from.taken()) continue;
    const std::optional<Cycle> offered = from.offers(from.left());
    if (!offered) continue;
    const std::optional<Cycle> at = to.takes(*offered);
    if (!at) continue;
    from.leave(*at);
    to.take(*at);
    moved = true;
  }
  return moved;
}

// What the last stage offers.
bool WriteLink::enter(Port& port) {
  PipeStage& last = port.link.back();
  if (last.left() == last.taken()) return false;
  const std::optional<Cycle> offered = last.offers(last.left());
  if (!offered) return false;
  const Item& item = port.items.front();
  Cycle at = *offered;
  if (item.command) {
    if (port.rest.bytes > 0) return false;
    at = std::max(at, port.passed.last());
    port.tag = item.tag;
    port.rest = item.request;
    port.data_left = ceil_div(item.request.bytes, beat_bytes_);
    port.data_end = port.fifo.taken() + port.data_left;
    port.halved = item.request.address % beat_bytes_ != 0;
    port.command_entered = at;
  } else {
    const std::optional<Cycle> taken = port.fifo.takes(at);
    if (!taken) return false;
    at = *taken;
    port.fifo.take(at);
  }
  last.leave(at);
  port.items.pop();
  return true;
}

bool WriteLink::pass(Port& port) {
  StreamRequest& rest = port.rest;
  if (rest.bytes == 0) return false;
  // A command that begins inside a beat of the bus leaves the end of its last datum to a beat of its own.
  const bool datum = port.data_left > 0;
  std::optional<Cycle> come;
  if (datum && port.data_read < port.fifo.taken()) come = port.fifo.offers(port.data_read);
  if (datum && !come) return false;
  const bool first = port.chunk_beats == 0;  // the command of the chunk passes before
  const std::optional<Cycle> room = port.gone.room(port.passed.count(), stages_->arbiter_beats.cycles(), 1);
  const std::optional<Cycle> command_room =
      first
          ? port.chunk_gone.room(port.chunks, stages_->arbiter_commands.cycles(), stages_->command_back.sum())
          : std::optional<Cycle>(0);
  if (!room || !command_room) return false;
  Cycle at = port.passed.last() + 1;
  if (first) {
    at = std::max(at, port.command_entered + 1) + 1;
    port.chunk_begin = rest.address;
  }
  if (come) at = std::max(at, *come);
  const Cycle granted = std::max(*room, *command_room + (first ? 1 : 0));
  port.held = granted > at || (port.held && !first);
  at = std::max(at, granted);
  if (datum) {
    ++port.data_read;
    --port.data_left;
  }
  // Half of a datum goes with the next beat when the command begins inside a beat.
  const bool frees = !port.halved || port.half_waits || !port.fifo_holds;
  port.half_waits = true;
  if (frees && port.fifo.left() < port.data_read) port.fifo.leave(at);
  port.passed.add(at);
  ++port.chunk_beats;
  const auto bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(rest.bytes, beat_bytes_ - rest.address % beat_bytes_));
  rest.address += bytes;
  rest.bytes -= bytes;
  if (rest.bytes == 0) {
    port.half_waits = false;
    if (port.fifo.left() < port.data_end) port.fifo.leave(at);
  } else if (rest.address % unit_bytes_ != 0) {
    return true;
  }
  chunks_.push({port.tag,
                {rest.space, port.chunk_begin, static_cast<std::uint32_t>(rest.address - port.chunk_begin)},
                at + stages_->arbiter.sum() + bus_});
  ++port.chunks;
  port.waiting.push(port.chunk_beats);
  port.chunk_beats = 0;
  return true;
}

void WriteLink::clear() {
  ports_.reset();
  items_.clear();
  space_ = MemorySpace::kDbb;
  last_offered_ = -1;
  chunks_.clear();
  taken_.clear();
}

}  // namespace nvdla::amaix
