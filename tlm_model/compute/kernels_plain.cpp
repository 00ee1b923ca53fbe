// SPDX-License-Identifier: Apache-2.0
// The inner loops without vectors, from their definition: what the others are compared with.
#include <algorithm>

#include "compute/kernels.h"
#include "compute/mac_cell.h"

namespace nvdla::compute::detail {

namespace {

void dot(const DotTask& task) {
  for (std::uint32_t k = 0; k < task.kernels; ++k) {
    for (std::uint32_t p = 0; p < task.positions; ++p) {
      const std::int16_t* w = task.weights + k * task.weight_pitch;
      const std::int16_t* d = task.data + static_cast<std::ptrdiff_t>(p) * task.step;
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < task.runs; ++i) {
        for (std::uint32_t e = 0; e < task.lengths[i]; ++e)
          sum += std::int64_t{w[e]} * d[task.offsets[i] + e];
        w += task.lengths[i];
      }
      task.sums[k * task.sum_pitch + p] = sum;
    }
  }
}

void cells(const CellTask& task) {
  for (std::uint32_t k = 0; k < task.kernels; ++k) {
    for (std::uint32_t p = 0; p < task.positions; ++p) {
      std::int16_t w[kCellSlots] = {0}, d[kCellSlots] = {0};
      std::copy_n(task.weights + k * task.weight_pitch, task.slots, w);
      std::copy_n(task.data + task.positions_at[p], task.slots, d);
      const MacResult result = mac_fp16(w, d, kCellSlots, task.parts);
      const std::size_t at = k * task.pitch + p;
      task.exponents[at] = result.exponent;
      std::copy_n(result.sums, task.parts, task.sums + at * task.parts);
    }
  }
}

}  // namespace

const Kernels kPlainKernels = {"plain", dot, dot, cells};

}  // namespace nvdla::compute::detail
