// SPDX-License-Identifier: Apache-2.0
// CACC: how the results of atomic operations are added up and delivered.
//   integers  a = sat(a + x) after every atomic operation, 34 bits (int8) or 48 (int16);
//             delivered sat32( a / 2^CLIP_TRUNCATE ), ties away from zero. Only 16 bits of the fraction are
//             kept: a negative value that is a tie in these is taken for one (NV_NVDLA_CACC_CALC_int8.v,
//             _int16.v). A value counts as saturated when its floor, or what a positive one is rounded to,
//             does not fit
//   fp16      a = a + x, rounded to 39 significant bits, ties away from zero; delivered as fp32, rounded to
//   24
//             bits, ties away from zero (NV_NVDLA_CACC_CALC_fp_48b.v). The first NaN stays and leaves as its
//             sign, exponent 255 and its 10 bits in the low bits of the fraction.
#pragma once

#include <cstdint>
#include <cstring>

#include "compute/number.h"

namespace nvdla::compute {

struct Delivered {
  std::int32_t value;
  bool saturated;
};

// Precondition: truncate < 32.
[[nodiscard]] constexpr Delivered deliver_integer(std::int64_t a, unsigned truncate) {
  const std::int64_t floor = a >> truncate;
  std::int64_t rounded = floor;
  if (truncate > 0) {
    const std::uint64_t fraction = static_cast<std::uint64_t>(a) & ((std::uint64_t{1} << truncate) - 1);
    const std::uint64_t kept = truncate > 16 ? fraction >> (truncate - 16) : fraction << (16 - truncate);
    if (kept > 0x8000 || (kept == 0x8000 && a >= 0)) ++rounded;
  }
  const std::int64_t clamped = saturate<32>(rounded);
  return {static_cast<std::int32_t>(clamped), clamped != rounded || floor < INT32_MIN};
}

// Accumulator of one output element in fp16. Every value of it is exact in a double.
class FloatAccumulator {
 public:
  void add(std::int64_t mantissa, std::int32_t exponent) {
    if (nan_ != 0 || mantissa == 0) return;
    value_ = round39(value_, static_cast<double>(mantissa) * power_of_two(exponent - 50));
  }
  void add_nan(std::uint16_t bits) {
    if (nan_ == 0) nan_ = bits;
  }
  // fp32 pattern.
  [[nodiscard]] std::uint32_t deliver() const {
    if (nan_ != 0) return (nan_ & 0x8000U) << 16U | 0x7f800000U | (nan_ & 0x3ffU);
    if (value_ == 0) return 0;
    std::uint64_t bits = to_bits(value_);
    bits = (bits + (std::uint64_t{1} << 28U)) >> 29U << 29U;
    return bits_of(static_cast<float>(to_double(bits)));
  }

 private:
  [[nodiscard]] static std::uint64_t to_bits(double x) {
    std::uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
  }
  [[nodiscard]] static double to_double(std::uint64_t bits) {
    double x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
  }
  [[nodiscard]] static double power_of_two(std::int32_t e) {
    return to_double(static_cast<std::uint64_t>(e + 1023) << 52U);
  }
  // a + b to 39 bits: the double nearest to the sum, corrected where the sum itself was rounded to a tie.
  [[nodiscard]] static double round39(double a, double b) {
    const double s = a + b;
    if (s == 0) return 0;
    const double bb = s - a;
    const double error = (a - (s - bb)) + (b - bb);
    std::uint64_t bits = to_bits(s);
    if ((bits & 0x3fffU) == 0x2000U && error != 0 && (error < 0) != (s < 0)) --bits;
    return to_double((bits + 0x2000U) >> 14U << 14U);
  }

  double value_ = 0;
  std::uint16_t nan_ = 0;
};

}  // namespace nvdla::compute
