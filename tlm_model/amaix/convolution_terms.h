// SPDX-License-Identifier: Apache-2.0
// The terms of a convolution's closed form (amaix/convolution_estimate.h): what its ports, its plans, and the
// SDP behind it say of one operation.
#pragma once

#include <algorithm>
#include <cmath>

#include "amaix/convolution_estimate.h"
#include "amaix/port_time.h"
#include "hardware/convolution_timing.h"

namespace nvdla::amaix {

struct ConvolutionPort {
  double beat = 1;  // cycles of one beat when nothing else uses the port
  double latency = 0;
  OpenLimit limit;  // of all reads
  // Cycles from the first of `beats` beats to the last.
  [[nodiscard]] double time(double beats) const { return limit.span(beats, beat); }
  [[nodiscard]] double pace() const { return limit.pace(beat); }
};

// CDMA's data and weights on one port: their chunks take turns, but data that are asked for slowly get fewer.
// While memory accepts more, a chunk leaves for each of its bursts a cycle; later the reads that return make
// room for others.
class DataTurns {
 public:
  DataTurns(const ConvolutionDataWork& data, const ConvolutionPort& port,
            const HardwareParameters& hardware) {
    if (data.chunks == 0) return;
    const auto bursts = [&](double beats) { return std::max(1.0, beats / hardware.max_burst_beats); };
    const double every = data.requests / data.chunks;  // cycles
    const double chunk = hardware.mcif_chunk_beats;    // of weights
    data_ = data.beats / data.chunks;
    first_ = std::max(1.0, (every - bursts(data_)) / bursts(chunk)) * chunk;
    later_ = std::max(chunk, every / port.pace() - data_);
    if (first_ > chunk) fast_ = port.limit.open / (data_ + first_);
  }
  // Beats of weights that have passed with so many of data; of data with so many of weights.
  [[nodiscard]] double weights_with(double data) const {
    const double chunks = data / data_, fast = std::min(chunks, fast_);
    return fast * first_ + (chunks - fast) * later_;
  }
  [[nodiscard]] double data_with(double weights) const {
    const double fast = std::min(weights / first_, fast_);
    return (fast + (weights - fast * first_) / later_) * data_;
  }

 private:
  double data_ = 1, first_ = 1, later_ = 1;  // beats of data in a turn; of weights
  double fast_ = 0;                          // turns of the first kind
};

struct ConvolutionTerms {
  const ConvolutionFetch& fetch;
  const HardwareParameters& hardware;
  const ConvolutionContext& context;
  const ConvolutionTiming timing;
  const SequencePlan plan;
  const WeightPlan weights;
  const ConvolutionDataWork& data;
  const ConvolutionPort data_port, weight_port;
  const double cycles_per_transfer;
  const SdpOnTheFly* const sdp;
  const DataTurns turns{data, data_port, hardware};
  const double transfers =
      static_cast<double>(plan.positions()) * plan.groups * plan.batches * plan.transfers_per_position;

