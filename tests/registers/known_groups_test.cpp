// SPDX-License-Identifier: Apache-2.0
// Proves that what was decoded before is used only for a group that holds the same, and that nothing stays of
// one that could not be decoded.
#include "registers/known_groups.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "hardware/parameters.h"

namespace nvdla::registers {
namespace {

class KnownGroupsTest : public ::testing::Test {
 protected:
  void write(Unit unit, const char* name, std::uint32_t value) {
    ASSERT_EQ(file_.write(file_.map().offset(unit, name), value), AccessStatus::kOk);
  }
  // The width, and how often it was read.
  std::uint32_t width(std::uint32_t activation, std::uint32_t group) {
    return known_.get(file_, {Unit::kSdp}, activation, group, [&] {
      ++decoded_;
      return file_.value(Unit::kSdp, "D_DATA_CUBE_WIDTH", group);
    });
  }

  RegisterFile file_{preset("nv_full")};
  KnownGroups known_;
  int decoded_ = 0;
};

TEST_F(KnownGroupsTest, TheSameContentsAreDecodedOnce) {
  write(Unit::kSdp, "D_DATA_CUBE_WIDTH", 7);
  EXPECT_EQ(width(0, 0), 7U);
  EXPECT_EQ(width(0, 0), 7U);
  EXPECT_EQ(decoded_, 1);
  // Another activation, even of the same contents, is somebody else's.
  EXPECT_EQ(width(1, 0), 7U);
  EXPECT_EQ(decoded_, 2);
}

TEST_F(KnownGroupsTest, OtherContentsAreDecodedAnew) {
  write(Unit::kSdp, "D_DATA_CUBE_WIDTH", 7);
  EXPECT_EQ(width(0, 0), 7U);
  write(Unit::kSdp, "D_DATA_CUBE_HEIGHT", 9);
  EXPECT_EQ(width(0, 0), 7U);
  EXPECT_EQ(decoded_, 2);
  EXPECT_EQ(width(0, 1), 0U);  // the other group holds its reset values
  EXPECT_EQ(decoded_, 3);
  // So are registers outside of the groups.
  EXPECT_EQ(width(0, 1), 0U);
  EXPECT_EQ(decoded_, 3);
  write(Unit::kSdp, "S_LUT_CFG", 1);
  EXPECT_EQ(width(0, 1), 0U);
  EXPECT_EQ(decoded_, 4);
}

TEST_F(KnownGroupsTest, WhatThrowsIsNotKept) {
  const auto fails = [&]() -> int { throw std::runtime_error("illegal"); };
  EXPECT_THROW((void)known_.get(file_, {Unit::kPdp}, 0, 0, fails), std::runtime_error);
  EXPECT_EQ(known_.get(file_, {Unit::kPdp}, 0, 0, [] { return 3; }), 3);
}

}  // namespace
}  // namespace nvdla::registers
