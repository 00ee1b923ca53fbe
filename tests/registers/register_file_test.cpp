// SPDX-License-Identifier: Apache-2.0
// Access rules, ping-pong groups, interrupts and LUT ports of the register file.
#include "registers/register_file.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "recorder.h"

namespace nvdla::registers {

namespace {

constexpr std::array<Unit, 12> kGroupedUnits = {Unit::kCdma, Unit::kCsc,     Unit::kCmacA, Unit::kCmacB,
                                                Unit::kCacc, Unit::kSdpRdma, Unit::kSdp,   Unit::kPdpRdma,
                                                Unit::kPdp,  Unit::kCdpRdma, Unit::kCdp,   Unit::kRubik};

class RegisterFileTest : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] std::uint32_t offset(Unit unit, const char* name) const {
    return file.map().offset(unit, name);
  }
  [[nodiscard]] std::uint32_t read(Unit unit, const char* name) {
    std::uint32_t value = 0;
    EXPECT_EQ(file.read(offset(unit, name), value), AccessStatus::kOk);
    return value;
  }
  void write(Unit unit, const char* name, std::uint32_t value) {
    ASSERT_EQ(file.write(offset(unit, name), value), AccessStatus::kOk) << name;
  }

  HardwareParameters hardware = preset(GetParam());
  RegisterFile file{hardware};
};

TEST_P(RegisterFileTest, ReadsTheResetValues) {
  for (std::size_t i = 0; i < file.map().size(); ++i) {
    const RegisterInfo& info = file.map()[i];
    if (!file.has_unit(info.unit) || info.read_mask == 0) continue;
    std::uint32_t value = 0;
    ASSERT_EQ(file.read(info.offset, value), AccessStatus::kOk) << info.full_name();
    // BDMA_STATUS and the LUT data port are made up at the time of the read; both agree with their reset
    // value.
    EXPECT_EQ(value, info.reset & info.read_mask) << info.full_name();
  }
}

// A store is a write that nobody hears of and that needs no answer; whatever else a write may do, it leaves.
TEST_P(RegisterFileTest, StoreIsAWriteThatOnlyStores) {
  RegisterFile written(hardware);
  Recorder recorder;
  written.set_listener(&recorder);
  file.set_listener(&recorder);
  std::size_t stored = 0;
  for (std::size_t i = 0; i < file.map().size(); ++i) {
    const RegisterInfo& info = file.map()[i];
    for (const std::uint32_t value : {info.write_mask & 0x5a5a5a5aU, ~0U}) {
      recorder.events.clear();
      recorder.written_offset = 0;
      std::uint32_t before = 0, after = 0, expected = 0;
      (void)file.peek(info.offset, before);
      const registers::RegisterWrite one{info.offset, value};
      const bool stores = file.store(&one, 1) == 1;
      (void)file.peek(info.offset, after);
      ASSERT_TRUE(recorder.events.empty() && recorder.written_offset == 0) << info.full_name();
      if (!stores) {
        ASSERT_EQ(after, before) << info.full_name();
        continue;
      }
      ++stored;
      ASSERT_EQ(written.write(info.offset, value), AccessStatus::kOk) << info.full_name();
      ASSERT_TRUE(recorder.events.empty() && recorder.written_offset == 0) << info.full_name();
      (void)written.peek(info.offset, expected);
      ASSERT_EQ(after, expected) << info.full_name();
      ASSERT_EQ(value & ~info.write_mask, 0U) << info.full_name();
    }
  }
  EXPECT_GT(stored, file.map().size() / 2);
  const std::uint32_t width = offset(Unit::kSdp, "D_DATA_CUBE_WIDTH");
  const auto store = [&](std::uint32_t at, std::uint32_t value) {
    const registers::RegisterWrite one{at, value};
    return file.store(&one, 1) == 1;
  };
  EXPECT_TRUE(store(width, 5));
  EXPECT_FALSE(store(width + 1, 5));
  write(Unit::kSdp, "D_OP_ENABLE", 1);
  EXPECT_FALSE(store(width, 6));
  EXPECT_EQ(read(Unit::kSdp, "D_DATA_CUBE_WIDTH"), 5U);
  write(Unit::kSdp, "S_POINTER", 1);
  EXPECT_TRUE(store(width, 7));  // of the other group
  EXPECT_EQ(read(Unit::kSdp, "D_DATA_CUBE_WIDTH"), 7U);
}

