// SPDX-License-Identifier: Apache-2.0
// What SDP adds to the convolution that it follows on the fly: pace, tails, what its path to a slow bus
// holds, and operands that come late (amaix/sdp_estimate.h).
#include <algorithm>
#include <optional>

#include "amaix/port_time.h"
#include "amaix/sdp_estimate.h"
#include "amaix/sdp_read_walk.h"
#include "amaix/sdp_terms.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/paths/sdp.h"
#include "hardware/paths/write_chain.h"

namespace nvdla::amaix {

namespace {

// Branch master: beats between CACC and the bus when memory is slow, the one that is next on the bus among
// them. The pipes are full of beats and commands in turn; a chunk stands in no FIFO but passes the arbiter.
double held_by_write_path(const SdpWork& work, const HardwareParameters& hardware) {
  const double beats = static_cast<double>(work.output.bus_bytes) / hardware.dbb_width_bytes;
  const double commands = static_cast<double>(work.output.requests);
  const double pipes = paths::kPipesMaster.sum();
  const double of_beat = static_cast<double>(work.plan.transfers) / beats;
  // Transfers; where Y sets the pace, from Y on: those in front of it have not entered.
  const double of_y = work.plan.depth_y - paths::kSdpYPlain.sum();
  const double datapath = work.plan.ahead == 0
                              ? work.plan.depth() + 1.0 + paths::kDatapathSkids.sum()
                              : paths::kSdpYPlain.sum() + 2 * of_y / work.plan.cycles_per_transfer +
                                    2 * paths::kWriteBackConverter.sum();
  return paths::kWriteFilledMaster.sum() + pipes * beats / (beats + commands) + paths::kSdpUnpack.sum() +
         paths::kSdpBeat.sum() + paths::kSdpAtom.sum() + datapath / of_beat;
}

}  // namespace

SdpOnTheFly sdp_on_the_fly(const SdpOperation& operation, const HardwareParameters& hardware,
                           const memory::MemorySystem& memory) {
  return sdp_on_the_fly(operation, sdp_work(operation, hardware), hardware, memory);
}

SdpOnTheFly sdp_on_the_fly(const SdpOperation& operation, const SdpWork& work,
                           const HardwareParameters& hardware, const memory::MemorySystem& memory) {
  const SdpPlan& plan = work.plan;
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  SdpOnTheFly result;
  result.cycles_per_transfer = plan.steady_cycles();
  if (result.cycles_per_transfer > plan.cycles_per_transfer) result.resource = Resource::kOperandFetch;
  for (const SdpRate& stage : sdp_stages(operation, hardware))
    if (stage.rate < hardware.sdp_throughput &&
        plan.cycles_per_transfer == (hardware.sdp_throughput + stage.rate - 1) / stage.rate)
      result.resource = stage.resource;
  if (const double slots = work.write_cycles / static_cast<double>(plan.transfers);
      slots > result.cycles_per_transfer) {
    result.cycles_per_transfer = slots;
    result.resource = Resource::kWritePath;
  }
  result.entry = paths.from_cacc;
  result.ahead = plan.ahead;
  result.ahead_depth = plan.ahead_depth;
  if (!work.streams.empty()) {
    result.operands_ready = paths.request + sdp_first_entry(work, hardware, memory) + 1;
    result.fetch_tail = paths.from_cacc + sdp_fetch_tail(work.fetch, plan, paths, false);
  }
  result.release_tail = paths.from_cacc + plan.cycles_per_transfer - 1.0 + plan.depth();
  result.interrupt_tail = paths.from_cacc + sdp_tail(work, hardware, memory);
  if (plan.output) {
    result.write_tail = result.release_tail + paths.write;
    result.write_time = static_cast<double>(work.output.bus_bytes) / hardware.dbb_width_bytes *
                        beat_time(port_memory(memory, plan.output->space), hardware);
    result.write_unit = static_cast<double>(work.output.bus_bytes) / hardware.dbb_width_bytes /
                        static_cast<double>(work.output.chunks);
    result.write_buffer = paths.write_buffer_beats;
    if (!hardware.master_rtl) {
      result.write_buffer += paths::kWriteAhead.sum();  // on the way to the bus
    } else {
      result.write_buffer = held_by_write_path(work, hardware);
      result.write_back = paths::kWriteBack.sum() + plan.transfers_per_atom;
    }
    result.last_buffer = result.write_buffer;
    result.write_space = plan.output->space;
    result.write_latency = port_memory(memory, plan.output->space).latency;
    result.acknowledge = result.write_latency + paths.acknowledge;
  }
  result.cycles_with_operands = result.cycles_per_transfer;
  const double chunk = result.operand_chunk = sdp_mean_chunk(work.streams, hardware);
  std::array<double, 2> turns{};  // of the stream with the most chunks
  double beats = 0, limited = 0;  // limited: what few open reads take of a stream, at most
  for (std::size_t k = 0; k < work.streams.size(); ++k) {
    const SdpStream& stream = work.fetch.streams[k];
    const SdpWalkTotals& moves = work.streams[k];
    const double own = static_cast<double>(moves.bus_bytes) / hardware.dbb_width_bytes;
    const MemorySpace space = memory.cvsram ? stream.space : MemorySpace::kDbb;
    const double early = stream.beats_ahead(own, hardware);
    const auto memory_index = static_cast<std::size_t>(space);
    result.early_operands[memory_index] += early;
    turns[memory_index] = std::max(turns[memory_index], early / own * static_cast<double>(moves.chunks));
    result.operand_limit[memory_index] = read_limit(port_memory(memory, space), hardware, chunk);
    beats += own;
    if (own <= early) continue;
    const memory::MemoryDescription& from = port_memory(memory, space);
    result.late_operands[static_cast<std::size_t>(space)] += own - early;
    result.late_places = std::max(result.late_places, early);
    result.late_output = std::max(result.late_output, (own - early) / own);
    result.late_turn = std::max<double>(
        result.late_turn, paths.from_cacc + work.plan.place_of(stream).registers + paths.use + from.latency);
    const double beat = beat_time(from, hardware);
    for (const OpenLimit& limit :
         {fifo_limit(stream.client, from, paths.operand, hardware), read_limit(from, hardware, chunk)})
      limited = std::max(limited, limit.turn + beats * limit.pace_of_chunks(hardware.mcif_chunk_beats, beat));
  }
  for (std::size_t i = 0; i < turns.size(); ++i)
    if (turns[i] > 0) result.operand_turn[i] = result.early_operands[i] / turns[i];
  // What the latency FIFOs do not hold yet when the first transfer comes, where it may be late.
  if (limited > 0 &&
      limited + result.write_time > result.cycles_per_transfer * static_cast<double>(plan.transfers))
    if (const std::optional<SdpTimes> times = walk_sdp_reads(work.fetch, plan, memory, hardware)) {
      result.operands_end = paths.request + times->entry;
      SdpTaker taker;
      taker.late = true;
      const std::optional<SdpTimes> behind = walk_sdp_reads(work.fetch, plan, memory, hardware, taker);
      const double left = behind ? behind->entry - behind->first : 0;
      if (const double pace = left / static_cast<double>(plan.transfers); pace > result.cycles_per_transfer) {
        result.cycles_per_transfer = pace;
        result.resource = Resource::kOutstanding;
      }
    }
  if (result.late_output > 0)
    result.late_output *= static_cast<double>(work.output.bus_bytes) / hardware.dbb_width_bytes;
  result.dbb = work.dbb;
  result.cvsram = work.cvsram;
  return result;
}

}  // namespace nvdla::amaix
