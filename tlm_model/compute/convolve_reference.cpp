// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "compute/accumulate.h"
#include "compute/convolution.h"
#include "compute/mac_cell.h"
#include "compute/window.h"
#include "compute/winograd.h"

namespace nvdla::compute {

namespace {

// Output elements of one position that hardware computes together: one, or 2x2 of Winograd.
struct Cell {
  std::int64_t integer[4] = {0, 0, 0, 0};
  FloatAccumulator floating[4];
};

void add_integer(const ConvolutionProgram& program, bool int8, const std::int16_t* weights,
                 const std::int16_t* data, Cell& cell) {
  std::int64_t sums[16] = {0};
  const std::uint32_t part = program.winograd ? 4 : program.slots;
  for (std::uint32_t i = 0; i < program.slots; ++i) sums[i / part] += std::int64_t{weights[i]} * data[i];
  std::int64_t outputs[4] = {sums[0], 0, 0, 0};
  if (program.winograd) post_add(sums, outputs);
  for (int i = 0; i < (program.winograd ? 4 : 1); ++i) {
    const std::int64_t sum = cell.integer[i] + outputs[i];
    cell.integer[i] = int8 ? saturate<34>(sum) : saturate<48>(sum);
  }
}

void add_float(const ConvolutionProgram& program, const std::int16_t* weights, const std::int16_t* data,
               Cell& cell) {
  const MacResult result = mac_fp16(weights, data, program.slots, program.winograd ? 16 : 1);
  std::int64_t outputs[4] = {result.sums[0], 0, 0, 0};
  if (program.winograd) post_add(result.sums, outputs);
  for (int i = 0; i < (program.winograd ? 4 : 1); ++i) {
    if (result.nan) {
      cell.floating[i].add_nan(result.nan_bits);
    } else {
      cell.floating[i].add(outputs[i], result.exponent);
    }
  }
}

}  // namespace

Accumulators convolve_reference(const ConvolutionSequence& sequence, const ConvolutionAccumulate& accumulate,
                                const InputCube& input, const WeightSet& weights,
                                const HardwareParameters& hardware) {
  Accumulators result = make_accumulators(sequence, hardware);
  const ConvolutionProgram program = make_program(sequence, hardware);
  const Window window(sequence, program, input);
  const bool int8 = sequence.processing_precision == Precision::kInt8;
  const std::uint32_t side = program.winograd ? 2 : 1;
  const std::size_t operations = program.operations.size();
  if (input.elements.empty() || operations == 0) return result;
  std::vector<std::int16_t> kernels(operations * program.slots * sequence.kernels);
  const std::vector<std::size_t> places = slot_places(program);
  for (std::uint32_t k = 0; k < sequence.kernels; ++k) {
    unpack_kernel(program, sequence, weights, k, places, kernels.data() + operations * program.slots * k);
  }
  std::vector<std::int16_t> slots(operations * program.slots);
  for (std::uint32_t b = 0; b < result.batches; ++b) {
    for (std::uint32_t y = 0; y < result.height / side; ++y) {
      for (std::uint32_t x = 0; x < result.width / side; ++x) {
        for (std::size_t i = 0; i < operations; ++i) {
          window.gather(b, y, x, i, slots.data() + i * program.slots);
        }
        for (std::uint32_t k = 0; k < sequence.kernels; ++k) {
          Cell cell;
          for (std::size_t i = 0; i < operations; ++i) {
            const std::int16_t* w = kernels.data() + (operations * k + i) * program.slots;
            const std::int16_t* d = slots.data() + i * program.slots;
            if (result.floating) {
              add_float(program, w, d, cell);
            } else {
              add_integer(program, int8, w, d, cell);
            }
          }
          for (std::uint32_t i = 0; i < side * side; ++i) {
            const std::size_t at = result.index(b, k, y * side + i / side, x * side + i % side);
            if (result.floating) {
              result.values[at] = static_cast<std::int32_t>(cell.floating[i].deliver());
              continue;
            }
            const Delivered delivered = deliver_integer(cell.integer[i], accumulate.clip_truncate & 31U);
            result.values[at] = delivered.value;
            result.saturations += delivered.saturated ? 1 : 0;
          }
        }
      }
    }
  }
  return result;
}

}  // namespace nvdla::compute
