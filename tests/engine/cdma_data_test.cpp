// SPDX-License-Identifier: Apache-2.0
// Proves when CDMA asks for the lines of a layer, what stops it, and when it is done.
#include "engine/units/convolution/cdma_data.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "tests/engine/convolution_test_bench.h"

namespace nvdla::engine {
namespace {

using convolution_test::FixedMemory;
using convolution_test::layer;

constexpr Cycle kLatency = 50;

struct Bench {
  explicit Bench(const char* configuration = "nv_full", Cycle latency = kLatency)
      : hardware(preset(configuration)),
        timing(convolution_timing(hardware)),
        dbb(scheduler, hardware, MemorySpace::kDbb),
        cvsram(scheduler, hardware, MemorySpace::kCvsram),
        memory(scheduler, dbb, hardware, latency),
        sram(scheduler, cvsram, hardware, 10),
        data(scheduler, hardware, dbb, cvsram, cbuf) {
    cbuf.data_capacity = 1'000'000;
    data.on_done([this](Cycle at) {
      EXPECT_EQ(at, scheduler.now());
      done.push_back(at);
    });
  }
  HardwareParameters hardware;
  ConvolutionTiming timing;
  Scheduler scheduler;
  MemoryInterface dbb, cvsram;
  FixedMemory memory, sram;
  CbufUsage cbuf;
  CdmaData data;
  std::vector<Cycle> done;
};

TEST(CdmaData, AsksFirstInTheCycleItIsTold) {
  Bench b;
  b.data.start(OperationId{}, layer(b.hardware, 16, 4, 64, 32, 1).fetch, 0, 200);
  b.scheduler.advance(199);
  EXPECT_TRUE(b.memory.bursts.empty());
  b.scheduler.advance(200);
  ASSERT_EQ(b.memory.bursts.size(), 1U);
  EXPECT_EQ(b.memory.bursts[0].issued, 200);
  EXPECT_EQ(b.memory.bursts[0].client, Client::kCdmaDat);
}

// One surface of 16 atoms: 8 beats, one a cycle, read as they come (one beat a cycle, two atoms each).
TEST(CdmaData, IsDoneAFixedTimeAfterItsLastBeat) {
  Bench b;
  b.data.start(OperationId{}, layer(b.hardware, 16, 1, 32, 32, 1).fetch, 0, 0);
  const Cycle last_beat = kLatency + 7;
  const Cycle done = last_beat + b.timing.data_return + 1 + b.timing.data_done;  // read a cycle after it came
  b.scheduler.advance(done - 1);
  EXPECT_TRUE(b.done.empty());
  EXPECT_TRUE(b.data.busy());
  b.scheduler.advance(done);
  EXPECT_EQ(b.memory.last_read.value(), last_beat);
  EXPECT_EQ(b.done, std::vector<Cycle>({done}));
  EXPECT_FALSE(b.data.busy());
}

TEST(CdmaData, ReadsFromTheMemoryThatTheRegistersName) {
  Bench b;
  ConvolutionFetch fetch = layer(b.hardware, 16, 4, 64, 32, 1).fetch;
  fetch.data.space = MemorySpace::kCvsram;
  b.data.start(OperationId{}, fetch, 0, 0);
  b.scheduler.advance(10'000);
  EXPECT_TRUE(b.memory.bursts.empty());
  EXPECT_EQ(b.sram.bursts.size(), 4U * 2 * 2);
  EXPECT_EQ(b.done.size(), 1U);
}

TEST(CdmaData, ALineWaitsUntilItsEntriesAreFree) {
  Bench b;
  const ConvolutionFetch fetch = layer(b.hardware, 16, 5, 64, 32, 1).fetch;
  b.cbuf.data_capacity = 2 * fetch.entries_per_slice + 1;  // two lines
  b.data.start(OperationId{}, fetch, 0, 0);
  b.scheduler.advance(1'000);
  EXPECT_EQ(b.memory.bursts.size(), 2U * 4);
  b.data.release(fetch.entries_per_slice - 2, 1'000);  // too few
  b.scheduler.advance(2'000);
  EXPECT_EQ(b.memory.bursts.size(), 2U * 4);
  b.data.release(1, 2'000);
  b.scheduler.advance(1'999);
  EXPECT_EQ(b.memory.bursts.size(), 2U * 4);
  b.scheduler.advance(3'000);
  ASSERT_EQ(b.memory.bursts.size(), 3U * 4);
  EXPECT_EQ(b.memory.bursts[8].issued, 2'000);
  EXPECT_TRUE(b.done.empty());
  b.data.release(2 * fetch.entries_per_slice, 3'000);
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.memory.bursts.size(), 5U * 4);
  EXPECT_EQ(b.done.size(), 1U);
}

// Lines that are larger than the banks cannot be fetched in hardware; the model must not hang on them.
TEST(CdmaData, ALineAboveTheCapacityGoesWhenNothingElseIsThere) {
  Bench b;
  const ConvolutionFetch fetch = layer(b.hardware, 16, 1, 64, 32, 1).fetch;
  b.cbuf.data_capacity = 1;
  b.data.start(OperationId{}, fetch, 0, 0);
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.done.size(), 1U);
}

TEST(CdmaData, AReleaseDuringTheFetchDoesNotGetLost) {
  Bench b;
  const ConvolutionFetch fetch = layer(b.hardware, 16, 4, 64, 32, 1).fetch;
  b.cbuf.data_entries = b.cbuf.data_capacity = 2 * fetch.entries_per_slice;
  b.data.start(OperationId{}, fetch, 0, 0);
  b.data.release(2 * fetch.entries_per_slice, 500);
  b.data.on_room(Client::kCdmaDat, 100);  // runs for another reason
  b.scheduler.advance(499);
  EXPECT_TRUE(b.memory.bursts.empty());
  b.scheduler.advance(500);
  EXPECT_EQ(b.memory.bursts.size(), 1U);
}

TEST(CdmaData, FetchesImagesWithoutTheirPadding) {
  for (const Cycle latency : {Cycle{0}, kLatency, Cycle{500}}) {
    Bench b("nv_full", latency);
    ConvolutionFetch fetch = layer(b.hardware, 224, 7, 4, 32, 1).fetch;
    fetch.input_format = InputFormat::kPixel;
    fetch.pixel_format = 0xf;
    fetch.data.line_stride = 1024;
    fetch.padding.left = 3;
    fetch.padding.right = 60;
    b.data.start(OperationId{}, fetch, 0, 0);
    b.scheduler.advance(100'000);
    std::uint64_t beats = 0;
    for (const Burst& burst : b.memory.bursts) beats += burst.beats;
    EXPECT_EQ(beats, 7U * 14);
    ASSERT_EQ(b.done.size(), 1U) << "latency " << latency;
    EXPECT_GE(b.done[0], b.memory.last_read.value() + static_cast<Cycle>(b.timing.image_done));
  }
}

// Latency shifts the end of a fetch that is not held by the outstanding limit, nothing else.
// CDMA_dc: a request a cycle, one idle behind a surface, one more behind a grain. Simulated, nv_small: lines
// of one atom in one surface are three cycles apart.
TEST(CdmaData, PausesBehindSurfacesAndGrains) {
  Bench b("nv_small");
  b.data.start(OperationId{}, layer(b.hardware, 1, 3, 16, 8, 1).fetch, 0, 200);
  b.scheduler.advance(1'000);
  std::vector<Cycle> issued;
  for (const Burst& burst : b.memory.bursts) issued.push_back(burst.issued);
  EXPECT_EQ(issued, std::vector<Cycle>({200, 202, 205, 207, 210, 212}));
}

// CDMA_IMG_sg, one part of a line a cycle: pixels (an atom), padding behind them, and a cycle between lines.
// Simulated, nv_small: addresses of short lines are three cycles apart; with padding in front, four.
TEST(CdmaData, AsksForAnImagePartByPart) {
  for (const auto& [left, first, apart] : {std::tuple{0U, 200, 3}, std::tuple{8U, 201, 4}}) {
    Bench b("nv_small");
    ConvolutionFetch fetch = layer(b.hardware, 4, 6, 1, 8, 1).fetch;
    fetch.input_format = InputFormat::kPixel;
    fetch.pixel_format = 0;
    fetch.padding.left = left;
    fetch.padding.right = left == 0 ? 0 : 8;
    b.data.start(OperationId{}, fetch, 0, 200);
    b.scheduler.advance(1'000);
    ASSERT_EQ(b.memory.bursts.size(), 6U);
    for (Cycle line = 0; line < 6; ++line)
      EXPECT_EQ(b.memory.bursts[static_cast<std::size_t>(line)].issued, first + line * apart) << left;
  }
}

TEST(CdmaData, LatencyShiftsTheEnd) {
  std::vector<Cycle> ends;
  for (const Cycle latency : {0, 1, 50, 200}) {
    Bench b("nv_full", latency);
    b.data.start(OperationId{}, layer(b.hardware, 28, 8, 64, 32, 1).fetch, 0, 0);
    b.scheduler.advance(100'000);
    ASSERT_EQ(b.done.size(), 1U);
    ends.push_back(b.done[0] - latency);
  }
  for (const Cycle end : ends) EXPECT_EQ(end, ends[0]);
}

TEST(CdmaData, ResetDropsTheFetch) {
  Bench b;
  b.data.start(OperationId{}, layer(b.hardware, 16, 4, 64, 32, 1).fetch, 0, 0);
  b.scheduler.advance(20);
  const std::size_t bursts = b.memory.bursts.size();
  b.dbb.reset();
  b.data.reset();
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.memory.bursts.size(), bursts);
  EXPECT_TRUE(b.done.empty());
  EXPECT_FALSE(b.data.busy());
  b.data.start(OperationId{}, layer(b.hardware, 16, 1, 32, 32, 1).fetch, 0, 10'000);
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.done.size(), 1U);
}

}  // namespace
}  // namespace nvdla::engine
