// SPDX-License-Identifier: Apache-2.0
// The pair of look-up tables of SDP (behind Y) and of CDP: LE ("linear or exponential", 65 entries) and LO
// (linear only, 257 entries), with the rules for values outside them. These S_LUT registers and tables exist
// once a unit: an operation uses what they hold when it starts.
// Units: starts, ends and slopes are integers in integer precisions and bit patterns in fp16 processing
// (start and end fp32, slopes and table entries fp16); SDP has 32-bit starts and ends, CDP 38-bit ones.
#pragma once

#include <array>
#include <cstdint>

namespace nvdla {

// What one table yields below its first and above its last entry: entry + (x - bound) * scale / 2^shift; a
// negative shift is to the left.
struct LutSlope {
  std::int32_t underflow_scale = 0, overflow_scale = 0;  // 16 bits, signed
  std::int32_t underflow_shift = 0, overflow_shift = 0;  // 5 bits, signed; integers only
};

struct LutSettings {
  static constexpr std::uint32_t kLeEntries = 65, kLoEntries = 257;

  bool le_exponential = true;  // LE function; false: linear
  // Which table decides when both are missed below, both above, or both are hit (or one is missed below and
  // the other above): false LE, true LO.
  bool underflow_lo = false, overflow_lo = false, hybrid_lo = false;
  std::int32_t le_index_offset = 0;                       // log2 of the first step of an exponential LE
  std::int32_t le_index_select = 0, lo_index_select = 0;  // log2 of a linear table's step
  std::int64_t le_start = 0, le_end = 0, lo_start = 0, lo_end = 0;
  LutSlope le_slope, lo_slope;
  std::array<std::uint16_t, kLeEntries> le{};
  std::array<std::uint16_t, kLoEntries> lo{};
};

struct SdpLut : LutSettings {};
struct CdpLut : LutSettings {};

}  // namespace nvdla
