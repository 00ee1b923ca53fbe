// SPDX-License-Identifier: Apache-2.0
// Rounding, saturation and fp16 as NVDLA's datapaths have them.
//   saturate<n>(x)        clamp to n bits, signed
//   round_shift(x, s)     x / 2^s to nearest, ties away from zero (AC_RND_INF of the HLS sources)
//   fp16 <-> fp32         nvdla/hw cmod/hls/include/nvdla_float.h: an infinity of fp16 becomes the largest
//                         finite fp32; to fp16 rounds to nearest even, makes denormals, and clamps to 65504;
//                         a NaN keeps its sign and the low 10 bits of its fraction.
// Limits: fp32 denormals are read as zero, as nothing in NVDLA produces them.
#pragma once

#include <cstdint>
#include <cstring>

namespace nvdla::compute {

template <unsigned bits>
[[nodiscard]] constexpr std::int64_t saturate(std::int64_t x) {
  static_assert(bits > 0 && bits < 64);
  constexpr std::int64_t kLargest = (std::int64_t{1} << (bits - 1)) - 1;
  return x > kLargest ? kLargest : (x < -kLargest - 1 ? -kLargest - 1 : x);
}

// Precondition: shift < 64. The product of two 32-bit numbers cannot overflow here.
[[nodiscard]] constexpr std::int64_t round_shift(std::int64_t x, unsigned shift) {
  if (shift == 0) return x;
  // Floor, then up when the guard bit is set; a negative tie stays down, away from zero.
  const std::int64_t floor = x >> shift;
  const std::uint64_t fraction = static_cast<std::uint64_t>(x) & ((std::uint64_t{1} << shift) - 1);
  const std::uint64_t half = std::uint64_t{1} << (shift - 1);
  return floor + ((fraction > half || (fraction == half && x >= 0)) ? 1 : 0);
}

[[nodiscard]] inline std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

[[nodiscard]] inline float float_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

[[nodiscard]] constexpr bool fp16_is_nan(std::uint16_t h) { return (h & 0x7fffU) > 0x7c00U; }
[[nodiscard]] constexpr bool fp32_is_nan(std::uint32_t f) { return (f & 0x7fffffffU) > 0x7f800000U; }

// fp16 pattern -> fp32 pattern.
[[nodiscard]] constexpr std::uint32_t fp16_to_fp32(std::uint16_t h) {
  const std::uint32_t sign = (h & 0x8000U) << 16U;
  const std::uint32_t exponent = h >> 10U & 0x1fU;
  std::uint32_t fraction = h & 0x3ffU;
  if (exponent == 31) return sign | (fraction != 0 ? 0x7f800000U | fraction : 0x7f7fffffU);
  if (exponent != 0) return sign | (exponent + 112) << 23U | fraction << 13U;
  if (fraction == 0) return sign;
  std::uint32_t shifted = 0;
  while ((fraction & 0x400U) == 0) {
    fraction <<= 1U;
    ++shifted;
  }
  return sign | (113 - shifted) << 23U | (fraction & 0x3ffU) << 13U;
}

// fp32 pattern -> fp16 pattern.
[[nodiscard]] constexpr std::uint16_t fp32_to_fp16(std::uint32_t f) {
  const std::uint32_t sign = f >> 16U & 0x8000U;
  const std::uint32_t magnitude = f & 0x7fffffffU;
  if (magnitude > 0x7f800000U) return static_cast<std::uint16_t>(sign | 0x7c00U | (f & 0x3ffU));
  const std::uint32_t exponent = magnitude >> 23U;
  if (exponent > 142) return static_cast<std::uint16_t>(sign | 0x7bffU);
  if (exponent < 102) return static_cast<std::uint16_t>(sign);  // below half of the smallest denormal
  // Significand with its leading one; the bits below the fp16 fraction round to even.
  const std::uint32_t significand = (magnitude & 0x7fffffU) | 0x800000U;
  const std::uint32_t drop = exponent >= 113 ? 13 : 126 - exponent;
  const std::uint32_t kept = significand >> drop;
  const std::uint32_t rest = significand & ((1U << drop) - 1);
  const std::uint32_t half = 1U << (drop - 1);
  std::uint32_t result = (exponent >= 113 ? (exponent - 113) << 10U : 0) + kept;
  if (rest > half || (rest == half && (kept & 1U) != 0)) ++result;
  if (result > 0x7bffU) result = 0x7bffU;
  return static_cast<std::uint16_t>(sign | result);
}

}  // namespace nvdla::compute