TEST_P(RegisterFileTest, StoresTheWritableBitsOfEveryRegisterAndNoOther) {
  for (std::size_t i = 0; i < file.map().size(); ++i) {
    const RegisterInfo& info = file.map()[i];
    if (!file.has_unit(info.unit)) continue;
    const bool storage = info.name != "D_OP_ENABLE" && info.unit != Unit::kGlb && info.unit != Unit::kBdma &&
                         info.name.substr(0, 12) != "S_LUT_ACCESS" && info.name != "S_POINTER";
    if (!storage || info.read_mask == 0) continue;
    const AccessStatus status = file.write(info.offset, ~info.reset);
    EXPECT_EQ(status, info.write_mask == 0 ? AccessStatus::kReadOnly : AccessStatus::kOk) << info.full_name();
    std::uint32_t value = 0;
    ASSERT_EQ(file.read(info.offset, value), AccessStatus::kOk);
    const std::uint32_t expected = (info.reset & ~info.write_mask) | (~info.reset & info.write_mask);
    EXPECT_EQ(value, expected & info.read_mask) << info.full_name();
  }
}

TEST_P(RegisterFileTest, RejectsAccessesThatNameNoRegister) {
  std::uint32_t value = 7;
  EXPECT_EQ(file.read(0xffc, value), AccessStatus::kUnmapped);
  EXPECT_EQ(value, 0U);
  EXPECT_EQ(file.write(0x1fffc, 0), AccessStatus::kUnmapped);
  EXPECT_EQ(file.write(0xfffffffc, 0), AccessStatus::kUnmapped);
  EXPECT_EQ(file.read(offset(Unit::kGlb, "S_INTR_MASK") + 2, value), AccessStatus::kMisaligned);
  EXPECT_EQ(file.write(offset(Unit::kCdma, "S_STATUS"), 1), AccessStatus::kReadOnly);
  EXPECT_EQ(file.read(offset(Unit::kGlb, "S_INTR_SET"), value), AccessStatus::kWriteOnly);
  EXPECT_THROW((void)file.value(Unit::kCdma, "D_NONE", 0), std::out_of_range);
  EXPECT_THROW((void)file.field(Unit::kCdma, "D_BANK", "NONE", 0), std::out_of_range);
}

TEST_P(RegisterFileTest, ProducerSelectsTheGroupOfSoftware) {
  write(Unit::kCdma, "D_BATCH_NUMBER", 3);
  write(Unit::kCdma, "S_POINTER", 1);
  EXPECT_EQ(read(Unit::kCdma, "D_BATCH_NUMBER"), 0U);
  write(Unit::kCdma, "D_BATCH_NUMBER", 5);
  EXPECT_EQ(file.field(Unit::kCdma, "D_BATCH_NUMBER", "BATCHES", 0), 3U);
  EXPECT_EQ(file.field(Unit::kCdma, "D_BATCH_NUMBER", "BATCHES", 1), 5U);
  // The consumer pointer is hardware's: software cannot write it.
  write(Unit::kCdma, "S_POINTER", 0x00010000);
  EXPECT_EQ(read(Unit::kCdma, "S_POINTER"), 0U);
}

