// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_estimate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "amaix/convolution_terms.h"
#include "amaix/port_time.h"

namespace nvdla::amaix {

namespace {

ConvolutionPort port(const memory::MemorySystem& memory, MemorySpace space,
                     const HardwareParameters& hardware) {
  const memory::MemoryDescription& found = port_memory(memory, space);
  return {beat_time(found, hardware), static_cast<double>(found.latency), read_limit(found, hardware)};
}

// `counted`: where it is kept when the caller does not know it.
const ConvolutionDataWork& data_of(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                   const ConvolutionContext& context, ConvolutionDataWork& counted) {
  if (context.fetch_data && context.data != nullptr) return *context.data;
  if (context.fetch_data) counted = convolution_data_work(fetch, hardware);
  return counted;
}

// What the groups of one operation have in common: all but the last are equal.
struct GroupWork {
  double time = 0;           // cycles of the group
  double atomics = 0;        // atomic operations
  double issue = 0;          // their issue intervals
  double load = 0;           // of the weights of a package
  double last_interval = 0;  // of the last stripe
  double first = 0;          // from its begin to its first result
  double unhindered = 0;     // the same, its results leaving as fast as they come
  double delivery = 0;       // cycles in which its results leave CACC
  bool ahead = false;        // which are more, in every channel operation
  double last = 0;           // from the begin of the last package to the end
};

GroupWork group_work(const ConvolutionTerms& c, std::uint32_t group) {
  GroupWork work;
  bool slower = true;
  const std::vector<std::uint32_t>& stripes = c.plan.stripes;
  for (std::size_t first = 0; first < stripes.size();) {  // all but the last ones are alike
    const std::uint32_t length = stripes[first];
    std::size_t end = first + 1;
    while (end < stripes.size() && stripes[end] == length) ++end;
    const auto alike = static_cast<double>(end - first);
    const double issue = static_cast<double>(c.plan.blocks) * c.plan.interval(length, group);
    const double positions = static_cast<double>(length) * c.plan.batches;
    const double credited = c.credited_time(length, issue), delivery = positions * c.position_time();
    work.time += alike * std::max(credited, delivery);
    work.atomics += alike * (static_cast<double>(c.plan.blocks) * positions);
    work.issue += alike * issue;
    work.unhindered += alike * credited;
    slower = slower && delivery >= credited;
    work.last = credited - (c.plan.blocks - 1.0) * c.plan.interval(length, group);
    work.delivery += alike * delivery;
    first = end;
  }
  work.time *= c.plan.repeats;
  work.unhindered *= c.plan.repeats;
  work.delivery *= c.plan.repeats;
  work.ahead = slower && work.delivery > work.unhindered;
  work.load = c.plan.weight_cycles(group);
  work.last_interval = c.plan.interval(stripes.back(), group);
  work.first = (c.plan.blocks - 1.0) * c.plan.interval(stripes.front(), group) + c.timing.accumulate;
  return work;
}

double first_request(const ConvolutionTerms& c, bool data) {
  const double request = !data          ? c.timing.weight_request
                         : c.image()    ? c.timing.image_request
                         : c.winograd() ? c.timing.winograd_request
                                        : c.timing.data_request;
  const bool change = data ? c.context.data_banks_change : c.context.weight_banks_change;
  // What the layer before has in other banks is lost when CSC begins.
  return request + (change ? c.timing.bank_change + std::max(0.0, c.context.sequence_start) : 0);
}

// From CDMA's start to the first weight load of CSC, as far as the input is concerned.
double data_ready(const ConvolutionTerms& c) {
  if (!c.context.fetch_data) return 0;
  const bool together = c.fetch.data.space == c.fetch.weight_space && c.context.fetch_weights;
  const double other = together ? c.prefetched_beats() : 0;
  const double path = c.data.path / c.data.beats;  // cycles a beat
  // With the weights, then alone; the end is that of what a beat leaves behind it on the path.
  const double shared =
      together ? std::min(c.data.beats - c.data_before_weights(), c.turns.data_with(other)) : 0;
  // When so many of its beats have passed, with the weights and operands between them.
  const auto port_time = [&](double beats) {
    const double with = together ? std::min(other, c.turns.weights_with(std::min(beats, shared))) : 0;
    const double operands = c.operand_beats(c.fetch.data.space, c.data.chunks * beats / c.data.beats);
    return c.data_port.time(beats + with + operands);
  };
  double time = 0;
  if (c.winograd()) {
    for (const ConvolutionDataWork::Behind& behind : c.data.behind)
      time = std::max(time, port_time(behind.beat + 1) + behind.cycles);
  } else {
    const double with = std::max(1.0, shared);
    time = std::max(
        {c.data.path, port_time(with) + (c.data.beats - with + 1) * path, port_time(c.data.beats) + path});
  }
  const double pipeline = c.data_to_done() + c.done_to_sequence();
  const double ready = first_request(c, true) + c.data_port.latency + time + pipeline;
  // What finds no room beside the layer before is asked for when that has been released.
  const CbufShape shape = cbuf_shape(c.hardware);
  const double need = data_entries(c.fetch);
  const double capacity = static_cast<double>(c.fetch.data_banks) * shape.entries_per_bank;
  if (need + c.context.held_entries <= capacity) return ready;
  const double late = need - data_entries_in(c.fetch, capacity - c.context.held_entries);
  const double rest = late / need * c.data.beats;
  const double rest_time = std::max(c.data_port.time(rest) + path, rest * path);
  return std::max(ready, c.context.data_released + c.data_port.latency + rest_time + pipeline);
}

// From CDMA's start to the arrival of the first `beats` of weights, unhindered by the banks.
class WeightArrival {
 public:
  explicit WeightArrival(const ConvolutionTerms& c)
      : c_(c),
        other_(c.fetch.data.space == c.fetch.weight_space && c.context.fetch_data
                   ? c.data.beats - c.data_before_weights()
                   : 0),
        operands_(c.operand_beats(c.fetch.weight_space, std::numeric_limits<double>::infinity()) > 0),
        chunk_(c.hardware.mcif_chunk_beats),
        first_(first_request(c, false) + c.weight_port.latency) {}

