// SPDX-License-Identifier: Apache-2.0
// Pipeline depths and rules of the convolution pipeline, in core clock cycles. They are the same for every
// layer; the two generations of the RTL differ. The depths are sums of hardware/paths/convolution.h, which
// says what each begins and ends with.
#pragma once

#include <cstdint>

#include "hardware/parameters.h"
#include "hardware/types.h"

namespace nvdla {

struct ConvolutionTiming {
  std::uint32_t data_request = 0;
  std::uint32_t image_request = 0;
  std::uint32_t weight_request = 0;
  std::uint32_t bank_change = 0;
  std::uint32_t data_return = 0;
  std::uint32_t data_done = 0;
  std::uint32_t image_done = 0;
  std::uint32_t weight_done = 0;
  // To the first weights at the MAC cells; the first atomic operation follows when the weights of the first
  // stripe are loaded.
  std::uint32_t data_to_sequence = 0;
  std::uint32_t image_to_sequence = 0;
  std::uint32_t weight_to_sequence = 0;
  std::uint32_t start_to_sequence = 0;
  std::uint32_t sequence_done = 0;
  // The weights of a package are loaded under the package before it; the release counts from the end of the
  // load for the last package of a kernel group.
  std::uint32_t weight_release = 0;
  std::uint32_t data_release = 0;
  std::uint32_t accumulate = 0;
  std::uint32_t interrupt = 0;
  std::uint32_t accumulate_done = 0;
  std::uint32_t credit_return = 0;
  std::uint32_t delivery_gap = 0;
  std::uint32_t size_request = 0;
  std::uint32_t winograd_request = 0;
  std::uint32_t winograd_return = 0;
  std::uint32_t winograd_done = 0;
  std::uint32_t winograd_to_sequence = 0;

  // Shortest issue interval of a stripe: V1 ten cycles (CSC_sg rounds a shorter stripe up to 10), scalable
  // Atomic-K (the weights of a full kernel group).
  std::uint32_t minimum_stripe = 0;
  // Weights loaded into the MAC cells a cycle, in kernels (CSC_wl to CMAC).
  std::uint32_t kernels_per_cycle_int8 = 0;
  std::uint32_t kernels_per_cycle_16 = 1;
  // Bytes that CDMA_wt asks for beyond the weight banks before its overflow check stops it: in the scalable
  // generation the request of up to eight atoms that is under way.
  std::uint32_t weight_overshoot = 0;
  // Transfers that CACC's delivery buffer holds: CSC_sg's credits.
  std::uint32_t credits = 0;
};

// CACC works two cycles longer on 16-bit data (CACC_calculator: the 16-bit and floating-point adders).
[[nodiscard]] ConvolutionTiming convolution_timing(const HardwareParameters& hardware,
                                                   Precision precision = Precision::kInt8);

}  // namespace nvdla