// From idle through both groups enabled, for every unit with groups.
TEST_P(RegisterFileTest, GroupsRunInTurn) {
  Recorder recorder;
  file.set_listener(&recorder);
  for (const Unit unit : kGroupedUnits) {
    if (!file.has_unit(unit)) continue;
    SCOPED_TRACE(unit_name(unit));
    recorder.events.clear();
    const std::string name(unit_name(unit));
    EXPECT_EQ(read(unit, "S_STATUS"), 0U);

    write(unit, "D_OP_ENABLE", 1);
    EXPECT_TRUE(file.enabled(unit, 0));
    EXPECT_EQ(read(unit, "S_STATUS"), 0x00000001U);
    file.start(unit);
    EXPECT_TRUE(file.running(unit));
    EXPECT_THROW(file.start(unit), std::logic_error);

    write(unit, "S_POINTER", 1);
    write(unit, "D_OP_ENABLE", 1);
    EXPECT_EQ(read(unit, "S_STATUS"), 0x00020001U);
    EXPECT_EQ(read(unit, "S_POINTER"), 0x00000001U);

    file.complete(unit);
    EXPECT_FALSE(file.enabled(unit, 0));
    EXPECT_FALSE(file.running(unit));
    EXPECT_EQ(file.consumer(unit), 1U);
    EXPECT_EQ(read(unit, "S_STATUS"), 0x00010000U);
    EXPECT_EQ(read(unit, "S_POINTER"), 0x00010001U);
    EXPECT_EQ(read(unit, "D_OP_ENABLE"), 1U);

    file.start(unit);
    file.complete(unit);
    EXPECT_EQ(read(unit, "S_STATUS"), 0U);
    EXPECT_EQ(read(unit, "D_OP_ENABLE"), 0U);
    EXPECT_EQ(file.consumer(unit), 0U);
    EXPECT_THROW(file.start(unit), std::logic_error);
    EXPECT_THROW(file.complete(unit), std::logic_error);
    EXPECT_EQ(recorder.events, (std::vector<std::string>{"enable " + name + " 0", "enable " + name + " 1"}));
  }
}

TEST_P(RegisterFileTest, DropsWritesToAnEnabledGroup) {
  write(Unit::kSdp, "D_CVT_SHIFT", 5);
  write(Unit::kSdp, "D_OP_ENABLE", 1);
  EXPECT_EQ(file.write(offset(Unit::kSdp, "D_CVT_SHIFT"), 6), AccessStatus::kIgnored);
  EXPECT_EQ(file.write(offset(Unit::kSdp, "D_OP_ENABLE"), 0), AccessStatus::kIgnored);
  EXPECT_EQ(read(Unit::kSdp, "D_CVT_SHIFT"), 5U);
  EXPECT_TRUE(file.enabled(Unit::kSdp, 0));
  // Registers outside the groups stay writable.
  write(Unit::kSdp, "S_LUT_LE_START", 9);
  EXPECT_EQ(read(Unit::kSdp, "S_LUT_LE_START"), 9U);
  file.start(Unit::kSdp);
  file.complete(Unit::kSdp);
  write(Unit::kSdp, "D_CVT_SHIFT", 6);
  EXPECT_EQ(read(Unit::kSdp, "D_CVT_SHIFT"), 6U);
}

TEST_P(RegisterFileTest, DisablingAnIdleGroupIsNoEvent) {
  Recorder recorder;
  file.set_listener(&recorder);
  write(Unit::kPdp, "D_OP_ENABLE", 0);
  EXPECT_TRUE(recorder.events.empty());
  EXPECT_FALSE(file.enabled(Unit::kPdp, 0));
}

TEST_P(RegisterFileTest, InterruptStatusIsCollectedMaskedAndCleared) {
  file.raise(Interrupt::kCacc, 1);
  file.raise(Interrupt::kSdp, 0);
  file.raise(Interrupt::kCdmaData, 0);
  file.raise(Interrupt::kCdmaWeight, 1);
  EXPECT_EQ(read(Unit::kGlb, "S_INTR_STATUS"), 0x00290001U);
  EXPECT_TRUE(file.interrupt());

  // The mask gates the line only: the status still shows the bits.
  write(Unit::kGlb, "S_INTR_MASK", 0x00290001);
  EXPECT_FALSE(file.interrupt());
  EXPECT_EQ(read(Unit::kGlb, "S_INTR_STATUS"), 0x00290001U);
  write(Unit::kGlb, "S_INTR_MASK", 0x00290000);
  EXPECT_TRUE(file.interrupt());

  write(Unit::kGlb, "S_INTR_STATUS", 0x00010001);
  EXPECT_EQ(read(Unit::kGlb, "S_INTR_STATUS"), 0x00280000U);
  EXPECT_FALSE(file.interrupt());
  write(Unit::kGlb, "S_INTR_SET", 0x00000010);
  EXPECT_EQ(read(Unit::kGlb, "S_INTR_STATUS"), 0x00280010U);
  EXPECT_TRUE(file.interrupt());
  // Bits that belong to no unit never appear.
  write(Unit::kGlb, "S_INTR_SET", 0xffffffff);
  write(Unit::kGlb, "S_INTR_MASK", 0xffffffff);
  const std::uint32_t bits = hardware.bdma ? 0x003f03ffU : 0x003f003fU;
  EXPECT_EQ(read(Unit::kGlb, "S_INTR_STATUS"), bits);
  // Branch master has the mask bits of BDMA and Rubik all the same.
  EXPECT_EQ(read(Unit::kGlb, "S_INTR_MASK"), hardware.master_rtl ? 0x003f03ffU : bits);
  EXPECT_FALSE(file.interrupt());
}

