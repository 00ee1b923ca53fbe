// SPDX-License-Identifier: Apache-2.0
// A small convolution with SDP behind it, as the driver programs it.
#pragma once

#include <cstdint>

#include "amaix/convolution_estimate.h"
#include "amaix/convolution_plan.h"
#include "amaix/sdp_estimate.h"
#include "hardware/parameters.h"
#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::amaix::convolution_test {

// 3x3 kernels over a cube of two surfaces, output as large as the input.
struct Layer {
  explicit Layer(const HardwareParameters& layer_hardware, std::uint32_t side, std::uint32_t kernels)
      : hardware(layer_hardware),
        sdp(sdp_test::square(layer_hardware, Precision::kInt8, side, kernels, true)) {
    const std::uint32_t channels = 2 * hardware.memory_atom_bytes;
    fetch.input = {side, side, channels};
    fetch.data.address = 0x80000000;
    fetch.data.line_stride = side * hardware.memory_atom_bytes;
    fetch.data.surface_stride = fetch.data.line_stride * side;
    fetch.entries_per_slice = side;
    fetch.kernels = sequence.kernels = kernels;
    fetch.bytes_per_kernel = 9 * channels;
    fetch.weight_bytes = sequence.weight_bytes = (std::uint64_t{kernels} * 9 * channels + 127) / 128 * 128;
    fetch.weight_address = 0x81000000;
    fetch.data_banks = sequence.data_banks = 8;
    fetch.weight_banks = sequence.weight_banks = 8;
    fetch.padding = sequence.padding = {1, 1, 1, 1, 0};
    sequence.input = fetch.input;
    sequence.entries_per_slice = side;
    sequence.kernel_width = sequence.kernel_height = 3;
    sequence.kernel_channels = channels;
    sequence.output = {side, side, kernels};
    sequence.atomics = side * side;
    sequence.release_slices = side;
  }
  [[nodiscard]] ConvolutionEstimate estimate(const ConvolutionContext& context) const {
    return estimate_convolution(fetch, sequence, sdp_on_the_fly(sdp, hardware, memory), hardware, memory,
                                context, Level::kRefined);
  }
  [[nodiscard]] double transfers() const {
    const SequencePlan plan = plan_sequence(sequence, hardware);
    return static_cast<double>(sequence.atomics) * plan.groups * plan.transfers_per_position;
  }

  const HardwareParameters& hardware;
  memory::MemorySystem memory{{50, 64}, {}};
  ConvolutionFetch fetch;
  ConvolutionSequence sequence;
  SdpOperation sdp;
};

}  // namespace nvdla::amaix::convolution_test
