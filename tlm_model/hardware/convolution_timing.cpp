// SPDX-License-Identifier: Apache-2.0
#include "hardware/convolution_timing.h"

#include <algorithm>

#include "hardware/paths/convolution.h"

namespace nvdla {

namespace {

constexpr ConvolutionTiming depths(const paths::ConvolutionPaths& paths) {
  ConvolutionTiming timing;
  timing.data_request = paths.data_request.cycles();
  timing.image_request = paths.image_request.cycles();
  timing.weight_request = paths.weight_request.cycles();
  timing.bank_change = paths.bank_change.cycles();
  timing.data_return = paths.data_return.cycles();
  timing.data_done = paths.data_done.cycles();
  timing.image_done = paths.image_done.cycles();
  timing.weight_done = paths.weight_done.cycles();
  timing.data_to_sequence = paths.data_to_sequence.cycles();
  timing.image_to_sequence = paths.image_to_sequence.cycles();
  timing.weight_to_sequence = paths.weight_to_sequence.cycles();
  timing.start_to_sequence = paths.start_to_sequence.cycles();
  timing.sequence_done = paths.sequence_done.cycles();
  timing.weight_release = paths.weight_release.cycles();
  timing.data_release = paths.data_release.cycles();
  timing.accumulate = paths.accumulate.cycles();
  timing.interrupt = paths.interrupt.cycles();
  timing.accumulate_done = paths.accumulate_done.cycles();
  timing.credit_return = paths.credit_return.cycles();
  timing.delivery_gap = paths.delivery_gap.cycles();
  timing.size_request = paths.size_request.cycles();
  timing.winograd_request = paths.winograd_request.cycles();
  timing.winograd_return = paths.winograd_return.cycles();
  timing.winograd_done = paths.winograd_done.cycles();
  timing.winograd_to_sequence = paths.winograd_to_sequence.cycles();
  return timing;
}

constexpr ConvolutionTiming kDepthsV1 = depths(paths::kConvolutionV1);
constexpr ConvolutionTiming kDepthsScalable = depths(paths::kConvolutionScalable);
constexpr ConvolutionTiming kDepthsMaster = depths(paths::kConvolutionMaster);

}  // namespace

ConvolutionTiming convolution_timing(const HardwareParameters& hardware, Precision precision) {
  if (hardware.generation == Generation::kV1) {
    ConvolutionTiming timing = kDepthsV1;
    timing.minimum_stripe = 10;
    timing.kernels_per_cycle_int8 = 2;
    timing.credits = 256;  // CACC_delivery_buffer
    if (precision == Precision::kFp16) {
      constexpr std::uint32_t kWider = paths::kConvolutionV1.accumulate_fp16.cycles();
      timing.accumulate += kWider;
      timing.accumulate_done += kWider;
    }
    return timing;
  }
  ConvolutionTiming timing = hardware.master_rtl ? kDepthsMaster : kDepthsScalable;
  timing.minimum_stripe = hardware.atomic_k_int8;
  timing.kernels_per_cycle_int8 = 1;
  timing.weight_overshoot = 8 * hardware.memory_atom_bytes;
  // The assembly and delivery buffers hold one image stripe (CACC_ABUF_DEPTH).
  const std::uint32_t positions =
      (hardware.atomic_c == 4 * hardware.atomic_k_int8 ? 4 : 2) * hardware.atomic_k_int8;
  timing.credits = positions * std::max(1U, hardware.atomic_k_int8 / hardware.sdp_throughput);
  return timing;
}

}  // namespace nvdla
