// SPDX-License-Identifier: Apache-2.0
// Arrays of fp16 and fp32 patterns by the rules of float_rules.h and number.h, in loops without branches that
// a compiler can vectorise. The fast forms hold for zeros and normal numbers; whoever has others (NaN, odd
// patterns of registers) takes the element-wise functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "compute/float_rules.h"

namespace nvdla::compute {

// fp16 -> fp32, every pattern.
[[nodiscard]] inline std::uint32_t fp16_to_fp32_select(std::uint32_t h) {
  const std::uint32_t sign = (h & 0x8000U) << 16U, magnitude = h & 0x7fffU;
  const std::uint32_t normal = (magnitude << 13U) + (112U << 23U);
  const std::uint32_t small = bits_of(static_cast<float>(static_cast<std::int32_t>(magnitude)) * 0x1p-24F);
  std::uint32_t result = magnitude < 0x400U ? small : normal;
  result = magnitude == 0x7c00U ? kFp32Largest : result;
  result = magnitude > 0x7c00U ? 0x7f800000U | (magnitude & 0x3ffU) : result;
  return sign | result;
}

// fp32 -> fp16, every pattern that is no denormal.
[[nodiscard]] inline std::uint32_t fp32_to_fp16_select(std::uint32_t f) {
  const std::uint32_t sign = f >> 16U & 0x8000U, magnitude = f & kMagnitude;
  const std::uint32_t normal = (magnitude + 0xfffU + (magnitude >> 13U & 1U) - (112U << 23U)) >> 13U;
  // The sum's last digit has the weight of the last digit of a denormal fp16.
  const std::uint32_t small = bits_of(float_of(magnitude < 0x38800000U ? magnitude : 0) + 0.5F) - 0x3f000000U;
  std::uint32_t result = magnitude < 0x38800000U ? small : normal;
  result = magnitude >= 0x47800000U || result > 0x7bffU ? 0x7bffU : result;
  result = magnitude > 0x7f800000U ? 0x7c00U | (f & 0x3ffU) : result;
  return sign | result;
}

// Some pattern is a NaN or one that a host float does not hold.
[[nodiscard]] inline bool any_special(const std::int32_t* x, std::size_t count) {
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t magnitude = static_cast<std::uint32_t>(x[i]) & kMagnitude;
    // From the smallest normal number to the largest one; 0 wraps to above both and is taken out.
    const std::uint32_t outside =
        magnitude - kFp32SmallestNormal > kFp32Largest - kFp32SmallestNormal ? 1U : 0U;
    found |= outside & (magnitude != 0 ? 1U : 0U);
  }
  return found != 0;
}

// x[i] += y[i]; neither has special patterns.
inline void add_normal(std::int32_t* x, const std::int32_t* y, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto a = static_cast<std::uint32_t>(x[i]), b = static_cast<std::uint32_t>(y[i]);
    const std::uint32_t sum = bits_of(float_of(a) + float_of(b)), magnitude = sum & kMagnitude;
    const std::uint32_t zero =
        (static_cast<std::int32_t>(a & kMagnitude) >= static_cast<std::int32_t>(b & kMagnitude) ? a : b) &
        kSignBit;
    std::uint32_t result =
        static_cast<std::int32_t>(magnitude) < static_cast<std::int32_t>(kFp32SmallestNormal) ? zero : sum;
    result = static_cast<std::int32_t>(magnitude) > static_cast<std::int32_t>(kFp32Largest)
                 ? (sum & kSignBit) | kFp32Largest
                 : result;
    x[i] = static_cast<std::int32_t>(result);
  }
}

// x[i] *= y[i]; neither has special patterns.
inline void multiply_normal(std::int32_t* x, const std::int32_t* y, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto a = static_cast<std::uint32_t>(x[i]), b = static_cast<std::uint32_t>(y[i]);
    const std::uint32_t product = bits_of(float_of(a) * float_of(b));
    const std::uint32_t magnitude = product & kMagnitude, sign = product & kSignBit;
    std::uint32_t result = product;
    result = magnitude < kFp32SmallestNormal ? sign : result;
    result = magnitude > kFp32Largest ? sign | kFp32Largest : result;
    // A host rounds up to the smallest normal number at the resolution of denormals: decide with all digits.
    if (magnitude == kFp32SmallestNormal) result = fp32_mul(a, b);
    x[i] = static_cast<std::int32_t>(result);
  }
}

}  // namespace nvdla::compute
