// SPDX-License-Identifier: Apache-2.0
// SDP's sub-engines X1, X2 and Y on arrays of elements, 32 bits each: integers, or fp32 patterns when the
// processing precision is fp16.
//
// X, integers (a has 33 bits):
//   operand = sat32(operand16 * 2^alu_shift);  a = max(x, operand) | min | x + operand;  bypassed: x
//   PReLU and a >= 0: the low 32 bits of a, else sat32(round(a * multiplier16 / 2^mul_shift)); with the
//   multiplier bypassed the shift still acts;  ReLU: negative to zero
// X, fp16 processing: operands fp16 -> fp32; FpMax, FpMin, FpAdd; PReLU passes what has no sign; FpMul; no
//   shifts; ReLU: a sign without NaN to +0
// Y, integers: first m = x * operand32 likewise (PReLU passes x >= 0 unshifted; bypassed: x, unshifted), then
//   sat32(max | min | m + operand | m == operand ? 0 : 1); operands from memory pass a converter:
//   sat32(round((operand16 - offset32) * scale16 / 2^truncate)). fp16 processing: fp32 like X, no converter;
//   register operands are fp32 patterns.
// round is to nearest, ties away from zero. NaN operands from fp16 become +0 when NAN_TO_ZERO is set.
// Source: cmod/hls/sdp/sdp_x.cpp, sdp_y_core.cpp, sdp_y_cvt.cpp; NV_NVDLA_SDP_HLS_X_int_*.v, _Y_int_*.v.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operation/sdp.h"

namespace nvdla::compute {

// Operands from memory, one an element, or null where the stage has none.
struct StageOperands {
  const std::int16_t* alu = nullptr;
  const std::int16_t* mul = nullptr;
};

// Preconditions: stage is not bypassed; operands that come from memory are there.
void sdp_x_integer(const SdpStage& stage, const StageOperands& operands, std::int32_t* x, std::size_t count);
void sdp_y_integer(const SdpStage& stage, const StageOperands& operands, std::int32_t* x, std::size_t count);
void sdp_x_float(const SdpStage& stage, bool nan_to_zero, const StageOperands& operands, std::int32_t* x,
                 std::size_t count);
void sdp_y_float(const SdpStage& stage, bool nan_to_zero, const StageOperands& operands, std::int32_t* x,
                 std::size_t count);

// Y compares: nothing is written, the status register tells whether any element differed.
[[nodiscard]] inline bool sdp_compares(const SdpOperation& operation) {
  constexpr std::uint32_t kEqual = 3;
  return !operation.y.bypass && !operation.y.alu_bypass && operation.y.alu_algorithm == kEqual;
}

}  // namespace nvdla::compute
