// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_steady.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/output_room.h"
#include "amaix/weight_arrival.h"

namespace nvdla::amaix {

namespace {

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
  double pace = 1;           // cycles in which SDP takes what is one of the port
  bool ahead = false;        // which are more, in every channel operation
  double last = 0;           // from the begin of the last package to the end
};

// `output`: cycles of the port that its output takes.
GroupWork group_work(const ConvolutionTerms& c, std::uint32_t group, double output) {
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
  if (output > 0) work.pace = std::max(1.0, work.delivery / output);
  work.load = c.plan.weight_cycles(group);
  work.last_interval = c.plan.interval(stripes.back(), group);
  work.first = (c.plan.blocks - 1.0) * c.plan.interval(stripes.front(), group) + c.timing.accumulate;
  return work;
}

double first_request(const ConvolutionTiming& timing, const ConvolutionFetch& fetch,
                     const ConvolutionContext& context, bool data) {
  const bool image = fetch.input_format == InputFormat::kPixel;
  const double request = !data                                      ? timing.weight_request
                         : image                                    ? timing.image_request
                         : fetch.mode == ConvolutionMode::kWinograd ? timing.winograd_request
                                                                    : timing.data_request;
  const bool change = data ? context.data_banks_change : context.weight_banks_change;
  // What the layer before has in other banks is lost when CSC begins.
  return request + (change ? timing.bank_change + std::max(0.0, context.sequence_start) : 0);
}

double first_request(const ConvolutionTerms& c, bool data) {
  return first_request(c.timing, c.fetch, c.context, data);
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
    return c.data_port.time(beats + with + (operands > 0 ? operands * c.operand_weight(c.data_port) : 0));
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

// Phases that a kernel group adds at most, and what comes before and behind all groups.
constexpr std::size_t kGroupPhases = 4, kFillPhases = 12;

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

// Without weights on the port only bandwidth limits its output, which the whole layer counts.
OutputRoom::Port output_room(const ConvolutionTerms& c, double group_beats) {
  OutputRoom::Port port{group_beats, c.weight_port.beat, c.weight_port.pace(), {}};
  if (c.sdp != nullptr && c.context.fetch_weights) port.held = c.sdp->last_buffer;
  return port;
}

// All but the groups.
ConvolutionSchedule undisturbed(const ConvolutionTerms& c, double load) {
  ConvolutionSchedule schedule;
  schedule.groups.reserve(c.plan.groups);
  schedule.data_request = first_request(c, true);
  schedule.weight_request = first_request(c, false);
  schedule.data_tail = c.done_to_sequence() + load;
  schedule.data_pipeline = c.data_to_done() + schedule.data_tail;
  schedule.weight_pipeline = c.timing.weight_to_sequence;
  schedule.data_path = c.data.path / std::max(1.0, c.data.beats);
  schedule.start = c.context.sequence_start + c.timing.start_to_sequence + load;
  schedule.result = c.timing.accumulate;
  schedule.credits = c.held() / c.plan.transfers_per_position / c.plan.batches;
  schedule.credit_return = c.timing.credit_return;
  schedule.stripes = c.plan.stripes;
  for (const std::uint32_t length : c.plan.stripes)
    schedule.stripe_times.push_back(c.stripe_time(length, std::uint32_t{0}));
  schedule.repeats = c.plan.repeats;
  schedule.blocks = c.plan.blocks;
  schedule.position = c.plan.batches * c.position_time();
  schedule.transfers = c.plan.batches * c.plan.transfers_per_position;
  schedule.transfer = c.cycles_per_transfer;
  schedule.unhindered = c.plan.batches * (c.plan.transfers_per_position + c.timing.delivery_gap);
  schedule.burst = c.plan.batches * c.position_time();
  schedule.capacity = static_cast<double>(c.weights.capacity + c.timing.weight_overshoot);
  return schedule;
}

}  // namespace

ConvolutionSchedule fetch_schedule(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                   const ConvolutionContext& context) {
  const ConvolutionTiming timing = convolution_timing(hardware);
  const WeightPlan weights = plan_weights(fetch, hardware);
  ConvolutionSchedule schedule;
  schedule.data_request = first_request(timing, fetch, context, true);
  schedule.weight_request = first_request(timing, fetch, context, false);
  schedule.data_path = 1;
  schedule.capacity = static_cast<double>(weights.capacity + timing.weight_overshoot);
  ConvolutionSchedule::Group all;
  all.required = static_cast<double>(weights.bytes);
  all.stream = static_cast<double>(weights.bytes + weights.mask_bytes + weights.sizes_bytes);
  schedule.groups = {all};
  return schedule;
}

ConvolutionSteady steady(const ConvolutionTerms& c, double output_beats, double written, PhaseList& phases) {
  ConvolutionSteady result;
  const double bus = c.hardware.dbb_width_bytes;
  const auto capacity = static_cast<double>(c.weights.capacity + c.timing.weight_overshoot);
  const std::uint32_t last = c.plan.groups - 1;
  const std::uint32_t length = c.plan.stripes.back();
  // Cycles of what SDP moves for a group on the port of the weights, which its successors wait for.
  const double output = output_beats / c.plan.groups * c.weight_port.beat;
  const GroupWork full = group_work(c, 0, output);
  const bool alike = c.plan.weight_cycles(last) == c.plan.weight_cycles(0);
  const GroupWork rest = alike ? full : group_work(c, last, output);
  // The weights of the last group are loaded under the last package of the one before.
  GroupWork before_rest = full;
  if (rest.last_interval != full.last_interval) {
    const double issue = (c.plan.blocks - 1.0) * full.last_interval + rest.last_interval;
    before_rest.time += c.stripe_time(length, issue) - c.stripe_time(length, 0U);
    before_rest.unhindered += rest.last_interval - full.last_interval;
    before_rest.last += rest.last_interval - full.last_interval;
    before_rest.last_interval = rest.last_interval;
  }
  const WeightArrival arrives(c, first_request(c, false));
  phases.reserve(std::size_t{c.plan.groups} * kGroupPhases + kFillPhases);
  struct Group {
    double required = 0;  // bytes of weights that must have come
    double released = 0;  // when CSC releases them
    double output = 0;    // its first on the bus, if the port had taken all of it at once
    double stripe = 0;    // cycles between its stripes
    double pace = 1;      // in which SDP takes what is a cycle of the port
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
  // From a group's release, when its last package begins, to the first output of that.
  const double to_bus =
      c.timing.accumulate - c.timing.weight_release + (c.sdp == nullptr ? 0 : c.sdp->write_tail);
  // Cycles of the port that a group's output has had by a time: a part behind each of its stripes, as fast as
  // SDP takes it.
  const double stripes = static_cast<double>(c.plan.stripes.size()) * c.plan.repeats;
  const double part = output / stripes;
  const auto passes = [&](const Group& group, double at) {
    const double since = at - group.output;
    if (since <= 0) return since;
    if (part * group.pace >= group.stripe) return since / group.pace;
    const double whole = std::min(stripes - 1, whole_part(since / group.stripe));
    const double rest = (since - whole * group.stripe) / group.pace;
    return whole * part + (whole < stripes - 1 ? std::min(part, rest) : rest);
  };
  const double lag = c.sdp == nullptr ? 0 : c.sdp->write_tail;
  double delivered = 0;  // the results of the groups before
  double in_time = 0;    // the end of the group before, if the port had taken all output
  std::optional<OutputRoom> behind;
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
      const std::uint64_t required = c.weights.required(group);
      const double bytes = groups[group].required = static_cast<double>(required);
      const double stream = static_cast<double>(c.weights.mask_bytes == 0 ? c.weights.in_whole_lines(required)
                                                                          : c.weights.required_stream(group));
      const auto [passed, unhindered] = arrives.of(stream / bus);
      double arrival = unhindered;
      if (group > 0) {
        // The output of the groups before has its beats of the port in turn with those of the weights.
        double alone = arrives.on_bus(passed);
        if (late) alone = std::max(alone, arrived + (stream - asked) / bus * pace - moved);
        for (;; ++gone) {
          const double behind = alone + gone * output;
          arrival = std::max(unhindered, late ? std::max(behind, alone + moved) : behind);
          if (gone == group) break;
          const double beside = passes(groups[gone], arrival);
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
          const double waiting = bytes - std::max(group == 0 ? 0 : groups[group - 1].required, before_room);
          const double after_room =
              groups[room].released + c.weight_port.latency + c.weight_port.time(waiting / bus);
          waits_for_room = after_room > arrival;
          arrival = std::max(arrival, after_room);
        }
      }
      arrived = arrival;
      late = arrival > unhindered;
      if (late) {
        double beside = 0;  // of the first group whose output has not passed
        for (; gone < group; ++gone) {
          beside = std::max(0.0, passes(groups[gone], arrival));
          if (beside < output) break;
        }
        moved = gone * output + (gone < group ? beside : 0);
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
    if (group == 0)
      behind.emplace(output_room(c, output / c.weight_port.beat), start + work.first + lag,
                     arrives.of(c.prefetched_beats()).at);
    delivered = std::max(delivered, start + work.first) + work.delivery;
    if (!work.ahead) delivered = std::max(delivered, start + time + c.timing.accumulate);
    const double late = behind->late(delivered + lag);
    delivered += late;
    double undelayed = time;
    if (work.ahead || late > 0) {
      result.delivered = delivered;
      if (work.ahead) time = work.unhindered;
      undelayed = std::max(time, delivered - late - held + work.last - start);
      time = std::max(time, delivered - held + work.last - start);
    }
    add_group(c, work, time, phases);
    in_time = std::max(group == 0 ? start : in_time, ready) + undelayed;
    previous = start + time;
    groups[group].released = previous - work.last_interval + c.timing.weight_release;
    groups[group].stripe = undelayed / stripes;
    groups[group].output =
        groups[group].released - (time - undelayed) + to_bus - (stripes - 1) * groups[group].stripe;
    groups[group].pace = work.pace;
    if (schedule != nullptr)
      schedule->groups.push_back({groups[group].required, asked, undelayed,
                                  groups[group].released - (previous - undelayed), work.first, load});
  }
  if (c.context.fetch_weights) result.weights_done = arrived + c.timing.weight_done;
  result.end = previous;
  result.late = previous - in_time;
  result.last_package = rest.ahead ? result.end - rest.last
                                   : result.end - c.stripe_time(length, last) +
                                         (c.plan.blocks - 1.0) * c.plan.interval(length, last);
  return result;
}

}  // namespace nvdla::amaix
