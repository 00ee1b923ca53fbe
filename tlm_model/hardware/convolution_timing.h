// SPDX-License-Identifier: Apache-2.0
// Pipeline depths of the convolution pipeline, in core clock cycles, with the RTL module whose registers
// they count. They are the same for every layer; the two generations of the RTL differ.
#pragma once

#include <cstdint>

#include "hardware/parameters.h"
#include "hardware/types.h"

namespace nvdla {

struct ConvolutionTiming {
  // CDMA: from the cycle in which the unit takes its group to its first request on the bus: layer set-up, the
  // address pipeline (CDMA_dc, CDMA_IMG_sg, CDMA_wt stages d1..d3) and MCIF's splitter, arbiter and
  // converter.
  std::uint32_t data_request = 14;
  std::uint32_t image_request = 11;
  std::uint32_t weight_request = 12;
  // The PEND state of CDMA_dc / CDMA_wt: handshake with CSC_sg when the split of the banks changes.
  std::uint32_t bank_change = 6;

  // Data from the bus to the input of CDMA's shared buffer (MCIF read egress, response pipe).
  std::uint32_t data_return = 8;
  // From the last read of the shared buffer to the done bit: converter and write pipeline, delay counter of 9
  // cycles in CDMA_dc (3 + 3 + 3), status.
  std::uint32_t data_done = 10;
  // Image: from the last line-packer slot (bus time) to the done bit: egress, packer, converter, delay
  // counter.
  std::uint32_t image_done = 25;
  // From the last weight beat on the bus to the done bit: egress, CBUF write, delay counter of 8 in CDMA_wt.
  std::uint32_t weight_done = 17;

  // CSC: from the data done bit, from the last weight beat of the kernel group, and from the start of the
  // unit to the first weight read: update pipeline (CDMA to CSC), CSC_sg package FIFO, CSC_wl / CSC_dl
  // pipeline. The first atomic operation follows when the weights of the first stripe are loaded.
  std::uint32_t data_to_sequence = 26;
  std::uint32_t image_to_sequence = 23;
  std::uint32_t weight_to_sequence = 35;
  std::uint32_t start_to_sequence = 26;
  // Shortest issue interval of a stripe (CSC_sg: package counter).
  std::uint32_t minimum_stripe = 10;
  // Weights loaded into the MAC cells a cycle, in kernels (CSC_wl to CMAC).
  std::uint32_t kernels_per_cycle_int8 = 2;
  std::uint32_t kernels_per_cycle_16 = 1;
  // From the last atomic operation to the unit's done (CSC_sg: done counter).
  std::uint32_t sequence_done = 29;
  // The weights of a package are loaded under the package before it. From the end of the load for the last
  // package of a kernel group to bus requests into the CBUF entries of the group (CSC_wl release, CDMA_wt
  // overflow check), relative to the atomic operations that run meanwhile.
  std::uint32_t weight_release = 6;
  // Bytes that CDMA_wt asks for beyond the weight banks before its overflow check stops it.
  std::uint32_t weight_overshoot = 0;
  // From the last atomic operation of a layer to bus requests into the entries that its data leave.
  std::uint32_t data_release = 9;

  // CACC: from the first atomic operation of the last block of a channel operation to its first transfer
  // (CMAC depth 7, accumulate and delivery pipeline).
  std::uint32_t accumulate = 22;
  // From the last transfer to the done interrupt.
  std::uint32_t interrupt = 3;
  // From the last atomic operation to CACC releasing its group.
  std::uint32_t accumulate_done = 17;
  // Transfers that the delivery buffer holds (CACC_delivery_buffer) and the way of a credit back to CSC_sg.
  std::uint32_t credits = 256;
  std::uint32_t credit_return = 26;
  // Cycles between the transfers of one position and those of the next: the delivery buffer of the scalable
  // generation reads a new word only when the one before is handed over.
  std::uint32_t delivery_gap = 0;
};

// CACC works two cycles longer on 16-bit data (CACC_calculator: the 16-bit and floating-point adders).
[[nodiscard]] ConvolutionTiming convolution_timing(const HardwareParameters& hardware,
                                                   Precision precision = Precision::kInt8);

}  // namespace nvdla
