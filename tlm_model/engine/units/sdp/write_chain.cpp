// SPDX-License-Identifier: Apache-2.0
#include "engine/units/sdp/write_chain.h"

#include <algorithm>
#include <cstddef>

namespace nvdla::engine {

WriteChain::WriteChain(const paths::SdpWriteChain& places)
    : commands_(places.commands.cycles()),
      arbiter_(places.arbiter.cycles()),
      fifo_(places.fifo.cycles()),
      pipes_(places.pipes.cycles()),
      unpack_(places.unpack.cycles()),
      datapath_(places.datapath.cycles()),
      // Commands of a beat each: one in the FIFO, and of the pipes' items every second a command.
      always_(std::min(commands_, arbiter_) + 1 + pipes_ / 2 + unpack_) {}

std::int64_t WriteChain::room(const memory::RingBuffer<WaitingChunk>& chunks) const {
  std::uint64_t left = 0;  // beats that have no place yet
  for (const WaitingChunk& chunk : chunks) left += chunk.beats;
  std::size_t next = 0;
  std::uint64_t rest = 0;  // of the chunk `next`, a part of which is in the arbiter
  std::uint64_t arbiter = arbiter_;
  for (std::uint64_t commands = commands_; commands > 0 && next < chunks.size(); --commands) {
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
  for (std::size_t i = next; i < chunks.size() && pipes > 0; ++i) {
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
  return static_cast<std::int64_t>(pipes + unpack_) - static_cast<std::int64_t>(left);
}

}  // namespace nvdla::engine
