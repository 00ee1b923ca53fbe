// SPDX-License-Identifier: Apache-2.0
#include "amaix/stream_walk.h"

#include <algorithm>
#include <utility>

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

StreamTimes walk_stream(const StreamChunks& chunks, const StreamWalk& walk,
                        const memory::MemoryDescription& memory, const HardwareParameters& hardware) {
  const StreamTiming& timing = walk.timing;
  const std::vector<StreamChunk>& list = chunks.list();
  if (list.empty()) return {};
  const std::uint32_t depth = hardware.read_latency_fifo_beats[static_cast<std::size_t>(walk.client)];
  const std::uint32_t window = timing.reorder_beats;
  // By beat: when it has returned; how many may leave the FIFO when it has left the core, and when that is.
  struct Room {
    std::uint32_t beats;
    double at;
  };
  std::vector<double> returned;
  std::vector<Room> rooms = {{window, 0}};
  returned.reserve(list.size() * hardware.mcif_chunk_beats);
  rooms.reserve(returned.capacity() + 1);
  WalkedPort port(memory, hardware);
  std::size_t room = 0;
  double issued = 0, free = 0, half = 0;
  std::uint32_t portion_begin = 0, half_beats = 0;
  std::size_t portions = 0;
  // When the core has begun with the first request and has ended with each.
  std::vector<double> turns;
  std::size_t requests = 0;
  for (const StreamChunk& chunk : list) {
    const auto begin = static_cast<std::uint32_t>(returned.size());
    const std::uint32_t end = begin + chunk.beats;
    if (depth != 0 && end > depth) {
      const std::uint32_t beat = end - depth - 1;
      while (room + 1 < rooms.size() && rooms[room].beats <= beat) ++room;
      issued = std::max({issued, returned[beat] + timing.read + timing.credit_open, rooms[room].at});
    }
    if (chunk.request && timing.queue != 0) {
      if (requests > 0) turns.push_back(free);
      if (requests >= timing.queue)
        issued = std::max(issued, turns[requests - timing.queue] + timing.queue_turn);
      ++requests;
    }
    for (std::uint32_t beat = begin; beat < end; ++beat) {
      double accepted = issued + (beat - begin);
      if (beat >= memory.max_outstanding)
        accepted = std::max(accepted, returned[beat - memory.max_outstanding] + 1);
      returned.push_back(port.read(accepted + memory.latency));
    }
    issued += static_cast<double>(ceil_div(chunk.beats, hardware.max_burst_beats));
    if (chunk.portion.cycles == 0) continue;
    const StreamPortion& portion = chunk.portion;
    const double read = portion_begin == 0 ? timing.read : timing.read - static_cast<double>(timing.start);
    const double entry = std::max(
        {free + portion.gap, returned[portion_begin] + read, returned.back() + read - portion.last_needed});
    free = entry + portion.cycles;
    if (turns.empty()) turns.push_back(entry);
    // Of a whole request the last words leave behind each other.
    double left = entry + (timing.whole_requests ? portion.cycles - portion.last_needed - 1 : 0);
    for (std::uint32_t beat = portion_begin; beat < end; ++beat) {
      left = std::min(left + timing.beat_cycles, free);
      rooms.push_back({beat + 1 + window, left - 1 + timing.credit});
    }
    if (walk.writes) port.write(free + walk.write_lag, portion.written);
    portion_begin = end;
    if (half_beats == 0 && ++portions >= list.size() / 2) {
      half = free;
      half_beats = end;
    }
  }
  StreamTimes times{free, 0};
  const auto walked = static_cast<double>(returned.size());
  const double rest = walk.read - walked;
  if (rest > 0 && half_beats != 0 && walked > half_beats) {
    times.end += rest * (free - half) / (walked - half_beats);
  } else if (walk.writes) {
    times.written = port.finish();
  }
  return times;
}

}  // namespace nvdla::amaix
