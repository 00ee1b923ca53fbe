// SPDX-License-Identifier: Apache-2.0
// Proves that the look-up tables are decoded from where software put them: every setting in its field, the
// signs of narrow fields, 38-bit bounds of CDP, and the entries that the access port has written.
#include <gtest/gtest.h>

#include "registers/decoder.h"

namespace nvdla::registers {
namespace {

class DecodeLut : public testing::Test {
 protected:
  void write(Unit unit, const char* name, std::uint32_t value) {
    ASSERT_EQ(file_.write(file_.map().offset(unit, name), value), AccessStatus::kOk) << name;
  }

  void settings(Unit unit) {
    write(unit, "S_LUT_CFG", 1U | 1U << 4U | 1U << 6U);
    write(unit, "S_LUT_INFO", 0xfbU | 0x11U << 8U | 0xfeU << 16U);
    write(unit, "S_LUT_LE_SLOPE_SCALE", 0x8000U | 0x1234U << 16U);
    write(unit, "S_LUT_LE_SLOPE_SHIFT", 0x1fU | 0x0fU << 5U);
    write(unit, "S_LUT_LO_SLOPE_SCALE", 7U | 0xffffU << 16U);
    write(unit, "S_LUT_LO_SLOPE_SHIFT", 3U | 0x10U << 5U);
    constexpr std::uint32_t kWrite = 1U << 17U, kLo = 1U << 16U;
    write(unit, "S_LUT_ACCESS_CFG", kWrite);
    for (std::uint32_t i = 0; i < LutSettings::kLeEntries; ++i) write(unit, "S_LUT_ACCESS_DATA", 1000 + i);
    write(unit, "S_LUT_ACCESS_CFG", kWrite | kLo);
    for (std::uint32_t i = 0; i < LutSettings::kLoEntries; ++i) write(unit, "S_LUT_ACCESS_DATA", 2000 + i);
  }

  static void expect_settings(const LutSettings& lut) {
    EXPECT_FALSE(lut.le_exponential);
    EXPECT_TRUE(lut.underflow_lo);
    EXPECT_FALSE(lut.overflow_lo);
    EXPECT_TRUE(lut.hybrid_lo);
    EXPECT_EQ(lut.le_index_offset, -5);
    EXPECT_EQ(lut.le_index_select, 17);
    EXPECT_EQ(lut.lo_index_select, -2);
    EXPECT_EQ(lut.le_slope.underflow_scale, -32768);
    EXPECT_EQ(lut.le_slope.overflow_scale, 0x1234);
    EXPECT_EQ(lut.le_slope.underflow_shift, -1);
    EXPECT_EQ(lut.le_slope.overflow_shift, 15);
    EXPECT_EQ(lut.lo_slope.underflow_scale, 7);
    EXPECT_EQ(lut.lo_slope.overflow_scale, -1);
    EXPECT_EQ(lut.lo_slope.underflow_shift, 3);
    EXPECT_EQ(lut.lo_slope.overflow_shift, -16);
    for (std::uint32_t i = 0; i < LutSettings::kLeEntries; ++i) EXPECT_EQ(lut.le[i], 1000 + i);
    for (std::uint32_t i = 0; i < LutSettings::kLoEntries; ++i) EXPECT_EQ(lut.lo[i], 2000 + i);
  }

  HardwareParameters hardware_ = preset("nv_full");
  RegisterFile file_{hardware_};
};

TEST_F(DecodeLut, OfSdp) {
  settings(Unit::kSdp);
  write(Unit::kSdp, "S_LUT_LE_START", 0x80000001U);
  write(Unit::kSdp, "S_LUT_LE_END", 5);
  write(Unit::kSdp, "S_LUT_LO_START", 0xfffffff0U);
  write(Unit::kSdp, "S_LUT_LO_END", 0x7fffffffU);
  const SdpLut lut = decode_sdp_lut(file_, hardware_);
  expect_settings(lut);
  EXPECT_EQ(lut.le_start, INT32_MIN + 1);
  EXPECT_EQ(lut.le_end, 5);
  EXPECT_EQ(lut.lo_start, -16);
  EXPECT_EQ(lut.lo_end, INT32_MAX);
}

TEST_F(DecodeLut, OfCdp) {
  settings(Unit::kCdp);
  write(Unit::kCdp, "S_LUT_LE_START_HIGH", 0x3f);
  write(Unit::kCdp, "S_LUT_LE_START_LOW", 0xfffffffeU);
  write(Unit::kCdp, "S_LUT_LE_END_HIGH", 0x1f);
  write(Unit::kCdp, "S_LUT_LE_END_LOW", 1);
  write(Unit::kCdp, "S_LUT_LO_START_HIGH", 0x20);
  write(Unit::kCdp, "S_LUT_LO_START_LOW", 0);
  write(Unit::kCdp, "S_LUT_LO_END_HIGH", 0);
  write(Unit::kCdp, "S_LUT_LO_END_LOW", 0x80000000U);
  const CdpLut lut = decode_cdp_lut(file_, hardware_);
  expect_settings(lut);
  EXPECT_EQ(lut.le_start, -2);
  EXPECT_EQ(lut.le_end, (std::int64_t{0x1f} << 32) + 1);
  EXPECT_EQ(lut.lo_start, -(std::int64_t{1} << 37));
  EXPECT_EQ(lut.lo_end, std::int64_t{1} << 31);
}

TEST_F(DecodeLut, AnEntryThatATableLacksIsAnError) {
  EXPECT_THROW((void)file_.lut_entry(Unit::kSdp, false, LutSettings::kLeEntries), std::out_of_range);
  EXPECT_THROW((void)file_.lut_entry(Unit::kCdp, true, LutSettings::kLoEntries), std::out_of_range);
  EXPECT_THROW((void)file_.lut_entry(Unit::kPdp, true, 0), std::out_of_range);
}

}  // namespace
}  // namespace nvdla::registers