TEST_P(RegisterFileTest, HardwareSetsStatisticsOfAGroup) {
  file.set_value(Unit::kCdma, "D_PERF_DAT_READ_STALL", 1, 1234);
  EXPECT_EQ(read(Unit::kCdma, "D_PERF_DAT_READ_STALL"), 0U);
  write(Unit::kCdma, "S_POINTER", 1);
  EXPECT_EQ(read(Unit::kCdma, "D_PERF_DAT_READ_STALL"), 1234U);
  EXPECT_THROW(file.set_value(Unit::kCdma, "S_STATUS", 0, 1), std::logic_error);
  EXPECT_THROW(file.set_value(Unit::kCdma, "D_BANK", 0, 1), std::logic_error);
}

TEST_P(RegisterFileTest, CbufFlushStatus) {
  EXPECT_EQ(read(Unit::kCdma, "S_CBUF_FLUSH_STATUS"), 0U);
  file.set_cbuf_flushed(true);
  EXPECT_EQ(read(Unit::kCdma, "S_CBUF_FLUSH_STATUS"), 1U);
  file.set_cbuf_flushed(false);
  EXPECT_EQ(read(Unit::kCdma, "S_CBUF_FLUSH_STATUS"), 0U);
}

TEST_P(RegisterFileTest, TellsOfWritesOutsideTheGroups) {
  Recorder recorder;
  file.set_listener(&recorder);
  write(Unit::kMcif, "CFG_OUTSTANDING_CNT", 0xffff1020);
  EXPECT_EQ(recorder.written_unit, Unit::kMcif);
  EXPECT_EQ(recorder.written_offset, offset(Unit::kMcif, "CFG_OUTSTANDING_CNT"));
  EXPECT_EQ(recorder.written_value, 0x1020U);
}

// Rows go on from unit to unit and from group to group, and end where a group is enabled.
TEST_P(RegisterFileTest, ARowOfStoresIsItsWrites) {
  const auto sdp = [&](const char* name) { return offset(Unit::kSdp, name); };
  const auto pdp = [&](const char* name) { return offset(Unit::kPdp, name); };
  const std::uint32_t lut = sdp("S_LUT_ACCESS_DATA");
  write(Unit::kPdp, "D_OP_ENABLE", 1);
  write(Unit::kPdp, "S_POINTER", 1);
  const std::vector<registers::RegisterWrite> row = {{sdp("D_DATA_CUBE_WIDTH"), 5},
                                                     {sdp("D_DATA_CUBE_HEIGHT"), 6},
                                                     {pdp("D_DATA_CUBE_IN_WIDTH"), 7},
                                                     {sdp("S_POINTER"), 1},
                                                     {sdp("D_DATA_CUBE_WIDTH"), 8},
                                                     {sdp("S_LUT_ACCESS_CFG"), 1U << 17},
                                                     {lut, 9},
                                                     {lut, 10},
                                                     {sdp("D_DATA_CUBE_HEIGHT"), 11},
                                                     {pdp("S_POINTER"), 0},
                                                     {pdp("D_DATA_CUBE_IN_WIDTH"), 12}};
  RegisterFile written(hardware);
  EXPECT_EQ(file.store(row.data(), row.size()), row.size() - 1);
  for (const registers::RegisterWrite& one : row) (void)written.write(one.offset, one.value);
  for (const std::uint32_t group : {0U, 1U}) {
    for (const char* const name : {"D_DATA_CUBE_WIDTH", "D_DATA_CUBE_HEIGHT"})
      EXPECT_EQ(file.value(Unit::kSdp, name, group), written.value(Unit::kSdp, name, group)) << name << group;
  }
  EXPECT_EQ(file.value(Unit::kSdp, "D_DATA_CUBE_HEIGHT", 1), 11U);
  EXPECT_EQ(file.value(Unit::kPdp, "D_DATA_CUBE_IN_WIDTH", 1), 7U);
  EXPECT_EQ(file.value(Unit::kPdp, "D_DATA_CUBE_IN_WIDTH", 0), 0U);
  for (const std::uint32_t entry : {0U, 1U})
    EXPECT_EQ(file.lut_entry(Unit::kSdp, false, entry), written.lut_entry(Unit::kSdp, false, entry));
  EXPECT_EQ(file.lut_entry(Unit::kSdp, false, 1), 10U);
}

