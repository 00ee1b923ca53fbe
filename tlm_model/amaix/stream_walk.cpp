// SPDX-License-Identifier: Apache-2.0
#include "amaix/stream_walk.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "amaix/open_bursts.h"
#include "amaix/walked_port.h"
#include "operation/chunk.h"
#include "operation/divide.h"

namespace nvdla::amaix {

void StreamChunks::add(const StreamRequest& request, std::uint32_t unit_bytes, const StreamPortion& whole,
                       const HardwareParameters& hardware) {
  const std::uint32_t bus = hardware.dbb_width_bytes, unit = hardware.mcif_chunk_beats;
  const std::uint64_t stop = request.address + request.bytes;
  std::uint32_t gap = whole.gap, done = 0;
  for_each_chunk(
      request.address, stop, std::uint64_t{unit} * bus, [&](std::uint64_t begin, std::uint64_t end) {
        StreamChunk chunk;
        chunk.request = begin == request.address;
        StreamPortion& portion = chunk.portion;
        chunk.beats = beats_of(begin, end, bus);
        portion.cycles = ceil_div(static_cast<std::uint32_t>(end - begin), unit_bytes) * whole.cycles;
        portion.last_needed = portion.cycles * (chunk.beats - 1) / chunk.beats;
        portion.gap = std::exchange(gap, 0);
        // Output leaves in whole chunks, and what is left at its end.
        const auto share =
            static_cast<std::uint32_t>(whole.written * (end - request.address) / request.bytes);
        const std::uint32_t until = end == stop ? whole.written : share / unit * unit;
        portion.written = until - std::exchange(done, until);
        chunks_.push_back(chunk);
      });
}

void StreamChunks::add_whole(const StreamRequest& request, const StreamPortion& portion,
                             const HardwareParameters& hardware) {
  const std::uint32_t bus = hardware.dbb_width_bytes;
  for_each_chunk(request.address, request.address + request.bytes,
                 std::uint64_t{hardware.mcif_chunk_beats} * bus, [&](std::uint64_t begin, std::uint64_t end) {
                   chunks_.push_back({beats_of(begin, end, bus), {}, begin == request.address});
                 });
  chunks_.back().portion = portion;
}

void StreamChunks::step(std::size_t chunk, const StreamStep& step, const HardwareParameters& hardware) {
  StreamPortion& portion = chunks_[chunk].portion;
  portion.gap = step.gap;
  portion.cycles = step.cycles;
  portion.first = static_cast<std::uint32_t>(pieces_.size());
  portion.count = static_cast<std::uint32_t>(step.outputs.size());
  for (const StreamOutput& output : step.outputs) {
    const std::uint64_t address = output.request.address;
    const std::uint32_t beats = beats_of(address, address + output.request.bytes, hardware.dbb_width_bytes);
    pieces_.push_back({output.offset, beats, output.begins});
    portion.written += beats;
  }
}

StreamWalker::StreamWalker(const StreamChunks& chunks, const StreamTiming& timing, Client client,
                           const HardwareParameters& hardware, double begin)
    : list_(chunks.list()),
      timing_(timing),
      depth_(hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)]),
      burst_beats_(hardware.max_burst_beats),
      rooms_({{timing.reorder_beats, 0}}),
      issued_(begin) {
  returned_.reserve(list_.size() * hardware.mcif_chunk_beats);
  rooms_.reserve(returned_.capacity() + 1);
}

double StreamWalker::asks() {
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  const StreamChunk& chunk = list_[asked_];
  double at = issued_;
  if (const std::uint32_t end = beats_asked_ + chunk.beats; depth_ != 0 && end > depth_) {
    const std::uint32_t beat = end - depth_ - 1;
    while (room_ + 1 < rooms_.size() && rooms_[room_].beats <= beat) ++room_;
    // A portion that is more than all places hold makes no room for itself.
    const bool known = beat < returned_.size() && rooms_[room_].beats > beat;
    if (!known && (beats_asked_ > returned_.size() || entry())) return kUnknown;
    if (beat < returned_.size())
      at = std::max({at, returned_[beat] + timing_.read + timing_.credit_open, rooms_[room_].at});
  }
  if (chunk.request && timing_.queue != 0 && requests_ >= timing_.queue) {
    const std::size_t turn = requests_ - timing_.queue;
    if (turn >= turns_.size()) return kUnknown;
    at = std::max(at, turns_[turn] + timing_.queue_turn);
  }
  return at;
}

void StreamWalker::grant(double at) {
  const StreamChunk& chunk = list_[asked_++];
  beats_asked_ += chunk.beats;
  if (chunk.request) ++requests_;
  issued_ = at + static_cast<double>(ceil_div(chunk.beats, burst_beats_));
}

