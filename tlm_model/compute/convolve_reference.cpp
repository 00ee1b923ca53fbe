// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "compute/accumulate.h"
#include "compute/convolve_parts.h"
#include "compute/mac_cell.h"
#include "compute/winograd.h"

namespace nvdla::compute::detail {

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

void convolve_slowly(const ConvolveContext& c, Accumulators& result) {
  const bool int8 = c.sequence.processing_precision == Precision::kInt8;
  const std::uint32_t side = c.program.winograd ? 2 : 1;
  const std::size_t operations = c.program.operations.size();
  std::vector<std::int16_t> kernels(operations * c.program.slots * c.part.kernels);
  const std::vector<std::size_t> places = slot_places(c.program);
  for (std::uint32_t k = 0; k < c.part.kernels; ++k) {
    unpack_kernel(c.program, c.sequence, c.weights, c.part.first_kernel + k, places,
                  kernels.data() + operations * c.program.slots * k);
  }
  std::vector<std::int16_t> slots(operations * c.program.slots);
  const std::uint32_t first = c.part.first_line / side, last = (c.part.first_line + c.part.lines) / side;
  for (std::uint32_t b = 0; b < result.batches; ++b) {
    for (std::uint32_t y = first; y < last; ++y) {
      for (std::uint32_t x = 0; x < result.width / side; ++x) {
        for (std::size_t i = 0; i < operations; ++i)
          c.window.gather(b, y, x, i, slots.data() + i * c.program.slots);
        for (std::uint32_t k = 0; k < c.part.kernels; ++k) {
          Cell cell;
          for (std::size_t i = 0; i < operations; ++i) {
            const std::int16_t* w = kernels.data() + (operations * k + i) * c.program.slots;
            const std::int16_t* d = slots.data() + i * c.program.slots;
            if (result.floating) {
              add_float(c.program, w, d, cell);
            } else {
              add_integer(c.program, int8, w, d, cell);
            }
          }
          for (std::uint32_t i = 0; i < side * side; ++i) {
            const std::size_t at =
                result.index(b, c.part.first_kernel + k, y * side + i / side, x * side + i % side);
            if (result.floating) {
              result.values[at] = static_cast<std::int32_t>(cell.floating[i].deliver());
              continue;
            }
            const Delivered delivered = deliver_integer(cell.integer[i], c.accumulate.clip_truncate & 31U);
            result.values[at] = delivered.value;
            result.saturations += delivered.saturated ? 1 : 0;
          }
        }
      }
    }
  }
}

}  // namespace nvdla::compute::detail
