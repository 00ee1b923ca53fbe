// SPDX-License-Identifier: Apache-2.0
// fp16 on the CPU: what inputs are converted to and what CPU tasks compute with. Rounds to nearest, ties away
// from zero, as the runtime's library does (nvdla/sw: half 1.11 with its defaults); overflow is infinity.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace nvdla::host {

[[nodiscard]] inline float half_to_float(std::uint16_t half) {
  const std::uint32_t exponent = half >> 10 & 0x1f, mantissa = half & 0x3ff;
  float value = 0;
  if (exponent == 0x1f) {
    value = mantissa == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(static_cast<float>(mantissa), -24);
  } else {
    value = std::ldexp(static_cast<float>(mantissa | 0x400), static_cast<int>(exponent) - 25);
  }
  return (half & 0x8000) != 0 ? -value : value;
}

[[nodiscard]] inline std::uint16_t float_to_half(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  const std::uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  std::uint32_t half = 0;
  if (magnitude > 0x7f800000) {
    half = 0x7e00;  // NaN
  } else if (magnitude >= 0x477ff000) {
    half = 0x7c00;  // 65520 and above
  } else if (magnitude >= 0x38800000) {
    half = (magnitude - 0x38000000 + 0x1000) >> 13;  // a carry raises the exponent
  } else if (magnitude >= 0x33000000) {
    // Subnormal: the mantissa with its leading one in steps of 2^-24, from 2^-25 on.
    const std::uint32_t shift = 126 - (magnitude >> 23);
    half = (((magnitude & 0x7fffff) | 0x800000) + (1U << (shift - 1))) >> shift;
  }
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace nvdla::host
