// SPDX-License-Identifier: Apache-2.0
#include "amaix/write_link.h"

#include <algorithm>

#include "hardware/paths/movers.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {
constexpr Cycle kLink = paths::kWriteLink.sum();
constexpr Cycle kSplit = paths::kWriteSplit.sum();
constexpr Cycle kArbiter = paths::kWriteArbiter.sum();
constexpr Cycle kBus = paths::kWriteBus.sum();
constexpr std::uint64_t kLinkItems = paths::kWriteLinkItems.cycles();
constexpr std::uint64_t kSplitBeats = paths::kWriteSplitBeats.cycles();
constexpr std::uint64_t kArbiterBeats = paths::kWriteArbiterBeats.cycles();
constexpr std::uint64_t kArbiterCommands = paths::kWriteArbiterCommands.cycles();
}  // namespace

void WriteLink::command(std::uint64_t tag, const StreamRequest& request, Cycle ready) {
  items_.push({tag, true, request, ready, 0, 0});
  advance();
}

void WriteLink::datum(std::uint64_t tag, Cycle ready, std::uint32_t read_beats) {
  items_.push({tag, false, {}, ready, read_beats, 0});
  advance();
}

void WriteLink::granted(MemorySpace space, Cycle at) {
  Port& port = this->port(space);
  if (port.waiting.empty()) return;
  for (std::uint32_t beat = 0; beat < port.waiting.front(); ++beat) port.gone.add(at - kBus + beat);
  port.chunk_gone.add(port.gone.last());
  port.waiting.pop();
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
    for (Port& port : ports_)
      while (pass(port) || enter(port)) moved = true;
    while (offer()) moved = true;
  }
}

bool WriteLink::offer() {
  if (items_.empty()) return false;
  Item& item = items_.front();
  if (item.command) space_ = item.request.space;
  Port& port = this->port(space_);
  const std::optional<Cycle> room = port.entered.room(port.offered, kLinkItems, kLink);
  if (!room) return false;
  last_offered_ = item.offered = std::max({last_offered_ + 1, item.ready, *room});
  ++port.offered;
  taken_.push({item.tag, item.command, item.ready, item.offered, item.read_beats, space_, port.held});
  port.link.push(item);
  items_.pop();
  return true;
}

bool WriteLink::enter(Port& port) {
  if (port.link.empty()) return false;
  const Item& item = port.link.front();
  Cycle at = std::max(item.offered + kLink, port.entered.last() + 1);
  if (item.command) {
    if (port.rest.bytes > 0) return false;
    at = std::max(at, port.passed.last());
    port.tag = item.tag;
    port.rest = item.request;
    port.data_left = ceil_div(item.request.bytes, beat_bytes_);
    port.data_end = port.data_entered + port.data_left;
    port.halved = item.request.address % beat_bytes_ != 0;
    port.command_entered = at;
  } else {
    const std::optional<Cycle> room = port.data_left_fifo.room(port.data_entered, kSplitBeats, kSplit);
    if (!room) return false;
    at = std::max(at, *room);
    port.data.push(at);
    ++port.data_entered;
  }
  port.entered.add(at);
  port.link.pop();
  return true;
}

bool WriteLink::pass(Port& port) {
  StreamRequest& rest = port.rest;
  if (rest.bytes == 0) return false;
  // A command that begins inside a beat of the bus leaves the end of its last datum to a beat of its own.
  const bool datum = port.data_left > 0;
  if (datum && port.data.empty()) return false;
  const bool first = port.chunk_beats == 0;  // the command of the chunk passes before
  const std::optional<Cycle> room = port.gone.room(port.passed.count(), kArbiterBeats, 1);
  const std::optional<Cycle> command_room =
      first ? port.chunk_gone.room(port.chunks, kArbiterCommands, 1) : std::optional<Cycle>(0);
  if (!room || !command_room) return false;
  Cycle at = port.passed.last() + 1;
  if (first) {
    at = std::max(at, port.command_entered + 1) + 1;
    port.chunk_begin = rest.address;
  }
  if (datum) at = std::max(at, port.data.front() + kSplit);
  const Cycle granted = std::max(*room, *command_room + (first ? 1 : 0));
  port.held = granted > at || (port.held && !first);
  at = std::max(at, granted);
  if (datum) {
    port.data.pop();
    --port.data_left;
  }
  // Half of a datum goes with the next beat when the command begins inside a beat.
  const bool frees = !port.halved || port.half_waits;
  port.half_waits = true;
  if (frees) port.data_left_fifo.add(at);
  port.passed.add(at);
  ++port.chunk_beats;
  const auto bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(rest.bytes, beat_bytes_ - rest.address % beat_bytes_));
  rest.address += bytes;
  rest.bytes -= bytes;
  if (rest.bytes == 0) {
    port.half_waits = false;
    if (port.data_left_fifo.count() < port.data_end) port.data_left_fifo.add(at);
  } else if (rest.address % unit_bytes_ != 0) {
    return true;
  }
  chunks_.push({port.tag,
                {rest.space, port.chunk_begin, static_cast<std::uint32_t>(rest.address - port.chunk_begin)},
                at + kArbiter + kBus});
  ++port.chunks;
  port.waiting.push(port.chunk_beats);
  port.chunk_beats = 0;
  return true;
}

void WriteLink::clear() { *this = WriteLink(unit_bytes_, beat_bytes_); }

}  // namespace nvdla::amaix