  // With what comes between them.
  [[nodiscard]] double passed(double beats) const {
    const double data = other_ > 0 ? std::min(other_, c_.turns.data_with(beats)) : 0;
    return beats + data + (operands_ ? c_.operand_beats(c_.fetch.weight_space, beats / chunk_) : 0);
  }
  [[nodiscard]] double at(double passed) const { return first_ + c_.weight_port.time(passed); }
  // If only bandwidth limits them.
  [[nodiscard]] double on_bus(double passed) const { return first_ + (passed - 1) * c_.weight_port.beat; }

 private:
  const ConvolutionTerms& c_;
  const double other_;   // beats of data beside them
  const bool operands_;  // of SDP beside them
  const double chunk_;   // of weights
  const double first_;
};

// Phases that a kernel group adds at most, and what comes before and behind all groups.
constexpr std::size_t kGroupPhases = 4, kFillPhases = 12;

struct Steady {
  double start = 0, end = 0, last_package = 0, data_done = 0, weights_done = 0;
  double delivered = 0;  // the results that CSC works ahead of
  double written = 0;    // all output, if only the port holds it up
};

// The parts of the time in which CSC works on one group: atomic operations, the rest of their issue
// intervals, and what delivery takes beyond them.
void add_group(const ConvolutionTerms& c, const GroupWork& work, double time, PhaseList& phases) {
  const double end = phases.end() + time;
  phases.add(Resource::kMacArray, work.atomics * c.plan.repeats);
  phases.add(Resource::kWeightLoad, (work.issue - work.atomics) * c.plan.repeats);
  phases.until(Resource::kDownstream, end);
}

// From CDMA's start to the first weight load, for the fetch that ends later.
void add_fill(const ConvolutionTerms& c, bool data, double until, PhaseList& phases) {
  const ConvolutionPort& from = data ? c.data_port : c.weight_port;
  const MemorySpace space = data ? c.fetch.data.space : c.fetch.weight_space;
  const Resource own = data ? Resource::kDataFetch : Resource::kWeightFetch;
  const double pipeline = data ? c.data_to_done() + c.done_to_sequence() : c.timing.weight_to_sequence;
  const bool path_binds = data && c.data.path > c.data.beats * from.beat;
  phases.add(own, std::min(until, first_request(c, data)));
  phases.add(latency_of(space), std::min(from.latency, until - phases.end()));
  phases.until(path_binds ? own : bandwidth_of(space), until - pipeline);
  phases.until(own, until);
}

// All but the groups.
ConvolutionSchedule undisturbed(const ConvolutionTerms& c, double load) {
  ConvolutionSchedule schedule;
  schedule.groups.reserve(c.plan.groups);
  schedule.data_request = first_request(c, true);
  schedule.weight_request = first_request(c, false);
  schedule.data_tail = c.done_to_sequence() + load;
  schedule.data_pipeline = c.data_to_done() + schedule.data_tail;
  schedule.weight_pipeline = c.timing.weight_to_sequence + load;
  schedule.data_path = c.data.path / std::max(1.0, c.data.beats);
  schedule.start = c.context.sequence_start + c.timing.start_to_sequence + load;
  schedule.result = c.timing.accumulate;
  schedule.capacity = static_cast<double>(c.weights.capacity + c.timing.weight_overshoot);
  return schedule;
}

// `written`: cycles of the port for all that SDP writes.
Steady steady(const ConvolutionTerms& c, double output_beats, double written, PhaseList& phases) {
  Steady result;
  const double bus = c.hardware.dbb_width_bytes;
  const auto capacity = static_cast<double>(c.weights.capacity + c.timing.weight_overshoot);
  const std::uint32_t last = c.plan.groups - 1;
  const std::uint32_t length = c.plan.stripes.back();
  const GroupWork full = group_work(c, 0), rest = group_work(c, last);
  // The weights of the last group are loaded under the last package of the one before.
  GroupWork before_rest = full;
  if (rest.last_interval != full.last_interval) {
    const double issue = (c.plan.blocks - 1.0) * full.last_interval + rest.last_interval;
    before_rest.time += c.stripe_time(length, issue) - c.stripe_time(length, 0U);
    before_rest.unhindered += rest.last_interval - full.last_interval;
    before_rest.last += rest.last_interval - full.last_interval;
    before_rest.last_interval = rest.last_interval;
  }
  const WeightArrival arrives(c);
  phases.reserve(std::size_t{c.plan.groups} * kGroupPhases + kFillPhases);
  struct Group {
    double required = 0;  // bytes of weights that must have come
    double released = 0;  // when CSC releases them
  };
  std::vector<Group> groups(c.plan.groups);
  ConvolutionSchedule* const schedule = c.context.schedule;
  if (schedule != nullptr) *schedule = undisturbed(c, full.load);
  const double pace = c.weight_port.pace();
  // CSC works ahead of a delivery that is slower than it, as far as CACC's buffer and the registers of SDP
  // hold results: the last package of a group waits until they have room for its channel operation.
  const double held = c.held() / c.plan.transfers_per_position * c.position_time() - c.timing.credit_return;
  written /= c.plan.groups;
  double previous = 0;
  // Cycles of what SDP moves for a group on the port of the weights, which its successors wait for.
  const double output = output_beats / c.plan.groups * c.weight_port.beat;
  // From a group's release, when its last package begins, to the first output of that.
  const double to_bus =
      c.timing.accumulate - c.timing.weight_release + (c.sdp == nullptr ? 0 : c.sdp->write_tail);
  std::uint32_t gone = 0;         // groups whose output has passed
  double arrived = 0, asked = 0;  // the weights of the group before, and the bytes of the stream up to them
  bool late = false;              // than its turn on the port
  double moved = 0;               // cycles of output that have passed by then
  std::uint32_t room = 0;         // the first group whose release makes room for the bytes of the present one
  for (std::uint32_t group = 0; group < c.plan.groups; ++group) {
    const GroupWork& work = group == last ? rest : group + 1 == last ? before_rest : full;
    const double load = work.load;
    double ready = 0;
    bool waits_for_room = false;
    if (c.context.fetch_weights) {
      const double bytes = groups[group].required = static_cast<double>(c.weights.required(group));
      const double before = group == 0 ? 0 : groups[group - 1].required;
      const double stream =
          c.weights.mask_bytes == 0 ? bytes : static_cast<double>(c.weights.required_stream(group));
      const double passed = arrives.passed(stream / bus), unhindered = arrives.at(passed);
      double arrival = unhindered;
      if (group > 0) {
        // The output of the groups before has its beats of the port in turn with those of the weights.
        double alone = arrives.on_bus(passed);
        if (late) alone = std::max(alone, arrived + (stream - asked) / bus * pace - moved);
        for (;; ++gone) {
          const double behind = alone + gone * output;
          arrival = std::max(unhindered, late ? std::max(behind, alone + moved) : behind);
          if (gone == group) break;
          const double beside = arrival - groups[gone].released - to_bus;
          if (beside >= output) continue;
          if (beside > 0) arrival = std::max(arrival, behind + beside);
          break;
        }
      }
      asked = stream;
      // The bytes beyond the banks wait for the first group whose release makes room for them; what a group
      // needs in all rises with its number, and so does that group.
      if (bytes > capacity) {
        while (room < group && capacity + groups[room].required < bytes) ++room;
        if (room < group) {
          const double before_room = capacity + (room == 0 ? 0 : groups[room - 1].required);
          const double waiting = std::min(bytes - before, bytes - before_room);
          const double after_room =
              groups[room].released + c.weight_port.latency + c.weight_port.time(waiting / bus);
          waits_for_room = after_room > arrival;
          arrival = std::max(arrival, after_room);
        }
      }
      arrived = arrival;
      late = arrival > unhindered;
      if (late) {
        const auto beside = [&] { return arrival - groups[gone].released - to_bus; };
        while (gone < group && beside() >= output) ++gone;
        moved = gone * output + (gone < group ? std::max(0.0, beside()) : 0);
      }
      ready = arrival + c.timing.weight_to_sequence + load;
    }
    if (group == 0) {
      const double data = data_ready(c);
      result.data_done = data - (c.context.fetch_data ? c.done_to_sequence() : 0);
      previous = std::max(data, c.context.sequence_start + c.timing.start_to_sequence) + load;
      result.start = std::max(previous, ready);
      if (schedule != nullptr) schedule->begin = result.start;
      add_fill(c, ready <= previous, result.start - load, phases);
      phases.until(Resource::kWeightLoad, result.start);
    }
    const double start = std::max(previous, ready);
    phases.until(waits_for_room ? Resource::kCbufSpace : bandwidth_of(c.fetch.weight_space), start);
    double time = work.time;
    result.written = std::max(result.written, start + work.first) + written;
    if (work.ahead) {
      result.delivered = std::max(result.delivered, start + work.first) + work.delivery;
      time = std::max(work.unhindered, result.delivered - held + work.last - start);
    }
    add_group(c, work, time, phases);
    previous = start + time;
    groups[group].released = previous - work.last_interval + c.timing.weight_release;
    if (schedule != nullptr)
      schedule->groups.push_back({groups[group].required, asked, time, groups[group].released - start});
  }
  if (c.context.fetch_weights) result.weights_done = arrived + c.timing.weight_done;
  result.end = previous;
  result.last_package = rest.ahead ? result.end - rest.last
                                   : result.end - c.stripe_time(length, last) +
                                         (c.plan.blocks - 1.0) * c.plan.interval(length, last);
  return result;
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
  const ConvolutionTerms c{fetch,
                           hardware,
                           context,
                           convolution_timing(hardware, sequence.processing_precision),
                           plan_sequence(sequence, hardware),
                           plan_weights(fetch, hardware),
                           data_of(fetch, hardware, context, counted),
                           port(memory, fetch.data.space, hardware),
                           port(memory, fetch.weight_space, hardware),
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
    const auto bound_limit = [&](const OpenLimit& limit, const std::array<std::uint64_t, kClients>& moved,
                                 double gone) {
      const double part = std::accumulate(moved.begin(), moved.end(), -gone);
      if (part > limit.open * bus)
        estimate.bounds.push_back({Resource::kOutstanding, part, limit.rate() * bus});
    };
    bound_limit(read_limit(description, hardware), traffic.read, before);
    bound_limit(write_limit(description, hardware), traffic.written, 0);
  };
  bound_port(all_dbb, MemorySpace::kDbb);
  if (memory.cvsram) bound_port(all_cvsram, MemorySpace::kCvsram);

  if (level == Level::kRoofline) {
    estimate.take_roofline();
    return estimate;
  }

  PhaseList phases;
  const Steady run = steady(c, c.output_beats(memory), sdp ? sdp->write_time : 0, phases);
  // Output, and the weights that are not there at the start, share the port while CSC works.
  const ConvolutionPort dbb = port(memory, MemorySpace::kDbb, hardware);
  const double weights_left = context.fetch_weights ? c.weight_beats() - c.arrived_beats(run.start) : 0;
  const double output =
      sdp ? static_cast<double>(sdp->dbb.total()) / bus - c.operands_before_start(MemorySpace::kDbb) : 0;
  const double first_package = run.start + (c.plan.blocks - 1.0) * c.plan.interval(c.plan.stripes.front(), 0);
  const double first_transfer = std::max(first_package + c.timing.accumulate, c.sdp_ready());
  const double late = first_transfer - c.timing.accumulate - first_package;
  const double stall = late > 0 ? c.stall(first_package, first_transfer, run.end - run.start) : 0;
  const double steady_end = std::max(run.end + stall, run.start + dbb.time(weights_left));
  phases.until(Resource::kDbbBandwidth, steady_end);

  const double last_positions = static_cast<double>(c.plan.stripes.back()) * c.plan.batches;
  // The last transfer: after its own channel operation, and not before all transfers could pass.
  const double all_transfers =
      std::max(first_transfer + c.transfers / c.plan.transfers_per_position * c.position_time(),
               run.delivered + stall) -
      1;
  const auto last_transfer_of = [&](double package) {
    return std::max(package + c.timing.accumulate + last_positions * c.position_time() - 1, all_transfers);
  };
  const double last_package = steady_end - (run.end - run.last_package);
  // Nor is the last beat written before all others are, from the first result on, and those of the last
  // channel operation from its first one on.
  const double tail = sdp ? sdp->interrupt_tail : c.timing.interrupt;
  double all_written = run.start + (weights_left + output) * dbb.beat;
  if (sdp && sdp->acknowledge > 0) {
    const double beat = c.write_beat(memory), beats = c.written_beats(memory);
    // A unit leaves when it is whole.
    const double last_beats =
        sdp->write_time / beat * last_positions * c.plan.transfers_per_position / c.transfers;
    const double positions = std::min(1.0, sdp->write_unit / last_beats) * last_positions;
    const double first_unit = std::max(0.0, positions - 1) * c.position_time();
    const double written = std::max({first_transfer + beats * beat, run.written + stall,
                                     last_package + c.timing.accumulate + first_unit + last_beats * beat});
    all_written = std::max(written - beat + sdp->write_tail, all_written) + sdp->acknowledge - tail;
  }
  const double last_transfer = std::max(last_transfer_of(last_package), all_written);
  // Beats that SDP's write path holds let CACC be done before they are written, and what its own buffer holds
  // lets CSC be.
  const double taken = sdp ? sdp->write_buffer * dbb.beat : 0;
  const double held = output / c.transfers * c.timing.credits * dbb.beat;
  const double computed = run.last_package + stall;
  const double package_done =
      std::max(computed, last_transfer - (last_transfer_of(last_package) - last_package) - taken - held);
  const double transfer_done = std::max(last_transfer_of(computed), last_transfer - taken);
  const MemorySpace written_to = sdp ? sdp->write_space : MemorySpace::kDbb;
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
  estimate.take_phases(phases.take());
  estimate.data_done = run.data_done;
  estimate.weights_done = run.weights_done;
  estimate.fetch_done = std::max(run.data_done, run.weights_done);
  estimate.first_transfer = first_transfer;
  estimate.write_buffer = (taken + held) / dbb.beat;
  estimate.accumulate_interrupt = transfer_done + c.timing.interrupt;
  estimate.taken_before = transfer_done - (last_transfer - taken);
  estimate.sequence_done = package_done + last_positions - 1 + c.timing.sequence_done;
  return estimate;
}

}  // namespace nvdla::amaix
