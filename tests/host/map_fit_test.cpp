// SPDX-License-Identifier: Apache-2.0
// Every recorded trace tells its register map; what could be either does not.
#include "host/map_fit.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

class MapFit : public test::TemporaryDirectory {
 protected:
  std::optional<Generation> map_of(const std::string& text) {
    return recognised_map(Program(file("a.txn", text)));
  }
};

TEST_F(MapFit, EveryRecordedTraceIsRecognised) {
  std::size_t traces = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(NVDLA_SOURCE_DIR) / "firmware_traces")) {
    if (!entry.is_directory()) continue;
    ++traces;
    const bool small = entry.path().filename().string().find("nv_small") != std::string::npos;
    EXPECT_EQ(recognised_map(Program((entry.path() / "input.txn.gz").string())),
              small ? Generation::kScalable : Generation::kV1)
        << entry.path();
  }
  EXPECT_GT(traces, 50U);
}

TEST_F(MapFit, OneReadMayTell) {
  // CDMA.S_STATUS of one map, the weight of a client of CVIF in the other: not 0 after reset.
  EXPECT_EQ(map_of("read_reg 0xffff0c00 0xffffffff 0x00000000\n"), Generation::kScalable);
  EXPECT_EQ(map_of("write_reg 0xffff0c00 0x0\nread_reg 0xffff0c00 0xffffffff 0x00000000\n"), std::nullopt);
  // No register there in the other.
  EXPECT_EQ(map_of("write_reg 0xffff3c10 0x0\n"), Generation::kV1);
}

TEST_F(MapFit, WhatBothMapsHaveDoesNot) {
  EXPECT_EQ(map_of("wait\n"), std::nullopt);
  EXPECT_EQ(map_of("write_reg 0xffff3fff 0x0\n"), std::nullopt) << "a hole in both";
}

}  // namespace
}  // namespace nvdla::host
