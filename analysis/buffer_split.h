// SPDX-License-Identifier: Apache-2.0
// How a driver divides the convolution buffer between data and weights of one convolution.
//
// Model (what NVIDIA's compiler writes; read off the traces in firmware_traces, where it gives the recorded
// numbers of all 171 convolutions, the data banks of split ones apart):
//   entries of a line   features: atoms of the channels, whole entries times the width, and for the rest
//                       ceil(width * r / atoms of an entry), r the rest rounded up to a power of two;
//                       images: ceil(bytes of the padded line / entry)
//   data banks          ceil(entries of a line * lines * batches / entries of a bank)
//   weight banks        all weights if they fit what is left; else two kernel groups side by side, each in
//                       whole banks; else one
// Limits: Winograd. A convolution that was split by height reserves the banks of its largest part for all.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>

#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla::analysis {

// A design that cannot execute a network: its text says which layer, and why.
class Infeasible : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Nothing for Winograd.
[[nodiscard]] std::optional<std::uint32_t> entries_of_line(const ConvolutionFetch& fetch,
                                                           const HardwareParameters& hardware);
// Of `entries` entries a line.
[[nodiscard]] std::uint32_t data_banks(const ConvolutionFetch& fetch, std::uint32_t entries,
                                       const HardwareParameters& hardware);
// Of the banks that data and mask bits leave. Throws Infeasible when a kernel group does not fit.
[[nodiscard]] std::uint32_t weight_banks(const ConvolutionFetch& fetch, std::uint32_t left,
                                         const HardwareParameters& hardware);

}  // namespace nvdla::analysis
