// SPDX-License-Identifier: Apache-2.0
// Floating-point arithmetic of SDP, PDP and CDP on bit patterns: fp32, and fp17 (sign, 6 bits of exponent
// with bias 31, 10 of fraction), which is held here as the fp32 pattern of the same value.
//   add, sub, mul   the exact result, rounded once to nearest even; an overflow becomes the largest finite
//                   number, a result below the smallest normal one becomes zero
//   sign of a zero  sum: of the operand with the larger magnitude, the first when they are equal; product: of
//                   the product; sub(a, b) is add(a, -b) in every respect
//   NaN             the first operand if it is one, else the second, bits unchanged (payload in the low bits)
//   max, min        order of sign and magnitude: -0 is below +0; equal operands give the second
// A pattern with the exponent 0 or all ones in it is a number like any other to these units, (1 + f) * 2^(e -
// bias), save the zero and the NaN; only registers can hold such patterns.
// fp32 and fp17 here are subsets of double, and double has more than twice their digits, so that its own
// rounding is innocuous before the second one.
//
// Source: nvdla/hw cmod/hls/include/nvdla_float.h (FpAdd, FpMul, FpCmp, FpWidthDec, FpExpoWidthInc), from
// which the RTL (HLS_fp32_*, HLS_fp17_*, SDP_CORE_*) was generated.
//
// Limits: a NaN with nothing in its low 10 bits, which only a register of Y can bring, and an all-ones
// exponent of fp17 without fraction, which only registers of PDP can, are numbers out of range once they are
// fp17 here. The host rounds to nearest, as processes do unless told otherwise; its flags for denormals do
// not matter.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "compute/number.h"

namespace nvdla::compute {

inline constexpr std::uint32_t kSignBit = 0x80000000U, kMagnitude = 0x7fffffffU;
inline constexpr std::uint32_t kFp32Largest = 0x7f7fffffU, kFp32SmallestNormal = 0x00800000U;
inline constexpr std::uint32_t kFp17Largest = 0x4f7fe000U;         // (2 - 2^-10) * 2^31
inline constexpr std::uint32_t kFp17SmallestNormal = 0x30800000U;  // 2^-30

// A pattern that a host float does not hold with NVDLA's meaning: exponent 0 with a fraction, or all ones.
[[nodiscard]] constexpr bool fp32_is_odd(std::uint32_t bits) {
  const std::uint32_t magnitude = bits & kMagnitude;
  return magnitude >= 0x7f800000U || (magnitude != 0 && magnitude < kFp32SmallestNormal);
}

// 2^exponent, -1022 to 1023.
[[nodiscard]] inline double power_of_two(int exponent) {
  const std::uint64_t pattern = static_cast<std::uint64_t>(exponent + 1023) << 52U;
  double value;
  std::memcpy(&value, &pattern, sizeof value);
  return value;
}

// Value of a pattern that is no NaN, read as NVDLA does.
[[nodiscard]] inline double fp32_value(std::uint32_t bits) {
  if (!fp32_is_odd(bits)) return static_cast<double>(float_of(bits));
  const double fraction = 1.0 + (bits & 0x7fffffU) * 0x1p-23;
  const double magnitude = fraction * power_of_two(static_cast<int>(bits >> 23U & 0xffU) - 127);
  return (bits & kSignBit) != 0 ? -magnitude : magnitude;
}

// The sign that a vanishing sum takes.
[[nodiscard]] constexpr std::uint32_t sum_zero(std::uint32_t a, std::uint32_t b) {
  return ((a & kMagnitude) >= (b & kMagnitude) ? a : b) & kSignBit;
}

namespace detail {

// Sum with an operand that a host float does not hold. A sum that needs no carry beyond the all-ones exponent
// keeps it: the adder clamps only what leaves its exponent range.
[[nodiscard]] inline std::uint32_t fp32_add_odd(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_nan(a)) return a;
  if (fp32_is_nan(b)) return b;
  const double sum = fp32_value(a) + fp32_value(b);
  if (std::fabs(sum) < 0x1p-126) return sum_zero(a, b);
  const std::uint32_t sign = sum < 0 ? kSignBit : 0;
  if (std::fabs(sum) < 0x1p127) return bits_of(static_cast<float>(sum));
  // Round near the top of the range on the halved scale, where a host float still has room.
  const std::uint32_t halved = bits_of(static_cast<float>(std::fabs(sum) * 0.25));
  const std::uint32_t exponent = (halved >> 23U) + 2;
  const std::uint32_t largest = std::max(a & kMagnitude, b & kMagnitude) >> 23U;
  const bool carries = exponent == 255 && std::fabs(sum) < 0x1p128;  // by rounding alone
  if (carries || exponent > std::max<std::uint32_t>(largest, 254U)) return sign | kFp32Largest;
  return sign | exponent << 23U | (halved & 0x7fffffU);
}

}  // namespace detail

[[nodiscard]] inline std::uint32_t fp32_add(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_odd(a) || fp32_is_odd(b)) return detail::fp32_add_odd(a, b);
  const std::uint32_t sum = bits_of(float_of(a) + float_of(b));
  const std::uint32_t magnitude = sum & kMagnitude;
  if (magnitude < kFp32SmallestNormal) return sum_zero(a, b);
  return magnitude > kFp32Largest ? (sum & kSignBit) | kFp32Largest : sum;
}

[[nodiscard]] inline std::uint32_t fp32_sub(std::uint32_t a, std::uint32_t b) {
  return fp32_add(a, b ^ kSignBit);
}

