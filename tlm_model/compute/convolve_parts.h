// SPDX-License-Identifier: Apache-2.0
// Parts of convolve() that the integer and the fp16 evaluation share. Not for use outside of this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "compute/convolution.h"
#include "compute/window.h"

namespace nvdla::compute::detail {

struct ConvolveContext {
  const ConvolutionSequence& sequence;
  const ConvolutionAccumulate& accumulate;
  const WeightSet& weights;
  const ConvolutionProgram& program;
  const Window& window;
  const Kernels& kernels;
  const OutputPart& part;
  unsigned jobs;
};

// The lines that all windows of the part see, padding included: [batch][line][element].
struct PaddedInput {
  std::size_t pitch = 0, lines = 0;
  std::vector<std::int16_t> elements;

  [[nodiscard]] std::size_t line(std::uint32_t batch, std::size_t y) const {
    return (batch * lines + y) * pitch;
  }
};

// Nothing if it would be larger than any cube that fits a CBUF: only a descriptor that asks for padding
// nearly everywhere needs that.
[[nodiscard]] std::optional<PaddedInput> pad_input(const ConvolveContext& context,
                                                   const Accumulators& result);

// Calls work(first, last) for ranges of the part's kernels, on several threads if asked to. Ranges begin at
// multiples of `unit` behind the first.
void for_kernels(const OutputPart& part, std::uint32_t unit, unsigned jobs,
                 const std::function<void(std::uint32_t, std::uint32_t)>& work);

void convolve_slowly(const ConvolveContext& context, Accumulators& result);

// False: the operation needs the slow evaluation (an accumulator may saturate, or the input is absurd).
[[nodiscard]] bool convolve_integer(const ConvolveContext& context, Accumulators& result);
[[nodiscard]] bool convolve_float(const ConvolveContext& context, Accumulators& result);

}  // namespace nvdla::compute::detail
