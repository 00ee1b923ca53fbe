// SPDX-License-Identifier: Apache-2.0
// Proves when a unit takes its register groups: a fixed time after OP_ENABLE, one group at a time, the next a
// fixed time after the release; and the recordings' start cycles of the convolution units.
#include "engine/unit_starter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/engine/recorded_convolutions.h"

namespace nvdla::engine {
namespace {

struct Bench {
  explicit Bench(Unit which = Unit::kCsc)
      : unit(which),
        file(preset("nv_full")),
        starter(scheduler, file, unit, Generation::kV1,
                [this](std::uint32_t /*activation*/, std::uint32_t group, Cycle at) {
                  started.push_back({group, at});
                }) {}
  void enable(std::uint32_t group, Cycle at) {
    scheduler.advance(at);
    file.write(file.map().offset(unit, "S_POINTER"), group);
    ASSERT_EQ(file.write(file.map().offset(unit, "D_OP_ENABLE"), 1), registers::AccessStatus::kOk);
    starter.enabled(group, at);
  }
  using Starts = std::vector<std::pair<std::uint32_t, Cycle>>;
  Unit unit;
  Scheduler scheduler;
  registers::RegisterFile file;
  UnitStarter starter;
  Starts started;
};

TEST(UnitStarter, TakesAGroupAfterTheEnableLatencyAndNotBefore) {
  for (const Unit unit : {Unit::kCdma, Unit::kCsc, Unit::kCacc, Unit::kSdp}) {
    Bench b(unit);
    b.enable(0, 100);
    const Cycle start = 100 + enable_latency(unit, Generation::kV1);
    b.scheduler.advance(start - 1);
    EXPECT_TRUE(b.started.empty());
    EXPECT_FALSE(b.starter.running());
    b.scheduler.advance(start);
    EXPECT_EQ(b.started, Bench::Starts({{0, start}}));
    EXPECT_TRUE(b.starter.running());
    EXPECT_EQ(b.starter.group(), 0U);
  }
}

TEST(UnitStarter, AGroupThatWaitsIsTakenAfterTheRelease) {
  Bench b;
  b.enable(0, 0);
  b.enable(1, 5);
  b.scheduler.advance(1'000);
  ASSERT_EQ(b.started.size(), 1U);
  EXPECT_EQ(b.starter.release(1'000), 0U);
  EXPECT_FALSE(b.starter.running());
  b.scheduler.advance(1'000 + kSwitchLatency - 1);
  EXPECT_EQ(b.started.size(), 1U);
  b.scheduler.advance(1'000 + kSwitchLatency);
  ASSERT_EQ(b.started.size(), 2U);
  EXPECT_EQ(b.started[1], std::make_pair(1U, 1'000 + kSwitchLatency));
}

TEST(UnitStarter, AGroupEnabledLateIsTakenAfterItsOwnLatency) {
  Bench b;
  b.enable(0, 0);
  b.scheduler.advance(100);
  b.starter.release(100);
  b.enable(1, 200);
  b.scheduler.advance(1'000);
  ASSERT_EQ(b.started.size(), 2U);
  EXPECT_EQ(b.started[1].second, 200 + enable_latency(Unit::kCsc, Generation::kV1));
}

TEST(UnitStarter, OnlyTheConsumerGroupIsTaken) {
  Bench b;
  b.enable(1, 0);  // CONSUMER is 0
  b.scheduler.advance(1'000);
  EXPECT_TRUE(b.started.empty());
  b.enable(0, 1'000);
  b.scheduler.advance(2'000);
  EXPECT_EQ(b.started.size(), 1U);
  b.starter.release(2'000);
  b.scheduler.advance(3'000);
  EXPECT_EQ(b.started.size(), 2U);
}

TEST(UnitStarter, ResetForgetsAGroupOnItsWay) {
  Bench b;
  b.enable(0, 0);
  b.scheduler.advance(5);
  b.scheduler.clear();
  b.file.reset();
  b.starter.reset();
  b.scheduler.advance(1'000);
  EXPECT_TRUE(b.started.empty());
  b.enable(0, 1'000);
  b.scheduler.advance(2'000);
  EXPECT_EQ(b.started.size(), 1U);
}

// `enable` is the cycle in which the CSB takes the write, after which it may wait for the FIFO: a start comes
// no earlier than the latency says, and at most the FIFO's five cycles later. A group that waited starts when
// the one before is done.
TEST(UnitStarter, RecordedConvolutionUnitsStartAsModelled) {
  constexpr Cycle kFifo = 5;
  const std::pair<const char*, Unit> units[] = {{"CDMA", Unit::kCdma},    {"CSC", Unit::kCsc},
                                                {"CMAC_A", Unit::kCmacA}, {"CMAC_B", Unit::kCmacB},
                                                {"CACC", Unit::kCacc},    {"SDP", Unit::kSdp}};
  int from_enable = 0, from_release = 0;
  for (const std::string& name : recorded::names()) {
    const recorded::Recording recording = recorded::load(name);
    for (const auto& [text, unit] : units) {
      Cycle free = 0;
      for (const recorded::Row& row : recording.of(text)) {
        const Cycle ready =
            recorded::number(row, "enable") + enable_latency(unit, recording.hardware().generation);
        const Cycle start = recorded::number(row, "start");
        EXPECT_GE(start, std::max(ready, free)) << name << " " << text;
        EXPECT_LE(start, std::max(ready + kFifo, free)) << name << " " << text;
        ++(free > ready + kFifo ? from_release : from_enable);
        free = recorded::number(row, "done") + kSwitchLatency;
      }
    }
  }
  EXPECT_GT(from_enable, 100);
  EXPECT_GT(from_release, 10);
}

}  // namespace
}  // namespace nvdla::engine
