// SPDX-License-Identifier: Apache-2.0
#include "amaix/write_chain.h"

#include <algorithm>

#include "hardware/paths/memory_interface.h"

namespace nvdla::amaix {

WriteChain::WriteChain(const paths::WriteChainPlaces& places)
    : commands_(places.commands.cycles()),
      arbiter_(places.arbiter.cycles()),
      fifo_(places.fifo.cycles()),
      pipes_(places.pipes.cycles()),
      unpack_(places.unpack.cycles()),
      datapath_(places.datapath.cycles()),
      // Commands of a beat each: one in the FIFO, and of the pipes' items every second a command.
      always_(std::min(commands_, arbiter_) + 1 + pipes_ / 2 + unpack_) {}

std::size_t WriteChain::quiet(std::uint32_t chunk_beats, bool strips) const {
  const std::uint64_t beats = strips ? always_ - unpack_ : always_;
  const std::uint64_t chunks = beats / chunk_beats, handed = paths::kRequestQueue.cycles();
  return static_cast<std::size_t>(chunks > handed ? chunks - handed : 1);
}

std::int64_t WriteChain::room(const memory::RingBuffer<WaitingChunk>& chunks) const {
  const Held held = hold(chunks, chunks.size());
  return static_cast<std::int64_t>(held.pipes + unpack_) - static_cast<std::int64_t>(held.left);
}

bool WriteChain::strip_has_room(const memory::RingBuffer<WaitingChunk>& chunks, std::uint64_t depth,
                                std::uint64_t beat_cycles, std::uint64_t row_cycles) const {
  std::size_t first = chunks.size();  // of the oldest strip that is in the datapath but for its first row
  std::uint64_t strip = 0;            // its beats
  std::uint64_t cycles = 0, beats = 0;
  for (std::size_t i = chunks.size(); i-- > 0;) {
    beats += chunks[i].beats;
    if (!chunks[i].begins_command) continue;
    cycles += beats * beat_cycles;
    if (strip > 0 && cycles > depth + beats * row_cycles) break;
    first = i;
    strip = beats;
    beats = 0;
  }
  // Alone it fits: WDMA takes atoms, of which a strip that begins inside a beat has fewer than beats.
  const std::uint64_t before = hold(chunks, first).left;
  return before == 0 || before + strip <= unpack_;
}

// What the first `count` chunks take.
WriteChain::Held WriteChain::hold(const memory::RingBuffer<WaitingChunk>& chunks, std::size_t count) const {
  std::uint64_t left = 0;  // beats that have no place yet
  for (std::size_t i = 0; i < count; ++i) left += chunks[i].beats;
  std::size_t next = 0;
  std::uint64_t rest = 0;  // of the chunk `next`, a part of which is in the arbiter
  std::uint64_t arbiter = arbiter_;
  for (std::uint64_t commands = commands_; commands > 0 && next < count; --commands) {
    const std::uint64_t beats = chunks[next].beats;
    if (beats > arbiter) {
      rest = beats - arbiter;
      left -= arbiter;
      break;
    }
    arbiter -= beats;
    left -= beats;
    ++next;
  }
  // The command that bpt cuts: up to the next one.
  bool current = true;
  std::uint64_t fifo = fifo_, pipes = pipes_;
  for (std::size_t i = next; i < count && pipes > 0; ++i) {
    std::uint64_t beats = i == next && rest != 0 ? rest : chunks[i].beats;
    if (i != next && chunks[i].begins_command) {
      current = false;
      if (--pipes == 0) break;
    }
    if (current) {
      const std::uint64_t held = std::min(beats, fifo);
      fifo -= held;
      left -= held;
      beats -= held;
    }
    const std::uint64_t held = std::min(beats, pipes);
    pipes -= held;
    left -= held;
  }
  return {left, pipes};
}

}  // namespace nvdla::amaix
