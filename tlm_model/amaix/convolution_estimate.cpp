// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_estimate.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

#include "amaix/convolution_steady.h"
#include "amaix/convolution_terms.h"
#include "amaix/port_time.h"

namespace nvdla::amaix {

namespace {

// `request`: beats of a chunk on it.
ConvolutionPort port(const memory::MemorySystem& memory, MemorySpace space,
                     const HardwareParameters& hardware, double request) {
  const memory::MemoryDescription& found = port_memory(memory, space);
  return {beat_time(found, hardware), static_cast<double>(found.latency),
          read_limit(found, hardware, request)};
}

// Beats of a chunk of what CDMA fetches from one memory, weights in whole ones.
double mean_chunk(const ConvolutionDataWork& data, const ConvolutionFetch& fetch,
                  const ConvolutionContext& context, const HardwareParameters& hardware, MemorySpace space) {
  const double whole = hardware.mcif_chunk_beats;
  double chunks = 0, beats = 0;
  if (fetch.data.space == space) {
    chunks = data.chunks;
    beats = data.beats;
  }
  if (context.fetch_weights && fetch.weight_space == space) {
    const double weights = static_cast<double>(fetch.weight_bytes) / hardware.dbb_width_bytes;
    chunks += weights / whole;
    beats += weights;
  }
  return chunks > 0 ? beats / chunks : whole;
}

// `counted`: where it is kept when the caller does not know it.
const ConvolutionDataWork& data_of(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                   const ConvolutionContext& context, ConvolutionDataWork& counted) {
  if (context.fetch_data && context.data != nullptr) return *context.data;
  if (context.fetch_data) counted = convolution_data_work(fetch, hardware);
  return counted;
}

double sum(const std::array<std::uint64_t, kClients>& bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), 0.0);
}

// Cycles for all reads of a port, less `before` bytes of operands, with as many of them open as there may be:
// each client's chunks are as long as they are. All may be open: 0.
double read_cycles(const ConvolutionTerms& c, const Traffic& traffic, double before,
                   const memory::MemoryDescription& memory) {
  const double bus = c.hardware.dbb_width_bytes;
  const auto of = [&](Client client) {
    return static_cast<double>(traffic.read[static_cast<std::size_t>(client)]) / bus;
  };
  const double data = of(Client::kCdmaDat), weights = of(Client::kCdmaWt);
  const double all = (sum(traffic.read) - before) / bus;
  double cycles = 0, open = 0;
  const auto add = [&](double beats, double chunk) {
    const OpenLimit limit = read_limit(memory, c.hardware, chunk);
    cycles += beats / limit.rate();
    open = std::max(open, limit.open);
  };
  if (data > 0) add(data, c.data.beats / c.data.chunks);
  if (weights > 0) add(weights, c.hardware.mcif_chunk_beats);
  if (c.sdp != nullptr) add(all - data - weights, c.sdp->operand_chunk);
  return all > open ? cycles : 0;
}

}  // namespace

