// SPDX-License-Identifier: Apache-2.0
#include "compute/pdp_kernel.h"

#include <algorithm>
#include <cstring>

#include "compute/feature_cube.h"
#include "compute/float_rules.h"

namespace nvdla::compute {

namespace {

// Low `bits` bits of x in two's complement: what a register of that width keeps.
template <unsigned bits>
std::int64_t keep(std::int64_t x) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) << (64 - bits)) >> (64 - bits);
}

// x * reciprocal / 2^16 to nearest, ties away from zero, as cal2d's multiplier leaves it in `bits` bits: of a
// positive result it drops the bits above before it rounds.
template <unsigned bits>
std::int64_t scale(std::int64_t x, std::uint32_t reciprocal) {
  const std::int64_t product = x * static_cast<std::int64_t>(reciprocal);
  if (product < 0) return keep<bits>(round_shift(product, 16));
  constexpr std::int64_t kMask = (std::int64_t{1} << (bits - 1)) - 1;
  return keep<bits>((product >> 16 & kMask) + (product >> 15 & 1));
}

// Sign and magnitude to two's complement of the same order, -0 below +0, and back.
template <class T>
void reorder(T* value, std::uint32_t lanes) {
  for (std::uint32_t i = 0; i < lanes; ++i)
    value[i] = static_cast<T>(value[i] ^ (static_cast<T>(value[i] >> 15) & 0x7fff));
}

// Order of sign and magnitude of fp16 patterns: -0 below +0.
std::int32_t order(std::uint16_t h) {
  return (h & 0x8000U) != 0 ? -1 - static_cast<std::int32_t>(h & 0x7fffU) : static_cast<std::int32_t>(h);
}

}  // namespace

void PoolingKernel::operator()(const PoolingWindow& window, unsigned char* out) const {
  if (op_.method == PoolingMethod::kAverage) {
    if (op_.precision == Precision::kInt8) return average<std::int8_t>(window, out);
    if (op_.precision == Precision::kInt16) return average<std::int16_t>(window, out);
    return average_fp16(window, out);
  }
  if (op_.precision == Precision::kInt8) return extreme<std::int8_t>(window, out);
  if (op_.precision == Precision::kInt16) return extreme<std::int16_t>(window, out);
  if (!nan_) return extreme<std::int16_t, true>(window, out);
  extreme_fp16(window, out);
}

template <class T, bool ordered>
void PoolingKernel::extreme(const PoolingWindow& window, unsigned char* out) const {
  const std::uint32_t lanes = atom_ / sizeof(T);
  T best[kMostLanes] = {};
  bool first = true;
  for (std::uint32_t row = 0; row < window.rows; ++row) {
    const std::size_t line = row * window.line_bytes;
    for (std::uint32_t column = 0; column < window.columns; ++column) {
      T value[kMostLanes];
      std::memcpy(value, window.first + line + std::size_t{column} * atom_, atom_);
      if constexpr (ordered) reorder(value, lanes);
      if (first) {
        std::memcpy(best, value, atom_);
        first = false;
      } else if (op_.method == PoolingMethod::kMax) {
        for (std::uint32_t i = 0; i < lanes; ++i) best[i] = value[i] > best[i] ? value[i] : best[i];
      } else {
        for (std::uint32_t i = 0; i < lanes; ++i) best[i] = value[i] < best[i] ? value[i] : best[i];
      }
    }
  }
  if constexpr (ordered) reorder(best, lanes);
  std::memcpy(out, best, atom_);
}