TEST_P(RegisterFileTest, ResetRestoresEverything) {
  write(Unit::kCdma, "D_BANK", 3);
  write(Unit::kCdma, "S_POINTER", 1);
  write(Unit::kCdma, "D_OP_ENABLE", 1);
  file.raise(Interrupt::kPdp, 0);
  file.set_cbuf_flushed(true);
  file.reset();
  EXPECT_EQ(read(Unit::kCdma, "D_BANK"), 0U);
  EXPECT_EQ(read(Unit::kCdma, "S_POINTER"), 0U);
  EXPECT_FALSE(file.enabled(Unit::kCdma, 1));
  EXPECT_FALSE(file.interrupt());
  EXPECT_EQ(read(Unit::kCdma, "S_CBUF_FLUSH_STATUS"), 0U);
}

// SDP: the address moves with every access and is not read back. Entries beyond the table do not exist.
TEST_P(RegisterFileTest, LutPortOfSdp) {
  write(Unit::kSdp, "S_LUT_ACCESS_CFG", 0x20000 | 63);  // table LE, write
  for (const std::uint32_t value : {11U, 12U, 13U}) write(Unit::kSdp, "S_LUT_ACCESS_DATA", value);
  EXPECT_EQ(read(Unit::kSdp, "S_LUT_ACCESS_CFG"), 0x20000U | 63U);
  write(Unit::kSdp, "S_LUT_ACCESS_CFG", 63);
  EXPECT_EQ(read(Unit::kSdp, "S_LUT_ACCESS_DATA"), 11U);
  EXPECT_EQ(read(Unit::kSdp, "S_LUT_ACCESS_DATA"), 12U);
  EXPECT_EQ(read(Unit::kSdp, "S_LUT_ACCESS_DATA"), 0U);
  // A peek does not move the address.
  write(Unit::kSdp, "S_LUT_ACCESS_CFG", 63);
  std::uint32_t value = 0;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(file.peek(offset(Unit::kSdp, "S_LUT_ACCESS_DATA"), value), AccessStatus::kOk);
    EXPECT_EQ(value, 11U);
  }
}

// CDP: the address is read back, moves in the direction that is set, and stays at the last entry.
TEST_P(RegisterFileTest, LutPortOfCdp) {
  write(Unit::kCdp, "S_LUT_ACCESS_CFG", 0x30000 | 255);  // table LO, write
  for (const std::uint32_t value : {21U, 22U, 23U}) write(Unit::kCdp, "S_LUT_ACCESS_DATA", value);
  EXPECT_EQ(read(Unit::kCdp, "S_LUT_ACCESS_CFG"), 0x30000U | 256U);
  EXPECT_EQ(read(Unit::kCdp, "S_LUT_ACCESS_DATA"), 23U);
  write(Unit::kCdp, "S_LUT_ACCESS_CFG", 0x10000 | 255);
  write(Unit::kCdp, "S_LUT_ACCESS_DATA", 99);  // direction is read: no effect
  EXPECT_EQ(read(Unit::kCdp, "S_LUT_ACCESS_DATA"), 21U);
  EXPECT_EQ(read(Unit::kCdp, "S_LUT_ACCESS_DATA"), 23U);
}

INSTANTIATE_TEST_SUITE_P(Configurations, RegisterFileTest, testing::Values("nv_full", "nv_small", "nv_large"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace

}  // namespace nvdla::registers