ConvolutionEstimate estimate_convolution(const ConvolutionFetch& fetch, const ConvolutionSequence& sequence,
                                         const std::optional<SdpOnTheFly>& sdp,
                                         const HardwareParameters& hardware,
                                         const memory::MemorySystem& memory,
                                         const ConvolutionContext& context, Level level) {
  if (level == Level::kDynamic)
    throw std::invalid_argument("the dynamic level is a simulation, not an estimate");
  ConvolutionDataWork counted;
  const ConvolutionDataWork& data = data_of(fetch, hardware, context, counted);
  const auto chunk = [&](MemorySpace space) { return mean_chunk(data, fetch, context, hardware, space); };
  const ConvolutionTerms c{fetch,
                           hardware,
                           context,
                           convolution_timing(hardware, sequence.processing_precision),
                           plan_sequence(sequence, hardware),
                           plan_weights(fetch, hardware),
                           data,
                           port(memory, fetch.data.space, hardware, chunk(fetch.data.space)),
                           port(memory, fetch.weight_space, hardware, hardware.mcif_chunk_beats),
                           sdp ? sdp->cycles_per_transfer : 1.0,
                           sdp ? &*sdp : nullptr};

  ConvolutionEstimate estimate;
  Traffic read = convolution_traffic(fetch, hardware, false, context.fetch_weights);
  // What the walk over the requests has counted.
  read.read[static_cast<std::size_t>(Client::kCdmaDat)] =
      static_cast<std::uint64_t>(c.data.beats) * hardware.dbb_width_bytes;
  const auto client = [&](Client which, MemorySpace space) {
    const auto i = static_cast<std::size_t>(which);
    (space == MemorySpace::kDbb ? estimate.dbb : estimate.cvsram).read[i] += read.read[i];
  };
  client(Client::kCdmaDat, fetch.data.space);
  client(Client::kCdmaWt, fetch.weight_space);
  Traffic all_dbb = estimate.dbb, all_cvsram = estimate.cvsram;
  if (sdp) {
    all_dbb += sdp->dbb;
    all_cvsram += sdp->cvsram;
  }

  const auto packages = static_cast<double>(c.plan.blocks) * static_cast<double>(c.plan.stripes.size()) *
                        c.plan.repeats * c.plan.groups;
  const double atoms = c.transfers / c.plan.transfers_per_position * c.plan.blocks;
  estimate.bounds.reserve(12);
  estimate.bounds = {
      {Resource::kMacArray, atoms, 1.0},
      {Resource::kWeightLoad, packages * std::max(c.plan.minimum_stripe, c.plan.weight_cycles(0)), 1.0},
      {sdp ? sdp->resource : Resource::kDownstream, c.transfers,
       c.plan.transfers_per_position / c.position_time()},
      {Resource::kDataFetch, c.data.path, 1.0}};
  const double bus = hardware.dbb_width_bytes;
  const auto bound_port = [&](const Traffic& traffic, MemorySpace space) {
    const memory::MemoryDescription& description = port_memory(memory, space);
    // The roofline does not know when anything begins.
    const double before = level == Level::kRefined ? c.operands_before_fetch(space) * bus : 0;
    const double bytes = static_cast<double>(traffic.total()) - before;
    if (bytes <= 0) return;
    estimate.bounds.push_back(
        {bandwidth_of(space), bytes, std::min<double>(description.bytes_per_cycle, bus)});
    if (const double open = read_cycles(c, traffic, before, description); open > 0)
      estimate.bounds.push_back(
          {Resource::kOutstanding, sum(traffic.read) - before, (sum(traffic.read) - before) / open});
    const OpenLimit writes = write_limit(description, hardware);
    if (const double written = sum(traffic.written); written > writes.open * bus)
      estimate.bounds.push_back({Resource::kOutstanding, written, writes.rate() * bus});
  };
  bound_port(all_dbb, MemorySpace::kDbb);
  if (memory.cvsram) bound_port(all_cvsram, MemorySpace::kCvsram);

  if (level == Level::kRoofline) {
    estimate.take_roofline();
    return estimate;
  }

  PhaseList phases;
  const ConvolutionSteady run = steady(c, c.output_beats(memory), sdp ? sdp->write_time : 0, phases);
  // Output, and the weights that are not there at the start, share the port while CSC works.
  const double weights_left = context.fetch_weights ? c.weight_beats() - c.arrived_beats(run.start) : 0;
  const double output = sdp ? c.written_beats(memory) : 0;
  const MemorySpace written_to = sdp ? sdp->write_space : MemorySpace::kDbb;
  const double beat = beat_time(port_memory(memory, written_to), hardware);
  const bool one_port = !memory.cvsram || written_to == fetch.weight_space;
  const double first_package = run.start + (c.plan.blocks - 1.0) * c.plan.interval(c.plan.stripes.front(), 0);
  const double first_transfer = std::max(first_package + c.timing.accumulate, c.sdp_ready());
  const double late = first_transfer - c.timing.accumulate - first_package;
  const double stall = late > 0 ? c.stall(first_package, first_transfer, run.end - run.start) : 0;
  const double steady_end = std::max(run.end + stall, run.start + c.weight_port.time(weights_left));
  phases.until(bandwidth_of(fetch.weight_space), steady_end);

  const double last_positions = static_cast<double>(c.plan.stripes.back()) * c.plan.batches;
  // The last transfer: after its own channel operation, and not before all transfers could pass.
  const double all_transfers =
      std::max({first_transfer + c.transfers / c.plan.transfers_per_position * c.position_time(),
                run.delivered + stall, c.operands_end()}) -
      1;
  const auto last_transfer_of = [&](double package) {
    return std::max(package + c.timing.accumulate + last_positions * c.position_time() - 1, all_transfers);
  };
  const double last_package = steady_end - (run.end - run.last_package);
  // Nor is the last beat written before all others are, from the first result on, and those of the last
  // channel operation from its first one on.
  const double tail = sdp ? sdp->interrupt_tail : c.timing.interrupt;
  double all_written = run.start + ((one_port ? weights_left : 0) + output) * beat;
  if (sdp && sdp->acknowledge > 0) {
    // A unit leaves when it is whole.
    const double last_beats =
        sdp->write_time / beat * last_positions * c.plan.transfers_per_position / c.transfers;
    const double positions = std::min(1.0, sdp->write_unit / last_beats) * last_positions;
    const double first_unit = std::max(0.0, positions - 1) * c.position_time();
    const double written =
        std::max({first_transfer + sdp->write_first * sdp->cycles_per_transfer + output * beat,
                  run.written + stall, c.late_written(first_transfer, memory),
                  last_package - run.late + c.timing.accumulate + first_unit + last_beats * beat});
    all_written = std::max(written - beat + sdp->write_tail, all_written) + sdp->acknowledge - tail;
  }
  const double last_transfer = std::max(last_transfer_of(last_package), all_written);
  // Beats that SDP's write path holds let CACC be done before they are written, and what its own buffer holds
  // lets CSC be.
  double taken = sdp ? sdp->write_buffer * beat : 0;
  // Branch master: its beats are counted from the last one on the bus, less the way of the room back to CACC.
  if (sdp && sdp->write_back > 0) taken = std::max(0.0, taken - sdp->write_back - (tail - sdp->acknowledge));
  const double held = output / c.transfers * c.timing.credits * beat;
  const double computed = run.last_package + stall;
  const double package_done =
      std::max(computed, last_transfer - (last_transfer_of(last_package) - last_package) - taken - held);
  // Nor does CACC wait for a stage of SDP that sets the pace, as far as the registers in front of it hold
  // transfers.
  const double fast = last_positions * (c.plan.transfers_per_position + c.timing.delivery_gap);
  const double in_front = sdp ? std::max(0.0, sdp->ahead * sdp->cycles_with_operands - sdp->ahead_depth) : 0;
  const double transfer_done = std::max(last_transfer_of(computed), last_transfer - taken);
  const double handed_over = std::max(computed + c.timing.accumulate + fast - 1, transfer_done - in_front);
  if (all_written > 0) phases.until(bandwidth_of(written_to), all_written);
  phases.until(Resource::kDownstream, last_transfer);
  if (sdp && sdp->acknowledge > 0) {
    phases.until(sdp->resource, last_transfer + tail - sdp->acknowledge);
    phases.add(latency_of(sdp->write_space), sdp->write_latency);
    phases.until(Resource::kWritePath, last_transfer + tail);
  }
  phases.until(sdp ? sdp->resource : Resource::kDownstream, last_transfer + tail);
  // No schedule is faster than the binding resource.
  const auto binding =
      std::max_element(estimate.bounds.begin(), estimate.bounds.end(),
                       [](const Bound& x, const Bound& y) { return x.cycles() < y.cycles(); });
  phases.until(binding->resource, binding->cycles());
  const double later = std::max(0.0, binding->cycles() - last_transfer - tail);
  estimate.take_phases(phases.take());
  estimate.data_done = run.data_done;
  estimate.weights_done = run.weights_done;
  estimate.fetch_done = std::max(run.data_done, run.weights_done);
  estimate.first_transfer = first_transfer;
  estimate.write_buffer = (taken + held) / beat;
  estimate.last_transfer = transfer_done + later;
  estimate.accumulate_interrupt = handed_over + c.timing.interrupt + later;
  estimate.taken_before = transfer_done - (last_transfer - taken);
  estimate.sequence_done = package_done + last_positions - 1 + c.timing.sequence_done + later;
  return estimate;
}

}  // namespace nvdla::amaix
