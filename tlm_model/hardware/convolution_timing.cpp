// SPDX-License-Identifier: Apache-2.0
#include "hardware/convolution_timing.h"

#include <algorithm>

namespace nvdla {

namespace {

ConvolutionTiming scalable_timing(const HardwareParameters& hardware) {
  ConvolutionTiming timing;
  timing.weight_request = 10;
  timing.data_return = 10;
  timing.data_done = 9;
  timing.image_done = 26;
  timing.weight_done = 21;
  timing.weight_to_sequence = 39;
  timing.minimum_stripe = hardware.atomic_k_int8;
  timing.kernels_per_cycle_int8 = 1;
  timing.weight_release = 4;
  timing.weight_overshoot = 8 * hardware.memory_atom_bytes;
  timing.accumulate = 15;
  timing.interrupt = 1;
  timing.accumulate_done = 13;
  // The assembly and delivery buffers hold one image stripe (CACC_ABUF_DEPTH).
  const std::uint32_t positions =
      (hardware.atomic_c == 4 * hardware.atomic_k_int8 ? 4 : 2) * hardware.atomic_k_int8;
  timing.credits = positions * std::max(1U, hardware.atomic_k_int8 / hardware.sdp_throughput);
  timing.credit_return = 25;
  timing.delivery_gap = 1;
  return timing;
}

}  // namespace

ConvolutionTiming convolution_timing(const HardwareParameters& hardware, Precision precision) {
  if (hardware.generation == Generation::kScalable) return scalable_timing(hardware);
  ConvolutionTiming timing;
  if (precision != Precision::kInt8) {
    timing.accumulate += 2;
    timing.accumulate_done += 2;
  }
  return timing;
}

}  // namespace nvdla
