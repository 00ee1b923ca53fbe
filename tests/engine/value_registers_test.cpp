// SPDX-License-Identifier: Apache-2.0
// Proves which counter of an operation's values stands in which register, and that the counters of
// D_PERF_ENABLE stay as they are where they are not enabled. Names and enables: the data sheet.
#include "engine/tensors/value_registers.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "hardware/parameters.h"

namespace nvdla::engine {
namespace {

ValueCounters distinct() {
  ValueCounters values;
  values.saturation = 10;  // even: D_STATUS is one bit
  values.nan_input = 12;
  values.inf_input = 13;
  values.nan_output = 14;
  values.nan_weight = 15;
  values.inf_weight = 16;
  values.lut.underflow = 17;
  values.lut.overflow = 18;
  values.lut.hybrid = 19;
  values.lut.le_hit = 20;
  values.lut.lo_hit = 21;
  values.unequal = true;
  return values;
}

using Expected = std::vector<std::pair<std::string, std::uint32_t>>;

void expect_registers(const registers::RegisterFile& file, Unit unit, std::uint32_t group,
                      const Expected& expected) {
  for (const auto& [name, value] : expected) EXPECT_EQ(file.value(unit, name, group), value) << name;
}

const Expected kSdpAlways = {{"D_STATUS", 1},
                             {"D_STATUS_NAN_OUTPUT_NUM", 14},
                             {"D_STATUS_NAN_INPUT_NUM", 0},
                             {"D_STATUS_INF_INPUT_NUM", 0}};
const Expected kSdpCounted = {{"D_PERF_OUT_SATURATION", 10}, {"D_PERF_LUT_UFLOW", 17},
                              {"D_PERF_LUT_OFLOW", 18},      {"D_PERF_LUT_HYBRID", 19},
                              {"D_PERF_LUT_LE_HIT", 20},     {"D_PERF_LUT_LO_HIT", 21}};

TEST(ValueRegisters, WithoutPerfEnableOnlyWhatAlwaysCounts) {
  registers::RegisterFile file(preset("nv_full"));
  for (const Unit unit : {Unit::kCdma, Unit::kCacc, Unit::kSdp, Unit::kPdp, Unit::kCdp})
    show_values(file, unit, 1, distinct());
  expect_registers(file, Unit::kCdma, 1,
                   {{"D_NAN_INPUT_DATA_NUM", 12},
                    {"D_INF_INPUT_DATA_NUM", 13},
                    {"D_NAN_INPUT_WEIGHT_NUM", 15},
                    {"D_INF_INPUT_WEIGHT_NUM", 16}});
  expect_registers(file, Unit::kCacc, 1, {{"D_OUT_SATURATION", 10}});
  expect_registers(file, Unit::kSdp, 1, kSdpAlways);
  for (const auto& [name, value] : kSdpCounted) EXPECT_EQ(file.value(Unit::kSdp, name, 1), 0U) << name;
  for (const Unit unit : {Unit::kPdp, Unit::kCdp})
    expect_registers(file, unit, 1,
                     {{"D_NAN_INPUT_NUM", 12}, {"D_INF_INPUT_NUM", 13}, {"D_NAN_OUTPUT_NUM", 14}});
  expect_registers(file, Unit::kCdp, 1, {{"D_OUT_SATURATION", 10}, {"D_PERF_LUT_UFLOW", 0}});
  expect_registers(file, Unit::kSdp, 0, {{"D_STATUS", 0}});  // the other group's are not touched
}

TEST(ValueRegisters, PerfEnableAddsItsCounters) {
  registers::RegisterFile file(preset("nv_full"));
  for (const Unit unit : {Unit::kSdp, Unit::kCdp}) {
    const std::uint32_t enable = file.map().offset(unit, "D_PERF_ENABLE");
    ASSERT_EQ(file.write(enable, 0xffffffff), registers::AccessStatus::kOk);
    show_values(file, unit, 0, distinct());
  }
  expect_registers(file, Unit::kSdp, 0, kSdpCounted);
  expect_registers(file, Unit::kCdp, 0,
                   {{"D_PERF_LUT_UFLOW", 17},
                    {"D_PERF_LUT_OFLOW", 18},
                    {"D_PERF_LUT_HYBRID", 19},
                    {"D_PERF_LUT_LE_HIT", 20},
                    {"D_PERF_LUT_LO_HIT", 21}});
}

TEST(ValueRegisters, CountersStopAtThirtyTwoBits) {
  registers::RegisterFile file(preset("nv_full"));
  ValueCounters many;
  many.saturation = std::uint64_t{1} << 40U;
  show_values(file, Unit::kCacc, 0, many);
  EXPECT_EQ(file.value(Unit::kCacc, "D_OUT_SATURATION", 0), 0xffffffffU);
}

}  // namespace
}  // namespace nvdla::engine
