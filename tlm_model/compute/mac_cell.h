// SPDX-License-Identifier: Apache-2.0
// One atomic operation of a MAC cell of CMAC in fp16: up to 64 products share one exponent.
//   m(h) = (e != 0 ? 1024 + f : f) << (e != 0 ? e & 3 : 1)       significand, denormals are exact
//   g    = (e_w >> 2) + (e_d >> 2), G = max g over products of two nonzero operands, E = 4 G
//   (u, v) carry-save pair of the signed product, u + v = +-m(w) m(d) + 0x55550000
//   c    = (u >> s) + (v >> s) - (0x55550000 >> s), s = 4 (G - g); 0 when s >= 32
//   result = sum(c) * 2^(E - 50)
// The pair comes out of radix-4 Booth rows and the reduction tree of the RTL without DesignWare
// (NV_NVDLA_CMAC_CORE_MAC_mul.v, _exp.v, _nan.v, CMAC_CORE_mac.v, vlibs/NV_DW02_tree.v); a chip with another
// tree may differ in c by one. Infinity is the number 65536. A NaN among the operands is the result: the
// first of the weights, else the first of the data.
#pragma once

#include <cstdint>

namespace nvdla::compute {

inline constexpr std::uint32_t kCarrySaveBias = 0x55550000;

struct MacOperand {
  std::uint16_t magnitude = 0;  // m(h)
  std::uint8_t group = 0;       // e >> 2
  bool negative = false;
};

[[nodiscard]] constexpr MacOperand mac_operand(std::uint16_t h) {
  const std::uint32_t e = h >> 10U & 0x1fU, f = h & 0x3ffU;
  MacOperand operand;
  operand.magnitude = static_cast<std::uint16_t>(e != 0 ? (1024U + f) << (e & 3U) : f << 1U);
  operand.group = static_cast<std::uint8_t>(e >> 2U);
  operand.negative = (h & 0x8000U) != 0;
  return operand;
}

struct CarrySave {
  std::uint32_t u, v;
};
// `weight`, `data`: significands m(h) below 2^14.
[[nodiscard]] CarrySave booth_product(std::uint16_t weight, std::uint16_t data, bool negative);

struct MacResult {
  bool nan = false;
  std::uint16_t nan_bits = 0;   // the operand that it comes from
  std::int32_t exponent = 0;    // E
  std::int64_t sums[16] = {0};  // direct: [0]; Winograd: sums of 4 products each
};

// `weights`, `data`: `slots` fp16 patterns; those that take no part are zero. `sums`: 1, or 16 for Winograd,
// where slot / 4 selects the sum. Precondition: slots is a multiple of sums.
[[nodiscard]] MacResult mac_fp16(const std::int16_t* weights, const std::int16_t* data, std::uint32_t slots,
                                 std::uint32_t sums);

}  // namespace nvdla::compute
