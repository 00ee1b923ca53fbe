// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compute/number.h"
#include "compute/sdp_stage.h"

namespace nvdla::compute {

namespace {

enum : std::uint32_t { kMax = 0, kMin = 1, kEqual = 3 };  // everything else adds

// The rounding shift of number.h without a branch, for loops; shift 0 to 63.
struct Rounding {
  explicit Rounding(unsigned shift)
      : shift(shift), half(shift == 0 ? 0 : std::int64_t{1} << (shift - 1)), tie(shift == 0 ? 0 : -1) {}
  [[nodiscard]] std::int64_t operator()(std::int64_t x) const {
    return (x + half + ((x >> 63) & tie)) >> shift;
  }
  unsigned shift;
  std::int64_t half, tie;
};

std::int32_t sat32(std::int64_t x) { return static_cast<std::int32_t>(saturate<32>(x)); }

// An operand of X, shifted to the left with saturation.
struct LeftShift {
  explicit LeftShift(std::uint32_t shift) : shift(std::min(shift, 40U)) {}
  [[nodiscard]] std::int64_t operator()(std::int32_t x) const {
    return saturate<32>(std::int64_t{x} * (std::int64_t{1} << shift));  // 16 bits and 40 fit
  }
  std::uint32_t shift;
};

// Calls f with a function that gives the operand of element i.
template <class Value, class Convert, class F>
void with_operand(bool from_dma, const std::int16_t* data, Value fixed, Convert convert, F f) {
  if (from_dma) {
    f([data, convert](std::size_t i) { return convert(data[i]); });
  } else {
    f([fixed](std::size_t) { return fixed; });
  }
}

// f(a, operand) of the algorithm, chosen outside the loop.
template <class F>
void with_algorithm(std::uint32_t algorithm, F f) {
  if (algorithm == kMax) {
    f([](std::int64_t a, std::int64_t b) { return std::max(a, b); });
  } else if (algorithm == kMin) {
    f([](std::int64_t a, std::int64_t b) { return std::min(a, b); });
  } else {
    f([](std::int64_t a, std::int64_t b) { return a + b; });
  }
}

// The multiplier of X and Y. `in` gives the multiplicand of element i.
template <class Round, class In, class Operand>
void multiply(bool prelu, const Round& round, In in, Operand operand, std::int32_t* out, std::size_t count) {
  if (prelu) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t a = in(i);
      const std::int32_t product = sat32(round(a * operand(i)));
      out[i] = a >= 0 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(a)) : product;
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = sat32(round(in(i)*operand(i)));
  }
}

template <class In>
void x_multiplier(const SdpStage& stage, const StageOperands& operands, In in, std::int32_t* x,
                  std::size_t count) {
  const Rounding round(stage.mul_shift & 63U);
  if (stage.mul_bypass) {
    if (stage.mul_shift == 0) {
      for (std::size_t i = 0; i < count; ++i) x[i] = sat32(in(i));
    } else {
      for (std::size_t i = 0; i < count; ++i) x[i] = sat32(round(in(i)));
    }
    return;
  }
  with_operand(
      stage.mul_from_dma, operands.mul, std::int64_t{static_cast<std::int16_t>(stage.mul_operand)},
      [](std::int16_t v) { return std::int64_t{v}; },
      [&](auto operand) { multiply(stage.prelu, round, in, operand, x, count); });
}

}  // namespace

void sdp_x_integer(const SdpStage& stage, const StageOperands& operands, std::int32_t* x, std::size_t count) {
  if (stage.alu_bypass) {
    x_multiplier(
        stage, operands, [x](std::size_t i) { return std::int64_t{x[i]}; }, x, count);
  } else {
    const LeftShift shift(stage.alu_shift);
    with_operand(stage.alu_from_dma, operands.alu, shift(static_cast<std::int16_t>(stage.alu_operand)), shift,
                 [&](auto operand) {
                   with_algorithm(stage.alu_algorithm, [&](auto alu) {
                     x_multiplier(
                         stage, operands,
                         [x, alu, operand](std::size_t i) { return alu(std::int64_t{x[i]}, operand(i)); }, x,
                         count);
                   });
                 });
  }
  if (stage.relu_bypass) return;
  for (std::size_t i = 0; i < count; ++i) x[i] = std::max(x[i], 0);
}

void sdp_y_integer(const SdpStage& stage, const StageOperands& operands, std::int32_t* x, std::size_t count) {
  const auto converter = [](bool convert, std::int32_t offset, std::int32_t scale, std::uint32_t truncate) {
    const Rounding round(truncate & 63U);
    return [=](std::int16_t v) {
      return convert ? std::int64_t{sat32(round((std::int64_t{v} - offset) * std::int64_t{scale}))}
                     : std::int64_t{v};
    };
  };
  if (!stage.mul_bypass) {
    // A product is at most 2^62 in magnitude: a shift by 64 and more leaves nothing, and the largest shifts
    // need a sum of 65 bits in Rounding.
    const bool vanishes = stage.mul_shift > 63;
    const auto round = [shift = std::min(stage.mul_shift, 63U),
                        fast = Rounding(std::min(stage.mul_shift, 61U))](std::int64_t product) {
      return shift > 61 ? round_shift(product, shift) : fast(product);
    };
    with_operand(stage.mul_from_dma, operands.mul, std::int64_t{stage.mul_operand},
                 converter(stage.mul_convert, stage.mul_convert_offset, stage.mul_convert_scale,
                           stage.mul_convert_truncate),
                 [&](auto operand) {
                   const auto factor = [&](std::size_t i) { return vanishes ? std::int64_t{0} : operand(i); };
                   multiply(
                       stage.prelu, round, [x](std::size_t i) { return std::int64_t{x[i]}; }, factor, x,
                       count);
                 });
  }
  if (stage.alu_bypass) return;
  with_operand(stage.alu_from_dma, operands.alu, std::int64_t{stage.alu_operand},
               converter(stage.alu_convert, stage.alu_convert_offset, stage.alu_convert_scale,
                         stage.alu_convert_truncate),
               [&](auto operand) {
                 if (stage.alu_algorithm == kEqual) {
                   for (std::size_t i = 0; i < count; ++i) x[i] = x[i] == operand(i) ? 0 : 1;
                   return;
                 }
                 with_algorithm(stage.alu_algorithm, [&](auto alu) {
                   for (std::size_t i = 0; i < count; ++i) x[i] = sat32(alu(std::int64_t{x[i]}, operand(i)));
                 });
               });
}

}  // namespace nvdla::compute