// Where several elements are NaN: of a line the first stays, of the lines' results the last (cal1d gives its
// register as the first operand of the comparison, cal2d the line that comes).
void PoolingKernel::extreme_fp16(const PoolingWindow& window, unsigned char* out) const {
  const bool largest = op_.method == PoolingMethod::kMax;
  const auto pick = [largest](std::uint16_t first, std::uint16_t second) {
    if (fp16_is_nan(first)) return first;
    if (fp16_is_nan(second)) return second;
    return (order(first) > order(second)) == largest ? first : second;
  };
  for (std::uint32_t i = 0; i < atom_ / 2; ++i) {
    std::uint16_t best = 0;
    const std::uint32_t rows = window.columns == 0 ? 0 : window.rows;
    for (std::uint32_t row = 0; row < rows; ++row) {
      const unsigned char* line = window.first + row * window.line_bytes + 2 * i;
      std::uint16_t of_line = load16(line);
      for (std::uint32_t column = 1; column < window.columns; ++column)
        of_line = pick(of_line, load16(line + std::size_t{column} * atom_));
      best = row == 0 ? of_line : pick(of_line, best);
    }
    store16(out + 2 * i, best);
  }
}

template <class T>
void PoolingKernel::average(const PoolingWindow& window, unsigned char* out) const {
  constexpr bool kByte = sizeof(T) == 1;
  constexpr unsigned kLine = kByte ? 11 : 22, kSum = kByte ? 14 : 22;
  constexpr unsigned kFirst = kByte ? 11 : 19, kSecond = kByte ? 8 : 16;
  const std::uint32_t lanes = atom_ / sizeof(T);
  const std::int32_t missing_columns = padding(op_.kernel_width - window.columns);
  std::int32_t sum[kMostLanes] = {};
  for (std::uint32_t row = 0; row < window.rows; ++row) {
    const std::size_t line = row * window.line_bytes;
    std::int32_t h[kMostLanes] = {};
    for (std::uint32_t column = 0; column < window.columns; ++column) {
      T value[kMostLanes];
      std::memcpy(value, window.first + line + std::size_t{column} * atom_, atom_);
      for (std::uint32_t i = 0; i < lanes; ++i) h[i] += value[i];
    }
    for (std::uint32_t i = 0; i < lanes; ++i)
      sum[i] += static_cast<std::int32_t>(keep<kLine>(h[i] + missing_columns));
  }
  const std::int64_t missing_lines =
      std::int64_t{padding(op_.kernel_height - window.rows)} * op_.kernel_width;
  for (std::uint32_t i = 0; i < lanes; ++i) {
    const std::int64_t v = keep<kSum>(sum[i] + missing_lines);
    const std::int64_t wide = scale<kFirst>(v, op_.reciprocal_width);
    const auto value = static_cast<T>(scale<kSecond>(wide, op_.reciprocal_height));
    std::memcpy(out + i * sizeof(T), &value, sizeof value);
  }
}

void PoolingKernel::average_fp16(const PoolingWindow& window, unsigned char* out) const {
  const auto registers = [](std::int32_t value) {
    return fp17_from_bits(static_cast<std::uint32_t>(value) & 0x1ffffU);
  };
  const std::uint32_t missing_columns = registers(padding(op_.kernel_width - window.columns));
  const std::uint32_t kernel_width = bits_of(static_cast<float>(op_.kernel_width));
  const std::uint32_t missing_lines =
      fp17_mul(registers(padding(op_.kernel_height - window.rows)), kernel_width);
  const std::uint32_t reciprocal_width = fp17_from_bits(op_.reciprocal_width & 0x1ffffU);
  const std::uint32_t reciprocal_height = fp17_from_bits(op_.reciprocal_height & 0x1ffffU);
  for (std::uint32_t i = 0; i < atom_ / 2; ++i) {
    std::uint32_t sum = 0;
    for (std::uint32_t row = 0; row < window.rows; ++row) {
      const std::size_t line = row * window.line_bytes + 2 * std::size_t{i};
      std::uint32_t h = 0;
      for (std::uint32_t column = 0; column < window.columns; ++column) {
        const std::uint32_t value = fp16_to_fp17(load16(window.first + line + std::size_t{column} * atom_));
        h = column == 0 ? value : fp17_add(h, value);
      }
      h = fp17_add(h, missing_columns);
      sum = row == 0 ? h : fp17_add(h, sum);
    }
    sum = fp17_add(sum, missing_lines);
    store16(out + 2 * i, fp17_to_fp16(fp17_mul(fp17_mul(sum, reciprocal_width), reciprocal_height)));
  }
}

}  // namespace nvdla::compute
