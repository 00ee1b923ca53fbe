// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "compute/float_loops.h"
#include "compute/sdp_stage.h"

namespace nvdla::compute {

namespace {

enum : std::uint32_t { kMax = 0, kMin = 1, kSum = 2, kEqual = 3 };

// Operands of one stage as fp32 patterns, one an element.
class Operand {
 public:
  // fp16 from memory, or `fixed`, an fp32 pattern.
  Operand(const std::int16_t* data, bool from_dma, std::uint32_t fixed, bool nan_to_zero, std::size_t count)
      : values_(count) {
    if (!from_dma) {
      values_.assign(count, static_cast<std::int32_t>(fixed));
      return;
    }
    for (std::size_t i = 0; i < count; ++i)
      values_[i] = static_cast<std::int32_t>(fp16_to_fp32_select(static_cast<std::uint16_t>(data[i])));
    if (!nan_to_zero) return;
    for (std::int32_t& value : values_) value = fp32_is_nan(static_cast<std::uint32_t>(value)) ? 0 : value;
  }

  [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
    return static_cast<std::uint32_t>(values_[i]);
  }
  [[nodiscard]] const std::int32_t* data() const { return values_.data(); }
  [[nodiscard]] bool special() const { return any_special(values_.data(), values_.size()); }

 private:
  std::vector<std::int32_t> values_;
};

std::uint32_t register_operand(std::int32_t value, bool nan_to_zero) {
  const auto h = static_cast<std::uint16_t>(value);
  return nan_to_zero && fp16_is_nan(h) ? 0 : fp16_to_fp32(h);
}

template <class F>
void apply(const Operand& operand, std::int32_t* x, std::size_t count, F f) {
  for (std::size_t i = 0; i < count; ++i)
    x[i] = static_cast<std::int32_t>(f(static_cast<std::uint32_t>(x[i]), operand[i]));
}

void alu(std::uint32_t algorithm, const Operand& operand, std::int32_t* x, std::size_t count) {
  switch (algorithm) {
    case kSum:
      if (!operand.special() && !any_special(x, count)) return add_normal(x, operand.data(), count);
      return apply(operand, x, count, fp32_add);
    case kMax:
      return apply(operand, x, count, fp32_max);
    case kEqual:  // compares bits
      return apply(operand, x, count, [](std::uint32_t a, std::uint32_t b) { return a == b ? 0U : 1U; });
    default:
      return apply(operand, x, count, fp32_min);
  }
}

void multiply(bool prelu, const Operand& operand, std::int32_t* x, std::size_t count) {
  if (!prelu) {
    if (!operand.special() && !any_special(x, count)) return multiply_normal(x, operand.data(), count);
    return apply(operand, x, count, fp32_mul);
  }
  apply(operand, x, count, [](std::uint32_t a, std::uint32_t b) {
    return (a & kSignBit) == 0 ? a : fp32_mul(a, b);  // without a sign it passes
  });
}

}  // namespace

void sdp_x_float(const SdpStage& stage, bool nan_to_zero, const StageOperands& operands, std::int32_t* x,
                 std::size_t count) {
  if (!stage.alu_bypass) {
    alu(stage.alu_algorithm,
        Operand(operands.alu, stage.alu_from_dma, register_operand(stage.alu_operand, nan_to_zero),
                nan_to_zero, count),
        x, count);
  }
  if (!stage.mul_bypass) {
    multiply(stage.prelu,
             Operand(operands.mul, stage.mul_from_dma, register_operand(stage.mul_operand, nan_to_zero),
                     nan_to_zero, count),
             x, count);
  }
  if (stage.relu_bypass) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint32_t>(x[i]);
    x[i] = x[i] < 0 && (bits & kMagnitude) <= 0x7f800000U ? 0 : x[i];
  }
}

void sdp_y_float(const SdpStage& stage, bool nan_to_zero, const StageOperands& operands, std::int32_t* x,
                 std::size_t count) {
  if (!stage.mul_bypass) {
    multiply(stage.prelu,
             Operand(operands.mul, stage.mul_from_dma, static_cast<std::uint32_t>(stage.mul_operand),
                     nan_to_zero, count),
             x, count);
  }
  if (!stage.alu_bypass) {
    alu(stage.alu_algorithm,
        Operand(operands.alu, stage.alu_from_dma, static_cast<std::uint32_t>(stage.alu_operand), nan_to_zero,
                count),
        x, count);
  }
}

}  // namespace nvdla::compute
