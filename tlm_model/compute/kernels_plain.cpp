// SPDX-License-Identifier: Apache-2.0
// The inner loops without vectors: what the others are compared with. An fp16 product goes through the digits
// of CellWeights as the vectors do; mac_cell.h says the same from the definition.
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

// Digit i of the radix-4 Booth form of a significand.
int booth_digit(std::uint32_t magnitude, unsigned i) {
  constexpr int kDigit[8] = {0, 1, 1, 2, -2, -1, -1, 0};
  return kDigit[magnitude << 1U >> 2 * i & 7U];
}

void prepare_weights(const std::int16_t* weights, CellWeights& out) {
  out = {};
  for (std::uint32_t s = 0; s < kCellSlots; ++s) {
    const MacOperand w = mac_operand(static_cast<std::uint16_t>(weights[s]));
    out.group[s] = w.magnitude != 0 ? w.group * 4 : kNoGroup;
    if (w.magnitude != 0) out.used[s / 16] = true;
    for (unsigned i = 0; i < 8; ++i) {
      const int digit = booth_digit(w.magnitude, i);
      out.one[i][s] = digit == 1 || digit == -1 ? -1 : 0;
      out.two[i][s] = digit == 2 || digit == -2 ? -1 : 0;
      const bool negative = digit != 0 && (digit < 0) != w.negative;
      const unsigned row = i / 4 * 5 + i % 4, place = 2 * (i % 4);
      out.flip[row][s] |= (negative ? 0x0ffff : 0x10000) << place;
      out.sign[row][s] |= (digit != 0 ? 0x1ffff : 0) << place;
      out.flip[row + 1][s] |= (negative ? 1 : 0) << place;
      out.sign[row + 1][s] |= (digit != 0 ? 1 : 0) << place;
    }
  }
}

struct Pair {
  std::uint32_t sum, carry;
};

Pair carry_save(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return {a ^ b ^ c, ((a & b) | (c & (a ^ b))) << 1U};
}

Pair half(const CellWeights& w, std::uint32_t slot, unsigned which, std::int32_t m, std::int32_t sign) {
  Pair p{0, 0};
  for (unsigned i = 0; i < 5; ++i) {
    std::int32_t row = w.flip[which * 5 + i][slot] ^ (w.sign[which * 5 + i][slot] & sign);
    if (i < 4) {
      const unsigned digit = which * 4 + i;
      row ^= ((m & w.one[digit][slot]) | (2 * m & w.two[digit][slot])) << 2 * i;
    }
    // The first three rows go in together: a tree of three has nothing to add to two zeros.
    if (i == 0) {
      p.sum = static_cast<std::uint32_t>(row);
    } else if (i == 1) {
      p.carry = static_cast<std::uint32_t>(row);
    } else {
      p = carry_save(p.sum, p.carry, static_cast<std::uint32_t>(row));
    }
  }
  return p;
}

void cells(const CellWeights& w, const CellTask& task) {
  for (std::uint32_t p = 0; p < task.positions; ++p) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(p) * task.step;
    std::int32_t largest = 0;
    for (std::uint32_t s = 0; s < kCellSlots; ++s) {
      const std::int32_t group = w.group[s] + task.groups[at + s];
      if (group > largest) largest = group;
    }
    task.exponents[p] = largest;
    std::int64_t* sums = task.sums + std::size_t{p} * task.parts;
    for (std::uint32_t i = 0; i < task.parts; ++i) sums[i] = 0;
    for (std::uint32_t s = 0; s < kCellSlots; ++s) {
      const std::int32_t shift = largest - w.group[s] - task.groups[at + s];
      if (shift >= 32) continue;
      const Pair a = half(w, s, 0, task.magnitudes[at + s], task.signs[at + s]);
      const Pair b = half(w, s, 1, task.magnitudes[at + s], task.signs[at + s]);
      Pair r = carry_save(a.sum, a.carry, b.sum << 8U);
      r = carry_save(r.sum, r.carry, b.carry << 8U);
      sums[s * task.parts / kCellSlots] += std::int64_t{r.sum >> shift} + std::int64_t{r.carry >> shift} -
                                           std::int64_t{kCarrySaveBias >> shift};
    }
  }
}

}  // namespace

const Kernels kPlainKernels = {"plain", dot, dot, prepare_weights, cells};

}  // namespace nvdla::compute::detail