  // Beats of SDP and PDP behind on the port of the weights, but for operands that come before.
  [[nodiscard]] double output_beats(const memory::MemorySystem& memory) const {
    if (sdp == nullptr) return 0;
    const bool dbb = fetch.weight_space == MemorySpace::kDbb || !memory.cvsram;
    return static_cast<double>((dbb ? sdp->dbb : sdp->cvsram).total()) / hardware.dbb_width_bytes -
           sdp->early_operands[static_cast<std::size_t>(dbb ? MemorySpace::kDbb : MemorySpace::kCvsram)];
  }
  // Beats of SDP and PDP behind where SDP writes, and their time.
  [[nodiscard]] double written_beats(const memory::MemorySystem& memory) const {
    const bool dbb = sdp->write_space == MemorySpace::kDbb || !memory.cvsram;
    return static_cast<double>((dbb ? sdp->dbb : sdp->cvsram).total()) / hardware.dbb_width_bytes -
           operands_before_start(dbb ? MemorySpace::kDbb : MemorySpace::kCvsram);
  }
  [[nodiscard]] double write_beat(const memory::MemorySystem& memory) const {
    return beat_time(port_memory(memory, sdp->write_space), hardware);
  }
  // SDP's operands between the first beats of CDMA: what was asked for before CDMA's first request and has
  // not passed by then, and the others in turn.
  struct Operands {
    double before = 0;
    double rest = 0;            // of the others
    double turn = 0, gone = 0;  // of them: in a round of the port; below 0, less in the first ones
    // In `rounds`.
    [[nodiscard]] double beats(double rounds) const {
      return before + std::max(0.0, std::min(rest, rounds * turn + gone));
    }
  };
  [[nodiscard]] Operands operands_between(MemorySpace space) const {
    if (sdp == nullptr) return {};
    const double early = sdp->early_operands[static_cast<std::size_t>(space)];
    if (early == 0) return {};
    const double ahead = context.operands_ahead, gone = ahead / operand_pace(space);
    const double open = std::max(0.0, gone) + sdp->operand_limit[static_cast<std::size_t>(space)].open;
    const double asked = std::clamp(ahead * hardware.max_burst_beats, 0.0, std::min(early, open));
    return {std::max(0.0, asked - std::max(0.0, gone)), early - asked,
            sdp->operand_turn[static_cast<std::size_t>(space)], std::min(0.0, gone)};
  }
  [[nodiscard]] double operand_beats(MemorySpace space, double rounds) const {
    return operands_between(space).beats(rounds);
  }
  // Cycles of a beat of them on the port of CDMA's data or weights.
  [[nodiscard]] double operand_pace(MemorySpace space) const {
    const ConvolutionPort& port = space == fetch.data.space ? data_port : weight_port;
    return sdp->operand_limit[static_cast<std::size_t>(space)].pace(port.beat);
  }
  // Few open bursts: the beats of that port's bursts in whose place one of them comes.
  [[nodiscard]] double operand_weight(const ConvolutionPort& port) const {
    const bool few = port.limit.burst > 0 && port.limit.turn > port.limit.open * port.beat;
    return few ? std::max(1.0, port.limit.burst / sdp->operand_chunk) : 1;
  }
  // Those before CDMA's first request.
  [[nodiscard]] double operands_before_fetch(MemorySpace space) const {
    if (sdp == nullptr) return 0;
    return std::clamp(context.operands_ahead / operand_pace(space), 0.0,
                      sdp->early_operands[static_cast<std::size_t>(space)]);
  }
  // Both.
  [[nodiscard]] double operands_before_start(MemorySpace space) const {
    if (sdp == nullptr) return 0;
    return std::min(sdp->early_operands[static_cast<std::size_t>(space)],
                    operands_before_fetch(space) + operand_beats(space, data.chunks));
  }

