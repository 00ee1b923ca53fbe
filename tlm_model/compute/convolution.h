// SPDX-License-Identifier: Apache-2.0
// The convolution from CBUF to what CACC delivers: CSC, CMAC and CACC in one step.
//
// Two evaluations give the same bits. The reference takes the atomic operations one by one as hardware does;
// the fast one adds up products of integers in any order where no accumulator can saturate, and evaluates
// fp16 for several output positions at once (kernels.h). It falls back to the reference where it must.
#pragma once

#include "compute/accumulators.h"
#include "compute/input_cube.h"
#include "compute/kernels.h"
#include "compute/weight_set.h"
#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla::compute {

struct ConvolveOptions {
  unsigned jobs = 1;                 // threads, each with kernels of its own; results do not depend on it
  const Kernels* kernels = nullptr;  // null: the fastest for this machine
};

// Kernels [first_kernel, first_kernel + kernels) on output lines [first_line, first_line + lines). Winograd:
// both ends of the lines are even.
struct OutputPart {
  std::uint32_t first_kernel = 0, kernels = 0;
  std::uint32_t first_line = 0, lines = 0;
};

// Precondition: the operation has passed the decoder. Contents of CBUF that do not fit the descriptor
// (another width, too few lines or weights) are read as padding and zeros.
[[nodiscard]] Accumulators convolve(const ConvolutionSequence& sequence,
                                    const ConvolutionAccumulate& accumulate, const InputCube& input,
                                    const WeightSet& weights, const HardwareParameters& hardware,
                                    const ConvolveOptions& options = {});

// Computes one part of the output into `result`, which make_accumulators made; what lies outside of the part
// stays, saturations add up. Every part once, in any order, gives convolve(). Needs only the weights of its
// kernels and the input lines under its windows.
void convolve_part(const ConvolutionSequence& sequence, const ConvolutionAccumulate& accumulate,
                   const InputCube& input, const WeightSet& weights, const HardwareParameters& hardware,
                   const OutputPart& part, Accumulators& result, const ConvolveOptions& options = {});

[[nodiscard]] Accumulators convolve_reference(const ConvolutionSequence& sequence,
                                              const ConvolutionAccumulate& accumulate, const InputCube& input,
                                              const WeightSet& weights, const HardwareParameters& hardware);

}  // namespace nvdla::compute
