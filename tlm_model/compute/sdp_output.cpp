// SPDX-License-Identifier: Apache-2.0
#include "compute/sdp_output.h"

#include <algorithm>

#include "compute/feature_cube.h"
#include "compute/float_loops.h"
#include "compute/sdp_stage.h"

namespace nvdla::compute {

namespace {

// Nearest, ties away from zero.
std::int32_t fp16_to_int16(std::uint16_t h) {
  if (fp16_is_nan(h)) return -32768;
  const std::int32_t exponent = h >> 10U & 0x1f;
  const std::int32_t significand = (h & 0x3ff) | 0x400;  // a denormal is far below one half
  const std::int32_t shift = 25 - exponent;
  std::int32_t magnitude;
  if (shift <= 0) {
    magnitude = significand << -shift;
  } else if (shift > 11) {
    magnitude = 0;
  } else {
    magnitude = (significand + (1 << (shift - 1))) >> shift;
  }
  if ((h & 0x8000U) != 0) return magnitude > 32767 ? -32768 : -magnitude;
  return std::min(magnitude, 32767);
}

// A 17-bit integer, to nearest even.
std::uint16_t int17_to_fp16(std::int32_t x) {
  return fp32_to_fp16(bits_of(static_cast<float>(x)));  // exact in fp32
}

struct Converter {
  explicit Converter(const SdpOperation& operation)
      : offset(operation.convert_offset),
        scale(static_cast<std::int16_t>(operation.convert_scale)),
        shift(operation.convert_shift & 63U),
        half(shift == 0 ? 0 : std::int64_t{1} << (shift - 1)),
        tie(shift == 0 ? 0 : -1) {}

  [[nodiscard]] std::int64_t product(std::int32_t x) const { return (std::int64_t{x} - offset) * scale; }
  [[nodiscard]] std::int64_t unclamped(std::int64_t product) const {
    return (product + half + ((product >> 63) & tie)) >> shift;
  }

  std::int64_t offset, scale;
  unsigned shift;
  std::int64_t half, tie;
};

bool saturates(const Converter& converter, Generation generation, std::int64_t product,
               std::int64_t clamped) {
  const std::int64_t floor = product >> converter.shift;
  if (generation == Generation::kV1) return floor < clamped - 1 || floor > clamped + 1;
  constexpr std::int64_t kLargest = 0xffff;
  return floor < -kLargest - 1 || floor > kLargest || converter.unclamped(product) > kLargest;
}

// Converts with `store(i, t)`, t of 17 bits.
template <class Store>
std::uint64_t convert_integers(const Converter& converter, Generation generation, const std::int32_t* x,
                               std::size_t count, Store store) {
  std::uint64_t outside = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t t = converter.unclamped(converter.product(x[i]));
    const std::int64_t clamped = saturate<17>(t);
    // The scalable generation also counts a floor just below the range that rounds back into it.
    outside += (t != clamped || clamped == -0x10000) ? 1U : 0U;
    store(i, static_cast<std::int32_t>(clamped));
  }
  if (outside == 0) return 0;
  std::uint64_t saturated = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t product = converter.product(x[i]);
    const std::int64_t clamped = saturate<17>(converter.unclamped(product));
    saturated += saturates(converter, generation, product, clamped) ? 1U : 0U;
  }
  return saturated;
}

std::uint64_t largest_halves(const unsigned char* out, std::size_t count) {
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest += (load16(out + 2 * i) & 0x7fffU) == 0x7bffU ? 1U : 0U;
  return largest;
}

}  // namespace

std::uint64_t sdp_convert(const SdpOperation& operation, Generation generation, const std::int32_t* x,
                          std::size_t count, unsigned char* out) {
  const Precision precision = operation.output_precision;
  const bool bytes = precision == Precision::kInt8;
  if (sdp_compares(operation)) {
    for (std::size_t i = 0; i < count; ++i) {
      if (bytes) {
        out[i] = static_cast<unsigned char>(x[i]);
      } else {
        store16(out + 2 * i, static_cast<std::uint32_t>(x[i]));
      }
    }
    return 0;
  }
  if (operation.processing_precision == Precision::kFp16) {
    if (precision == Precision::kFp16) {
      for (std::size_t i = 0; i < count; ++i)
        store16(out + 2 * i, fp32_to_fp16_select(static_cast<std::uint32_t>(x[i])));
      return largest_halves(out, count);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint16_t half = fp32_to_fp16(static_cast<std::uint32_t>(x[i]));
      if (bytes) {
        out[i] = static_cast<unsigned char>(half);
      } else {
        store16(out + 2 * i, static_cast<std::uint32_t>(fp16_to_int16(half)));
      }
    }
    return 0;
  }
  const Converter converter(operation);
  if (bytes) {
    return convert_integers(converter, generation, x, count, [out](std::size_t i, std::int32_t t) {
      out[i] = static_cast<unsigned char>(saturate<8>(t));
    });
  }
  if (precision == Precision::kInt16) {
    return convert_integers(converter, generation, x, count, [out](std::size_t i, std::int32_t t) {
      store16(out + 2 * i, static_cast<std::uint32_t>(saturate<16>(t)));
    });
  }
  convert_integers(converter, generation, x, count,
                   [out](std::size_t i, std::int32_t t) { store16(out + 2 * i, int17_to_fp16(t)); });
  return largest_halves(out, count);
}

}  // namespace nvdla::compute