  [[nodiscard]] bool image() const { return fetch.input_format == InputFormat::kPixel; }
  [[nodiscard]] bool winograd() const { return !image() && fetch.mode == ConvolutionMode::kWinograd; }
  // From the last beat of data on the bus, and from the done bit, to the first weights at the MAC cells.
  [[nodiscard]] double data_to_done() const {
    return image()      ? timing.image_done
           : winograd() ? timing.winograd_return + timing.winograd_done
                        : timing.data_return + timing.data_done;
  }
  [[nodiscard]] double done_to_sequence() const {
    return image()      ? timing.image_to_sequence
           : winograd() ? timing.winograd_to_sequence
                        : timing.data_to_sequence;
  }
  // Cycles that CACC and SDP need for a position: CACC's gap between positions is part of what a slower SDP,
  // or the PDP behind it, takes.
  [[nodiscard]] double position_time() const {
    return std::max<double>(plan.transfers_per_position * cycles_per_transfer,
                            plan.transfers_per_position + timing.delivery_gap);
  }
  [[nodiscard]] double weight_beats() const {
    return static_cast<double>(weights.bytes + weights.mask_bytes + weights.sizes_bytes) /
           hardware.dbb_width_bytes;
  }
  // Beats of weights that the banks take before CSC releases any.
  [[nodiscard]] double prefetched_beats() const {
    return std::min(weight_beats(), static_cast<double>(weights.capacity + timing.weight_overshoot) /
                                        hardware.dbb_width_bytes);
  }
  // Beats of data that come while weights wait for CSC to lose what other banks hold.
  [[nodiscard]] double data_before_weights() const {
    if (context.data_banks_change || !context.weight_banks_change || context.sequence_start <= 0) return 0;
    return std::min(data.beats, context.sequence_start / data_port.pace());
  }
  // Beats of weights that have come when CSC starts, `start` cycles after CDMA.
  [[nodiscard]] double arrived_beats(double start) const {
    const double request =
        timing.weight_request +
        (context.weight_banks_change ? timing.bank_change + std::max(0.0, context.sequence_start) : 0);
    const double time = start - request - weight_port.latency;
    const double bus = time > 0 ? weight_port.limit.beats_in(time, weight_port.beat) : 0;
    const bool together = context.fetch_data && fetch.data.space == fetch.weight_space;
    return std::clamp(bus - (together ? data.beats - data_before_weights() : 0), 0.0, prefetched_beats());
  }
  // SDP and its operands are there for a result of CACC.
  [[nodiscard]] double sdp_ready() const {
    if (sdp == nullptr) return 0;
    const double operands = sdp->operands_ready > 0 ? sdp->operands_ready - context.operands_ahead : 0;
    return std::max(context.sdp_start, operands) - sdp->entry;
  }
  // From the first result on, which is taken then: operands that find no place before come a turn later, and
  // what is written of them behind those.
  [[nodiscard]] double late_written(double first_transfer, const memory::MemorySystem& memory) const {
    if (sdp->late_output == 0) return 0;
    const MemorySpace space = memory.cvsram ? sdp->write_space : MemorySpace::kDbb;
    const double beats = sdp->late_operands[static_cast<std::size_t>(space)] + sdp->late_output;
    return first_transfer + sdp->late_turn + beats * write_beat(memory);
  }
  // The last transfer cannot be before its operands are there.
  [[nodiscard]] double operands_end() const {
    return sdp == nullptr || sdp->operands_end == 0 ? 0
                                                    : sdp->operands_end - context.operands_ahead - sdp->entry;
  }
  // CACC's buffer, and the registers of SDP, take all results.
  [[nodiscard]] bool held_by_cacc() const {
    return transfers <= timing.credits + (sdp == nullptr ? 0 : sdp->ahead);
  }
  // Cycles for which CSC waits for credits when the first result is taken late; the buffers take what
  // CSC does before. `steady`: of all channel operations.
  [[nodiscard]] double stall(double first_package, double first_transfer, double steady) const {
    if (held_by_cacc()) return 0;
    const double room = timing.credits + sdp->ahead;
    const double stripe =
        static_cast<double>(plan.stripes.front()) * plan.batches * plan.transfers_per_position;
    const double whole = std::floor(room / stripe);
    if (whole * stripe >= transfers) return 0;
    const double unhindered = first_package + whole * stripe / transfers * steady;
    const double lacking = ((whole + 1) * stripe - room) / plan.transfers_per_position;
    return std::max(0.0, first_transfer + lacking * position_time() + timing.credit_return - unhindered);
  }
  // Transfers that CACC's buffer and the registers of SDP hold.
  [[nodiscard]] double held() const { return timing.credits + (sdp == nullptr ? 0.0 : sdp->ahead); }
  // Cycles of one channel operation.
  [[nodiscard]] double stripe_time(std::uint32_t length, std::uint32_t group) const {
    return stripe_time(length, static_cast<double>(plan.blocks) * plan.interval(length, group));
  }
  // The same; `issue`: of its packages.
  [[nodiscard]] double stripe_time(std::uint32_t length, double issue) const {
    return std::max(credited_time(length, issue), length * plan.batches * position_time());
  }
  // Behind a delivery that is not the slowest: when the delivery buffer, and the registers of SDP, hold no
  // second channel operation, the next waits for the credits that it lacks.
  [[nodiscard]] double credited_time(std::uint32_t length, double issue) const {
    const double positions = static_cast<double>(length) * plan.batches;
    const double lacking = 2 * positions - held() / plan.transfers_per_position;
    if (lacking <= 0) return issue;
    return std::max(issue, timing.accumulate - 1.0 + std::min(positions, lacking) * position_time() +
                               timing.credit_return);
  }
};

}  // namespace nvdla::amaix
