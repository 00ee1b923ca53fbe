// SPDX-License-Identifier: Apache-2.0
// The look-up tables of SDP and CDP. Any content is legal: hardware does not check it.
#include <string>

#include "registers/decoder.h"
#include "registers/descriptor_reader.h"

namespace nvdla::registers {

namespace {

// 38-bit two's complement of CDP: the HIGH register holds bits 32 to 37.
std::int64_t wide(const DescriptorReader& r, const std::string& name) {
  const std::uint64_t high = r.field("S_LUT_" + name + "_HIGH", "LUT_" + name + "_HIGH");
  const std::uint64_t raw = high << 32 | r.value("S_LUT_" + name + "_LOW");
  constexpr unsigned kUnused = 64 - 38;
  return static_cast<std::int64_t>(raw << kUnused) >> kUnused;
}

std::int64_t narrow(const DescriptorReader& r, const std::string& name) {
  return static_cast<std::int32_t>(r.value("S_LUT_" + name));
}

LutSlope slope(const DescriptorReader& r, const std::string& table) {
  const std::string scale = "S_LUT_" + table + "_SLOPE_SCALE", shift = "S_LUT_" + table + "_SLOPE_SHIFT";
  const std::string field = "LUT_" + table + "_SLOPE_";
  return {r.signed_field(scale, field + "UFLOW_SCALE"), r.signed_field(scale, field + "OFLOW_SCALE"),
          r.signed_field(shift, field + "UFLOW_SHIFT"), r.signed_field(shift, field + "OFLOW_SHIFT")};
}

void decode_tables(const RegisterFile& file, Unit unit, const DescriptorReader& r, LutSettings& lut) {
  lut.le_exponential = r.field("S_LUT_CFG", "LUT_LE_FUNCTION") == 0;
  lut.underflow_lo = r.flag("S_LUT_CFG", "LUT_UFLOW_PRIORITY");
  lut.overflow_lo = r.flag("S_LUT_CFG", "LUT_OFLOW_PRIORITY");
  lut.hybrid_lo = r.flag("S_LUT_CFG", "LUT_HYBRID_PRIORITY");
  lut.le_index_offset = r.signed_field("S_LUT_INFO", "LUT_LE_INDEX_OFFSET");
  lut.le_index_select = r.signed_field("S_LUT_INFO", "LUT_LE_INDEX_SELECT");
  lut.lo_index_select = r.signed_field("S_LUT_INFO", "LUT_LO_INDEX_SELECT");
  lut.le_slope = slope(r, "LE");
  lut.lo_slope = slope(r, "LO");
  for (std::uint32_t i = 0; i < LutSettings::kLeEntries; ++i) lut.le[i] = file.lut_entry(unit, false, i);
  for (std::uint32_t i = 0; i < LutSettings::kLoEntries; ++i) lut.lo[i] = file.lut_entry(unit, true, i);
}

}  // namespace

SdpLut decode_sdp_lut(const RegisterFile& file, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kSdp, 0);
  SdpLut lut;
  decode_tables(file, Unit::kSdp, r, lut);
  lut.le_start = narrow(r, "LE_START");
  lut.le_end = narrow(r, "LE_END");
  lut.lo_start = narrow(r, "LO_START");
  lut.lo_end = narrow(r, "LO_END");
  return lut;
}

CdpLut decode_cdp_lut(const RegisterFile& file, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kCdp, 0);
  CdpLut lut;
  decode_tables(file, Unit::kCdp, r, lut);
  lut.le_start = wide(r, "LE_START");
  lut.le_end = wide(r, "LE_END");
  lut.lo_start = wide(r, "LO_START");
  lut.lo_end = wide(r, "LO_END");
  return lut;
}

}  // namespace nvdla::registers