// Below this a product rounds to less than the smallest normal number: it is rounded before it is flushed.
inline constexpr double kFp32MulFlush = 0x1p-126 * (1 - 0x1p-25);

[[nodiscard]] inline std::uint32_t fp32_mul(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_nan(a)) return a;
  if (fp32_is_nan(b)) return b;
  const std::uint32_t sign = (a ^ b) & kSignBit;
  const double product = std::fabs(fp32_value(a) * fp32_value(b));
  if (product < kFp32MulFlush) return sign;
  if (product >= 0x1p128) return sign | kFp32Largest;
  return sign | std::min(std::max(bits_of(static_cast<float>(product)), kFp32SmallestNormal), kFp32Largest);
}

// Order of sign and magnitude as signed integers: -0 below +0.
[[nodiscard]] constexpr std::int32_t fp32_order(std::uint32_t bits) {
  const auto x = static_cast<std::int32_t>(bits);
  return x < 0 ? static_cast<std::int32_t>(kMagnitude) ^ x : x;
}

[[nodiscard]] constexpr std::uint32_t fp32_max(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_nan(a)) return a;
  if (fp32_is_nan(b)) return b;
  return fp32_order(a) > fp32_order(b) ? a : b;
}

[[nodiscard]] constexpr std::uint32_t fp32_min(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_nan(a)) return a;
  if (fp32_is_nan(b)) return b;
  return fp32_order(a) > fp32_order(b) ? b : a;
}

// -- fp17, as fp32 patterns

// A normal fp32 pattern rounded to 10 bits of fraction, to nearest even.
[[nodiscard]] constexpr std::uint32_t round_fraction10(std::uint32_t bits) {
  return (bits + 0xfffU + (bits >> 13U & 1U)) & ~0x1fffU;
}

[[nodiscard]] inline std::uint32_t fp17_add(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_nan(a)) return a;
  if (fp32_is_nan(b)) return b;
  const std::uint32_t sum = bits_of(float_of(a) + float_of(b));
  if ((sum & kMagnitude) < kFp17SmallestNormal) return sum_zero(a, b);
  const std::uint32_t rounded = round_fraction10(sum);
  return (rounded & kSignBit) | std::min(rounded & kMagnitude, kFp17Largest);
}

[[nodiscard]] inline std::uint32_t fp17_mul(std::uint32_t a, std::uint32_t b) {
  if (fp32_is_nan(a)) return a;
  if (fp32_is_nan(b)) return b;
  const std::uint32_t rounded = round_fraction10(bits_of(float_of(a) * float_of(b)));  // exact product
  const std::uint32_t sign = (a ^ b) & kSignBit, magnitude = rounded & kMagnitude;
  return magnitude < kFp17SmallestNormal ? sign : sign | std::min(magnitude, kFp17Largest);
}

[[nodiscard]] constexpr std::uint32_t fp16_to_fp17(std::uint16_t h) {
  if ((h & 0x7fffU) == 0x7c00U) return (h & 0x8000U) << 16U | kFp17Largest;
  return fp16_to_fp32(h);
}

// Narrowing rounds at the resolution of denormals before it flushes them: what lies within half of that
// resolution below the smallest normal number becomes that number.
[[nodiscard]] constexpr std::uint32_t fp32_to_fp17(std::uint32_t f) {
  if (fp32_is_nan(f)) return (f & (kSignBit | 0x3ffU)) | 0x7f800000U;
  const std::uint32_t sign = f & kSignBit, magnitude = f & kMagnitude;
  if (magnitude < kFp17SmallestNormal) {
    constexpr std::uint32_t kNearest = 0x307fe000U;  // 2^-30 - 2^-41
    return magnitude >= kNearest ? sign | kFp17SmallestNormal : sign;
  }
  if (magnitude >= 0x7f800000U) return sign | kFp17Largest;
  return sign | std::min(round_fraction10(magnitude), kFp17Largest);
}

[[nodiscard]] constexpr std::uint16_t fp17_to_fp16(std::uint32_t x) { return fp32_to_fp16(x); }

// From the 17 bits of a register.
[[nodiscard]] constexpr std::uint32_t fp17_from_bits(std::uint32_t bits) {
  const std::uint32_t sign = (bits & 0x10000U) << 15U, exponent = bits >> 10U & 0x3fU,
                      fraction = bits & 0x3ffU;
  if (exponent == 63 && fraction != 0) return sign | 0x7f800000U | fraction;
  if (exponent == 0 && fraction == 0) return sign;
  return sign | (exponent + 96) << 23U | fraction << 13U;
}

// fraction / 2^bits, to nearest even; 0 < bits < 53.
[[nodiscard]] inline std::uint32_t fraction_to_fp17(std::uint64_t fraction, unsigned bits) {
  const double value = static_cast<double>(fraction) / static_cast<double>(std::uint64_t{1} << bits);
  std::uint64_t pattern;
  std::memcpy(&pattern, &value, sizeof pattern);
  // Rounded to 10 bits of fraction while it still has all its digits.
  pattern = (pattern + (std::uint64_t{1} << 41U) - 1 + (pattern >> 42U & 1U)) >> 42U << 42U;
  double rounded;
  std::memcpy(&rounded, &pattern, sizeof rounded);
  return rounded < 0x1p-30 ? 0 : bits_of(static_cast<float>(rounded));
}

}  // namespace nvdla::compute
