// SPDX-License-Identifier: Apache-2.0
#include "compute/convolution.h"

#include <algorithm>
#include <thread>

#include "compute/convolve_parts.h"
#include "operation/divide.h"

namespace nvdla::compute {

namespace detail {

std::optional<PaddedInput> pad_input(const ConvolveContext& context, const Accumulators& result) {
  constexpr std::size_t kLargest = std::size_t{1} << 23U;
  const ConvolutionProgram& program = context.program;
  PaddedInput padded;
  padded.pitch = std::size_t{result.width - 1} * program.step + program.window;
  padded.lines = std::size_t{context.part.lines - 1} * context.sequence.stride_y + program.lines;
  if (padded.pitch > kLargest || padded.lines > kLargest / padded.pitch / result.batches) return std::nullopt;
  // Vectors read behind the end of the last run, into what no weight multiplies.
  constexpr std::size_t kSlack = 64;
  padded.elements.resize(result.batches * padded.lines * padded.pitch + kSlack);
  Segment whole;
  whole.length = static_cast<std::uint32_t>(padded.pitch);
  for (std::uint32_t b = 0; b < result.batches; ++b) {
    for (std::size_t y = 0; y < padded.lines; ++y) {
      whole.line = static_cast<std::uint32_t>(y);
      context.window.copy(b, context.part.first_line, 0, whole, padded.elements.data() + padded.line(b, y));
    }
  }
  return padded;
}

void for_kernels(const OutputPart& part, std::uint32_t unit, unsigned jobs,
                 const std::function<void(std::uint32_t, std::uint32_t)>& work) {
  const std::uint32_t units = ceil_div(part.kernels, unit);
  const std::uint32_t threads = std::min<std::uint32_t>(std::max(jobs, 1U), units);
  std::vector<std::thread> others;
  const auto first = [&](std::uint32_t t) {
    return part.first_kernel +
           std::min(part.kernels, static_cast<std::uint32_t>(std::uint64_t{units} * t / threads) * unit);
  };
  for (std::uint32_t t = 1; t < threads; ++t) {
    others.emplace_back([&, t] { work(first(t), first(t + 1)); });
  }
  work(first(0), first(1));
  for (std::thread& thread : others) thread.join();
}

}  // namespace detail

void convolve_part(const ConvolutionSequence& sequence, const ConvolutionAccumulate& accumulate,
                   const InputCube& input, const WeightSet& weights, const HardwareParameters& hardware,
                   const OutputPart& part, Accumulators& result, const ConvolveOptions& options) {
  const ConvolutionProgram program = make_program(sequence, hardware);
  if (input.elements.empty() || program.operations.empty() || result.values.empty() || part.lines == 0 ||
      part.kernels == 0)
    return;
  const Window window(sequence, program, input);
  const Kernels& kernels = options.kernels != nullptr ? *options.kernels : best_kernels();
  const detail::ConvolveContext context = {sequence, accumulate, weights, program,
                                           window,   kernels,    part,    std::max(options.jobs, 1U)};
  const bool done = program.columns.empty() &&
                    (result.floating ? program.slots == kCellSlots && convolve_float(context, result)
                                     : convolve_integer(context, result));
  if (!done) convolve_slowly(context, result);
}

Accumulators convolve(const ConvolutionSequence& sequence, const ConvolutionAccumulate& accumulate,
                      const InputCube& input, const WeightSet& weights, const HardwareParameters& hardware,
                      const ConvolveOptions& options) {
  Accumulators result = make_accumulators(sequence, accumulate, hardware);
  convolve_part(sequence, accumulate, input, weights, hardware, {0, sequence.kernels, 0, result.height},
                result, options);
  return result;
}

Accumulators convolve_reference(const ConvolutionSequence& sequence, const ConvolutionAccumulate& accumulate,
                                const InputCube& input, const WeightSet& weights,
                                const HardwareParameters& hardware) {
  Accumulators result = make_accumulators(sequence, accumulate, hardware);
  const ConvolutionProgram program = make_program(sequence, hardware);
  if (input.elements.empty() || program.operations.empty()) return result;
  const Window window(sequence, program, input);
  const OutputPart whole = {0, sequence.kernels, 0, result.height};
  detail::convolve_slowly({sequence, accumulate, weights, program, window, best_kernels(), whole, 1}, result);
  return result;
}

}  // namespace nvdla::compute