std::optional<double> StreamWalker::entry() {
  while (taken_ < list_.size() && list_[taken_].portion.cycles == 0) taken_end_ += list_[taken_++].beats;
  if (taken_ == list_.size()) return std::nullopt;
  const StreamPortion& portion = list_[taken_].portion;
  const std::uint32_t end = taken_end_ + list_[taken_].beats;
  if (end > returned_.size()) return std::nullopt;
  const double read = timing_.read - static_cast<double>(timing_.start);
  const double start = portion_begin_ == 0 ? timing_.start : 0;
  return std::max({free_ + portion.gap, returned_[portion_begin_] + read + start,
                   returned_[end - 1] + read - portion.last_needed});
}

std::optional<double> StreamWalker::leave(const StreamPortion& held) const {
  if (held.held_beats == 0 || portion_begin_ + held.held_beats > returned_.size()) return std::nullopt;
  std::size_t next = taken_;
  while (next < list_.size() && list_[next].portion.cycles == 0) ++next;
  if (next == list_.size()) return std::nullopt;
  const double read = timing_.read - static_cast<double>(timing_.start);
  return std::max(free_ + std::max(list_[next].portion.gap, held.held),
                  returned_[portion_begin_ + held.held_beats - 1] + read + held.held_behind);
}

const StreamPortion& StreamWalker::take(double entry) {
  const StreamPortion& portion = list_[taken_].portion;
  taken_end_ += list_[taken_++].beats;
  free_ = entry + portion.cycles;
  if (turns_.empty()) turns_.push_back(entry);
  if (taken_ == list_.size() || list_[taken_].request) turns_.push_back(free_);
  // Of a whole request the last words leave behind each other.
  double left = entry + (timing_.whole_requests ? portion.cycles - portion.last_needed - 1 : 0);
  for (std::uint32_t beat = portion_begin_; beat < taken_end_; ++beat) {
    left = std::min(left + timing_.beat_cycles, free_);
    rooms_.push_back({beat + 1 + timing_.reorder_beats, left - 1 + timing_.credit});
  }
  portion_begin_ = taken_end_;
  return portion;
}

StreamTimes walk_stream(const StreamChunks& chunks, const StreamWalk& walk,
                        const memory::MemoryDescription& memory, const HardwareParameters& hardware) {
  if (chunks.list().empty()) return {};
  StreamWalker walker(chunks, walk.timing, walk.client, hardware);
  WalkedPort port(memory, hardware);
  std::optional<WalkedPort> apart;
  if (walk.target != nullptr) apart.emplace(*walk.target, hardware);
  WalkedPort& output = apart ? *apart : port;
  OpenBursts open(memory, hardware);
  double half = 0;
  std::uint32_t half_beats = 0;
  std::size_t portions = 0;
  const StreamPortion* held = nullptr;
  const auto leave = [&](double at) {
    for_each_chunk_of(
        *held, at + walk.write_lag, hardware,
        [&](double ready, std::uint32_t beats, bool /*begins*/) { output.write(ready, beats); });
    held = nullptr;
  };
  while (walker.asks_more()) {
    const double issued = walker.asks();
    const std::uint32_t beats = walker.beats();
    walker.grant(issued);
    for (std::uint32_t beat = 0; beat < beats; ++beat) {
      const double accepted = open.accepts(issued + beat, beat);
      const double came = port.read(accepted + memory.latency);
      walker.come(came);
      open.came(came, beat, beats);
      if (held == nullptr) continue;
      if (const std::optional<double> at = walker.leave(*held)) leave(*at);
    }
    const std::optional<double> entry = walker.entry();
    if (!entry) continue;
    const StreamPortion& portion = walker.take(*entry);
    if (walk.writes) {
      if (held != nullptr) leave(held->leave(portion, *entry));
      held = portion.held > 0 ? &portion : nullptr;
      if (held == nullptr)
        chunks.leaving(portion, *entry, [&](double at, std::uint32_t beats, bool /*begins*/) {
          output.write(at + walk.write_lag, beats);
        });
    }
    if (half_beats == 0 && ++portions >= chunks.list().size() / 2) {
      half = walker.free();
      half_beats = walker.beats_taken();
    }
  }
  if (held != nullptr) leave(walker.free() + held->held);
  StreamTimes times{walker.free(), 0};
  const auto walked = static_cast<double>(walker.beats_come());
  const double rest = walk.read - walked;
  if (rest > 0 && half_beats != 0 && walked > half_beats) {
    times.end += rest * (times.end - half) / (walked - half_beats);
  } else if (walk.writes) {
    times.written = output.finish();
  }
  return times;
}

}  // namespace nvdla::amaix
