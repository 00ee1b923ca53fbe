// SPDX-License-Identifier: Apache-2.0
#include "compute/mac_cell.h"

#include <algorithm>

#include "compute/number.h"

namespace nvdla::compute {

namespace {

constexpr std::uint32_t kRowSign = 0x10000, kRowMask = 0x1ffff;

struct Pair {
  std::uint32_t sum, carry;
};

Pair carry_save(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return {a ^ b ^ c, ((a & b) | (a & c) | (b & c)) << 1U};
}

Pair tree5(const std::uint32_t (&x)[5]) {
  Pair p = carry_save(x[0], x[1], x[2]);
  p = carry_save(p.sum, p.carry, x[3]);
  return carry_save(p.sum, p.carry, x[4]);
}

// Four Booth rows and the ones that complete their negative digits.
Pair half(const int (&digits)[4], std::uint32_t data) {
  std::uint32_t rows[5] = {};
  for (unsigned i = 0; i < 4; ++i) {
    const int digit = digits[i];
    const std::uint32_t multiple = (static_cast<std::uint32_t>(digit < 0 ? -digit : digit) * data) & 0xffffU;
    std::uint32_t row = multiple | kRowSign;
    if (digit < 0) row ^= kRowMask;
    rows[i] |= row << 2 * i;
    if (digit < 0) rows[i + 1] |= 1U << 2 * i;
  }
  return tree5(rows);
}

}  // namespace

CarrySave booth_product(std::uint16_t weight, std::uint16_t data, bool negative) {
  constexpr int kDigit[8] = {0, 1, 1, 2, -2, -1, -1, 0};
  int low[4], high[4];
  for (unsigned i = 0; i < 8; ++i) {
    const std::uint32_t triple = (std::uint32_t{weight} << 1U) >> 2 * i & 7U;
    const int digit = negative ? -kDigit[triple] : kDigit[triple];
    (i < 4 ? low[i] : high[i - 4]) = digit;
  }
  const Pair a = half(low, data), b = half(high, data);
  Pair p = carry_save(a.sum, a.carry, b.sum << 8U);
  p = carry_save(p.sum, p.carry, b.carry << 8U);
  return {p.sum, p.carry};
}

MacResult mac_fp16(const std::int16_t* weights, const std::int16_t* data, std::uint32_t slots,
                   std::uint32_t sums) {
  MacResult result;
  for (const std::int16_t* operands : {weights, data}) {
    for (std::uint32_t i = 0; i < slots; ++i) {
      if (!fp16_is_nan(static_cast<std::uint16_t>(operands[i]))) continue;
      result.nan = true;
      result.nan_bits = static_cast<std::uint16_t>(operands[i]);
      return result;
    }
  }
  const auto operand = [](std::int16_t bits) { return mac_operand(static_cast<std::uint16_t>(bits)); };
  std::int32_t largest = 0;
  for (std::uint32_t i = 0; i < slots; ++i) {
    const MacOperand w = operand(weights[i]), d = operand(data[i]);
    if (w.magnitude != 0 && d.magnitude != 0) largest = std::max(largest, w.group + d.group);
  }
  result.exponent = 4 * largest;
  const std::uint32_t part = slots / sums;
  for (std::uint32_t i = 0; i < slots; ++i) {
    const MacOperand w = operand(weights[i]), d = operand(data[i]);
    if (w.magnitude == 0 || d.magnitude == 0) continue;
    const int shift = 4 * (largest - w.group - d.group);
    if (shift >= 32) continue;
    const CarrySave p = booth_product(w.magnitude, d.magnitude, w.negative != d.negative);
    result.sums[i / part] +=
        std::int64_t{p.u >> shift} + std::int64_t{p.v >> shift} - std::int64_t{kCarrySaveBias >> shift};
  }
  return result;
}

}  // namespace nvdla::compute
