// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_plan.h"

#include <algorithm>

#include "operation/divide.h"
#include "operation/image_stripe.h"

namespace nvdla::amaix {

StripeRule stripe_rule(const HardwareParameters& hardware, const ConvolutionSequence& sequence) {
  if (sequence.input_format == InputFormat::kPixel) return {image_stripe(hardware), image_stripe(hardware)};
  if (hardware.generation == Generation::kV1) {
    if (sequence.mode == ConvolutionMode::kWinograd || sequence.batches == 1) return {16, 32};
    if (sequence.batches <= 3) return {8, 16};
    if (sequence.batches <= 7) return {4, 8};
    if (sequence.batches <= 15) return {2, 4};
    return {1, 1};
  }
  // CSC_sg of the scalable branches. `upper` is the number of positions from which `lower` are taken at once;
  // see stripe_length().
  const std::uint32_t k = hardware.atomic_k_int8;
  return {k, 2 * k};
}

std::uint32_t stripe_length(const HardwareParameters& hardware, StripeRule rule, std::uint32_t left) {
  if (left <= rule.upper) return left;
  // The scalable generation takes the long stripe while another long one remains.
  if (hardware.generation == Generation::kScalable && left >= 2 * rule.upper) return rule.upper;
  return rule.lower;
}

std::uint64_t SequencePlan::positions() const {
  std::uint64_t sum = 0;
  for (const std::uint32_t length : stripes) sum += length;
  return sum * repeats;
}

std::uint32_t SequencePlan::weight_cycles(std::uint32_t group) const {
  return std::max(2U, ceil_div(kernels(group), kernels_per_cycle));
}

std::uint32_t SequencePlan::interval(std::uint32_t length, std::uint32_t group) const {
  const std::uint32_t rounded = ceil_div(length, post_y_extension) * post_y_extension * batches;
  return std::max({minimum_stripe, rounded, weight_cycles(group)});
}

std::uint64_t SequencePlan::mac_cycles() const {
  std::uint64_t sum = 0;
  for (std::uint32_t group = 0; group < groups; ++group) {
    for (const std::uint32_t length : stripes) sum += interval(length, group);
  }
  return sum * blocks * repeats;
}

SequencePlan plan_sequence(const ConvolutionSequence& sequence, const HardwareParameters& hardware) {
  const ConvolutionTiming timing = convolution_timing(hardware);
  const bool image = sequence.input_format == InputFormat::kPixel;
  const bool winograd = sequence.mode == ConvolutionMode::kWinograd;
  const bool int8 = sequence.processing_precision == Precision::kInt8;

  SequencePlan plan;
  plan.minimum_stripe = timing.minimum_stripe;
  plan.kernels_per_cycle = int8 ? timing.kernels_per_cycle_int8 : timing.kernels_per_cycle_16;
  plan.group_kernels = atomic_k(hardware, sequence.processing_precision);
  plan.groups = ceil_div(sequence.kernels, plan.group_kernels);
  plan.last_group_kernels = sequence.kernels - (plan.groups - 1) * plan.group_kernels;
  plan.batches = sequence.batches;
  plan.post_y_extension = image ? std::max(1U, sequence.post_y_extension) : 1;

  const std::uint32_t slice = winograd ? 4 : hardware.atomic_c;
  const std::uint32_t rows = winograd ? 1 : ceil_div(sequence.kernel_height, plan.post_y_extension);
  const std::uint32_t columns = winograd || image ? 1 : sequence.kernel_width;
  plan.blocks = rows * columns * ceil_div(sequence.kernel_channels, slice);

  std::uint32_t positions = sequence.atomics;
  if (image) {
    positions = sequence.output.width;
    plan.repeats = sequence.output.height;
  } else if (winograd) {
    positions = ceil_div(sequence.atomics, 4U);
  }
  const StripeRule rule = stripe_rule(hardware, sequence);
  plan.stripes.reserve(positions / rule.lower + 1);
  for (std::uint32_t left = positions; left > 0;) {
    plan.stripes.push_back(stripe_length(hardware, rule, left));
    left -= plan.stripes.back();
  }
  // One atomic operation gives a result for every kernel of the group, used or not; a transfer carries
  // sdp_throughput elements.
  plan.transfers_per_position =
      std::max(1U, ceil_div(plan.group_kernels, hardware.sdp_throughput)) * (winograd ? 4 : 1);
  return plan;
}

CbufShape cbuf_shape(const HardwareParameters& hardware) {
  return {hardware.cbuf_entry_bytes, hardware.cbuf_entries_per_bank};
}

std::uint64_t WeightPlan::required_compressed(std::uint32_t group) const {
  const std::uint64_t end = group_ends.empty() ? bytes * (group + 1) / groups : group_ends[group];
  return in_whole_lines(end);
}

std::uint64_t WeightPlan::required_mask(std::uint32_t group) const {
  if (group + 1 >= groups) return mask_bytes;
  return std::min(mask_bytes, ceil_div(mask_group_bits * (group + 1) / 8, line_bytes) * line_bytes);
}

std::uint64_t WeightPlan::required_stream(std::uint32_t group) const {
  const std::uint64_t weights = required(group), mask = required_mask(group);
  if (mask_bytes == 0) return weights;
  const std::uint64_t turn = std::uint64_t{weight_turns} * request_bytes,
                      mask_turn = std::uint64_t{mask_turns} * request_bytes;
  const std::uint64_t mask_with = std::min(mask_bytes, (weights / turn + 1) * mask_turn);
  const std::uint64_t weights_with = std::min(bytes, (mask + mask_turn - 1) / mask_turn * turn);
  return sizes_bytes + std::max(weights + mask_with, mask + std::min(weights_with, weights));
}

WeightPlan plan_weights(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  const CbufShape shape = cbuf_shape(hardware);
  WeightPlan plan;
  plan.address = fetch.weight_address;
  plan.bytes = fetch.weight_bytes;
  plan.group_kernels = atomic_k(hardware, fetch.processing_precision);
  plan.groups = ceil_div(fetch.kernels, plan.group_kernels);
  plan.last_group_kernels = fetch.kernels - (plan.groups - 1) * plan.group_kernels;
  plan.group_bytes = std::uint64_t{fetch.bytes_per_kernel} * plan.group_kernels;
  plan.capacity = std::uint64_t{fetch.weight_banks} * shape.entry_bytes * shape.entries_per_bank;
  plan.request_bytes = 8 * hardware.memory_atom_bytes;
  plan.line_bytes = shape.entry_bytes;
  if (fetch.weight_compressed) {
    plan.mask_bytes = fetch.wmb_bytes;
    plan.mask_group_bits = plan.group_bytes / bytes_per_element(fetch.processing_precision);
    plan.weight_turns = fetch.weight_turns;
    plan.mask_turns = fetch.mask_turns;
    std::uint64_t end = 0;
    for (const std::uint32_t size : fetch.group_bytes) plan.group_ends.push_back(end += size);
    plan.sizes_bytes = ceil_div(std::uint64_t{plan.groups} * 4, std::uint64_t{hardware.memory_atom_bytes}) *
                       hardware.memory_atom_bytes;
  }
  return plan;
}

}  // namespace nvdla::amaix
