// SPDX-License-Identifier: Apache-2.0
// The two address maps, and the read-only registers that describe a configuration.
#include <gtest/gtest.h>

#include <stdexcept>

#include "registers/register_file.h"

namespace nvdla::registers {

namespace {

TEST(RegisterMaps, BasesAreThoseOfTheTwoAddressMaps) {
  const RegisterMap& full = RegisterMap::of(Generation::kV1);
  const RegisterMap& small = RegisterMap::of(Generation::kScalable);
  EXPECT_EQ(full.offset(Unit::kGlb, "S_NVDLA_HW_VERSION"), 0x0U);
  EXPECT_EQ(full.offset(Unit::kCdma, "S_STATUS"), 0x5000U);
  EXPECT_EQ(full.offset(Unit::kRubik, "S_STATUS"), 0x10000U);
  EXPECT_EQ(small.offset(Unit::kCfgrom, "CFGROM_HW_VERSION"), 0x0U);
  EXPECT_EQ(small.offset(Unit::kGlb, "S_INTR_STATUS"), 0x100cU);
  EXPECT_EQ(small.offset(Unit::kCdma, "S_STATUS"), 0x3000U);
  EXPECT_EQ(small.offset(Unit::kBdma, "CFG_LINE"), 0x10010U);
  EXPECT_EQ(small.offset(Unit::kRubik, "S_STATUS"), 0x11000U);
  EXPECT_EQ(full.find(Unit::kCfgrom, "CFGROM_HW_VERSION"), RegisterMap::kNone);
  EXPECT_THROW((void)full.offset(Unit::kGec, "FEATURE"), std::out_of_range);
}

// Values of the RTL's ROM (NV_NVDLA_CFGROM_rom.v): what a driver finds of nv_small.
TEST(RegisterMaps, CfgromDescribesNvSmall) {
  RegisterFile file{preset("nv_small")};
  EXPECT_EQ(file.value(Unit::kCfgrom, "CFGROM_HW_VERSION", 0), 0x10001U);
  EXPECT_EQ(file.value(Unit::kCfgrom, "CFGROM_CDMA_BASE_ATOMIC_C", 0), 8U);
  EXPECT_EQ(file.value(Unit::kCfgrom, "CFGROM_CBUF_BASE_CBUF_BANK_NUM", 0), 32U);
  EXPECT_EQ(file.value(Unit::kCfgrom, "CFGROM_CBUF_BASE_CBUF_BANK_DEPTH", 0), 512U);
  EXPECT_EQ(file.value(Unit::kCfgrom, "CFGROM_SDP_EW_THROUGHPUT", 0), 0U);
  EXPECT_EQ(file.value(Unit::kCfgrom, "CFGROM_CDMA_IMAGE_IN_FORMATS_PACKED", 0), 0x0cfff001U);
}

}  // namespace

}  // namespace nvdla::registers
