// SPDX-License-Identifier: Apache-2.0
// Proves that the kernels with and without vectors agree: dot products, and fp16 cells with the MAC cell as
// it is defined; and that a carry-save pair is what its product is.
#include "compute/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "compute/mac_cell.h"
#include "compute/number.h"

namespace nvdla::compute {
namespace {

std::mt19937_64& generator() {
  static std::mt19937_64 random(11);
  return random;
}

// fp16 patterns without NaN; `spread` exponents are in use, some numbers are zero or denormal.
std::int16_t random_fp16(std::uint32_t spread) {
  const std::uint64_t bits = generator()();
  std::uint32_t exponent = 1 + static_cast<std::uint32_t>(bits >> 20U) % spread;
  if ((bits >> 40U) % 11 == 0) exponent = 0;
  const std::uint64_t fraction = (bits >> 45U) % 7 == 0 ? 0 : bits & 0x3ffU;
  return static_cast<std::int16_t>((bits & 0x8000U) | exponent << 10U | fraction);
}

TEST(MacCell, CarrySavePairIsTheProductAndItsBias) {
  for (int i = 0; i < 200000; ++i) {
    const auto w = static_cast<std::uint16_t>(generator()() % 16384);
    const auto d = static_cast<std::uint16_t>(generator()() % 16384);
    const bool negative = i % 2 != 0;
    const CarrySave pair = booth_product(w, d, negative);
    const std::int64_t product = (negative ? -1 : 1) * std::int64_t{w} * d;
    ASSERT_EQ(std::int64_t{pair.u} + pair.v, product + kCarrySaveBias) << w << " * " << d;
  }
}

TEST(MacCell, InfinityIsANumberAndTheFirstNanOfTheWeightsWins) {
  std::int16_t weights[64] = {0}, data[64] = {0};
  weights[3] = 0x7c00;  // 65536
  data[3] = 0x3c00;     // 1
  const MacResult number = mac_fp16(weights, data, 64, 1);
  EXPECT_FALSE(number.nan);
  EXPECT_EQ(std::ldexp(static_cast<double>(number.sums[0]), number.exponent - 50), 65536.0);
  data[0] = 0x7e01;
  EXPECT_EQ(mac_fp16(weights, data, 64, 1).nan_bits, 0x7e01);  // although its weight is zero
  weights[9] = static_cast<std::int16_t>(0xfd00);
  EXPECT_EQ(mac_fp16(weights, data, 64, 1).nan_bits, 0xfd00);
}

class EachKernel : public ::testing::TestWithParam<const Kernels*> {};

// Numbers of positions for lanes that are positions and for lanes that are slots, whole vectors and parts.
TEST_P(EachKernel, EvaluatesFp16CellsAsDefined) {
  for (std::uint32_t run = 0; run < 600; ++run) {
    SCOPED_TRACE(run);
    const std::uint32_t spread = run % 3 == 0 ? 4 : (run % 3 == 1 ? 12 : 30);
    const bool largest = run % 7 == 0;  // the largest products, all of one sign
    const auto value = [&] { return largest ? std::int16_t{0x7bff} : random_fp16(spread); };
    CellTask task;
    task.parts = run % 2 == 0 ? 1 : 16;
    task.slots = task.parts == 1 ? 1 + static_cast<std::uint32_t>(generator()() % kCellSlots) : kCellSlots;
    task.kernels = 1 + static_cast<std::uint32_t>(generator()() % kCellKernels);
    task.positions = 1 + static_cast<std::uint32_t>(generator()() % (run % 4 == 0 ? 80 : 9));
    std::vector<std::int16_t> weights(std::size_t{task.kernels} * 70),
        data(std::size_t{task.positions} * 30 + 64);
    for (std::int16_t& weight : weights) weight = value();
    for (std::int16_t& element : data) element = value();
    if (run % 5 == 0) std::fill_n(data.begin() + 10, 50, std::int16_t{0});
    if (run % 5 == 1) std::fill_n(weights.begin() + 16 * (run % 4), 16, std::int16_t{0});
    std::vector<std::uint32_t> positions_at;  // they overlap
    for (std::uint32_t p = 0; p < task.positions; ++p) positions_at.push_back(30 * (task.positions - 1 - p));
    task.weights = weights.data();
    task.weight_pitch = 70;
    task.data = data.data();
    task.positions_at = positions_at.data();
    task.pitch = task.positions + run % 3;
    std::vector<std::int32_t> exponents(task.kernels * task.pitch);
    std::vector<std::int64_t> sums(exponents.size() * task.parts);
    task.exponents = exponents.data();
    task.sums = sums.data();
    GetParam()->cells(task);
    for (std::uint32_t k = 0; k < task.kernels; ++k) {
      for (std::uint32_t p = 0; p < task.positions; ++p) {
        std::int16_t w[kCellSlots] = {0}, d[kCellSlots] = {0};
        std::copy_n(weights.data() + std::size_t{k} * 70, task.slots, w);
        std::copy_n(data.data() + positions_at[p], task.slots, d);
        const MacResult expected = mac_fp16(w, d, kCellSlots, task.parts);
        const std::size_t at = k * task.pitch + p;
        ASSERT_EQ(exponents[at], expected.exponent) << k << ", " << p;
        for (std::uint32_t i = 0; i < task.parts; ++i)
          ASSERT_EQ(sums[at * task.parts + i], expected.sums[i]) << k << ", " << p;
      }
    }
  }
}

TEST_P(EachKernel, AddsUpProductsExactly) {
  for (int run = 0; run < 400; ++run) {
    const bool wide = run % 2 != 0;
    const std::uint32_t runs = 1 + static_cast<std::uint32_t>(generator()() % 4);
    std::vector<std::uint32_t> offsets, lengths;
    std::uint32_t total = 0;
    for (std::uint32_t i = 0; i < runs; ++i) {
      offsets.push_back(static_cast<std::uint32_t>(generator()() % 500));
      lengths.push_back(kRunUnit * (1 + static_cast<std::uint32_t>(generator()() % (wide ? 200 : 9))));
      total += lengths.back();
    }
    const auto value = [&]() -> std::int16_t {
      if (!wide) return static_cast<std::int8_t>(generator()());
      return run % 4 == 1 ? std::int16_t{-32768} : static_cast<std::int16_t>(generator()());
    };
    DotTask task;
    task.step = static_cast<std::ptrdiff_t>(generator()() % 40);
    task.positions = 1 + static_cast<std::uint32_t>(generator()() % 6);
    task.kernels = 1 + static_cast<std::uint32_t>(generator()() % 6);
    std::vector<std::int16_t> data(4500 + 64), weights(std::size_t{total} * task.kernels);
    for (std::int16_t& element : data) element = value();
    for (std::int16_t& element : weights) element = value();
    task.data = data.data();
    task.offsets = offsets.data();
    task.lengths = lengths.data();
    task.runs = runs;
    task.weights = weights.data();
    task.weight_pitch = total;
    task.sum_pitch = task.positions;
    std::vector<std::int64_t> expected(task.positions * task.kernels), found(expected.size());
    task.sums = expected.data();
    detail::kPlainKernels.dot_wide(task);
    task.sums = found.data();
    (wide ? GetParam()->dot_wide : GetParam()->dot_narrow)(task);
    ASSERT_EQ(found, expected) << run;
  }
}

INSTANTIATE_TEST_SUITE_P(Available, EachKernel, ::testing::ValuesIn(available_kernels()),
                         [](const auto& info) { return info.param->name; });

}  // namespace
}  // namespace nvdla::compute
