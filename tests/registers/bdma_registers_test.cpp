// SPDX-License-Identifier: Apache-2.0
// BDMA's registers: the FIFO of commands, two groups without pointers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "recorder.h"
#include "registers/register_file.h"

namespace nvdla::registers {

namespace {

class BdmaRegisters : public testing::Test {
 protected:
  [[nodiscard]] AccessStatus write(const char* name, std::uint32_t value) {
    return file.write(file.map().offset(Unit::kBdma, name), value);
  }
  [[nodiscard]] std::uint32_t status(const char* field) const {
    return file.field(Unit::kBdma, "STATUS", field, 0);
  }

  RegisterFile file{preset("nv_full")};
};

TEST_F(BdmaRegisters, QueueHoldsTwentyTransfers) {
  Recorder recorder;
  file.set_listener(&recorder);
  EXPECT_EQ(status("FREE_SLOT"), 20U);
  EXPECT_EQ(status("IDLE"), 1U);
  for (std::uint32_t i = 0; i < kBdmaSlots; ++i) {
    EXPECT_EQ(write("CFG_OP", 1), AccessStatus::kOk);
    EXPECT_EQ(status("FREE_SLOT"), 19U - i);
  }
  EXPECT_EQ(status("IDLE"), 0U);
  EXPECT_EQ(write("CFG_OP", 1), AccessStatus::kIgnored);
  EXPECT_EQ(recorder.events.size(), std::size_t{20});
  file.take_bdma_transfer();
  EXPECT_EQ(status("FREE_SLOT"), 1U);
  EXPECT_EQ(write("CFG_OP", 0), AccessStatus::kOk);
  EXPECT_EQ(status("FREE_SLOT"), 1U);
}

TEST_F(BdmaRegisters, GroupsRunInTheOrderOfTheirLaunch) {
  Recorder recorder;
  file.set_listener(&recorder);
  ASSERT_EQ(write("CFG_OP", 1), AccessStatus::kOk);
  ASSERT_EQ(write("CFG_LAUNCH1", 1), AccessStatus::kOk);
  ASSERT_EQ(write("CFG_OP", 1), AccessStatus::kOk);
  ASSERT_EQ(write("CFG_LAUNCH0", 1), AccessStatus::kOk);
  EXPECT_EQ(write("CFG_LAUNCH1", 1), AccessStatus::kIgnored);
  EXPECT_EQ(recorder.events,
            (std::vector<std::string>{"queued", "enable BDMA 1", "queued", "enable BDMA 0"}));
  EXPECT_EQ(file.consumer(Unit::kBdma), 1U);
  EXPECT_EQ(status("GRP0_BUSY"), 1U);
  EXPECT_EQ(status("GRP1_BUSY"), 1U);
  file.start(Unit::kBdma);
  file.take_bdma_transfer();
  file.complete(Unit::kBdma);
  EXPECT_EQ(status("GRP1_BUSY"), 0U);
  EXPECT_EQ(file.consumer(Unit::kBdma), 0U);
  file.start(Unit::kBdma);
  file.take_bdma_transfer();
  EXPECT_EQ(status("IDLE"), 0U);  // the last transfer is on its way
  file.complete(Unit::kBdma);
  EXPECT_EQ(status("GRP0_BUSY"), 0U);
  EXPECT_EQ(status("IDLE"), 1U);
  EXPECT_THROW(file.take_bdma_transfer(), std::logic_error);
}

TEST_F(BdmaRegisters, BothGroupsMayRunAtOnceAndNoMore) {
  EXPECT_THROW(file.start(Unit::kBdma), std::logic_error);
  for (const char* launch : {"CFG_LAUNCH0", "CFG_LAUNCH1"}) {
    ASSERT_EQ(write("CFG_OP", 1), AccessStatus::kOk);
    ASSERT_EQ(write(launch, 1), AccessStatus::kOk);
    file.start(Unit::kBdma);
    EXPECT_THROW(file.start(Unit::kBdma), std::logic_error);
    file.take_bdma_transfer();
  }
  file.complete(Unit::kBdma);
  EXPECT_EQ(status("GRP0_BUSY"), 0U);
  EXPECT_EQ(status("GRP1_BUSY"), 1U);
  EXPECT_EQ(status("IDLE"), 0U);
  EXPECT_TRUE(file.running(Unit::kBdma));
  file.complete(Unit::kBdma);
  EXPECT_EQ(status("IDLE"), 1U);
  EXPECT_FALSE(file.running(Unit::kBdma));
}

TEST_F(BdmaRegisters, AreAbsentWhereTheConfigurationHasNoBdma) {
  RegisterFile small{preset("nv_small")};
  std::uint32_t value = 0;
  EXPECT_FALSE(small.has_unit(Unit::kBdma));
  EXPECT_EQ(small.read(0x10040, value), AccessStatus::kUnmapped);
  EXPECT_EQ(small.write(0x11008, 1), AccessStatus::kUnmapped);
  EXPECT_FALSE(small.has_unit(Unit::kCvif));
  EXPECT_TRUE(RegisterFile{preset("nv_large")}.has_unit(Unit::kCvif));
}

}  // namespace

}  // namespace nvdla::registers
