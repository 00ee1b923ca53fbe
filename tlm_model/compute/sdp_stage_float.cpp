// SPDX-License-Identifier: Apache-2.0
#include "compute/float_rules.h"
#include "compute/sdp_stage.h"

namespace nvdla::compute {

namespace {

enum : std::uint32_t { kMax = 0, kMin = 1, kSum = 2, kEqual = 3 };

std::uint32_t widen(std::int16_t operand, bool nan_to_zero) {
  const auto h = static_cast<std::uint16_t>(operand);
  return nan_to_zero && fp16_is_nan(h) ? 0 : fp16_to_fp32(h);
}

template <class F>
void with_operand(bool from_dma, const std::int16_t* data, std::uint32_t fixed, bool nan_to_zero, F f) {
  if (from_dma) {
    f([data, nan_to_zero](std::size_t i) { return widen(data[i], nan_to_zero); });
  } else {
    f([fixed](std::size_t) { return fixed; });
  }
}

template <class Operand>
void alu(std::uint32_t algorithm, Operand operand, std::int32_t* x, std::size_t count) {
  const auto apply = [&](auto f) {
    for (std::size_t i = 0; i < count; ++i)
      x[i] = static_cast<std::int32_t>(f(static_cast<std::uint32_t>(x[i]), operand(i)));
  };
  switch (algorithm) {
    case kSum:
      apply([](std::uint32_t a, std::uint32_t b) { return fp32_add(a, b); });
      break;
    case kMax:
      apply([](std::uint32_t a, std::uint32_t b) { return fp32_max(a, b); });
      break;
    case kEqual:  // compares bits
      apply([](std::uint32_t a, std::uint32_t b) { return a == b ? 0U : 1U; });
      break;
    default:
      apply([](std::uint32_t a, std::uint32_t b) { return fp32_min(a, b); });
      break;
  }
}

template <class Operand>
void multiply(bool prelu, Operand operand, std::int32_t* x, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (prelu && x[i] >= 0) continue;  // no sign
    x[i] = static_cast<std::int32_t>(fp32_mul(static_cast<std::uint32_t>(x[i]), operand(i)));
  }
}

}  // namespace

void sdp_x_float(const SdpStage& stage, bool nan_to_zero, const StageOperands& operands, std::int32_t* x,
                 std::size_t count) {
  if (!stage.alu_bypass) {
    with_operand(stage.alu_from_dma, operands.alu,
                 widen(static_cast<std::int16_t>(stage.alu_operand), nan_to_zero), nan_to_zero,
                 [&](auto operand) { alu(stage.alu_algorithm, operand, x, count); });
  }
  if (!stage.mul_bypass) {
    with_operand(stage.mul_from_dma, operands.mul,
                 widen(static_cast<std::int16_t>(stage.mul_operand), nan_to_zero), nan_to_zero,
                 [&](auto operand) { multiply(stage.prelu, operand, x, count); });
  }
  if (stage.relu_bypass) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint32_t>(x[i]);
    if ((bits & kSignBit) != 0 && !fp32_is_nan(bits)) x[i] = 0;
  }
}

void sdp_y_float(const SdpStage& stage, bool nan_to_zero, const StageOperands& operands, std::int32_t* x,
                 std::size_t count) {
  if (!stage.mul_bypass) {
    with_operand(stage.mul_from_dma, operands.mul, static_cast<std::uint32_t>(stage.mul_operand), nan_to_zero,
                 [&](auto operand) { multiply(stage.prelu, operand, x, count); });
  }
  if (!stage.alu_bypass) {
    with_operand(stage.alu_from_dma, operands.alu, static_cast<std::uint32_t>(stage.alu_operand), nan_to_zero,
                 [&](auto operand) { alu(stage.alu_algorithm, operand, x, count); });
  }
}

}  // namespace nvdla::compute
