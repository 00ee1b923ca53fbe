// SPDX-License-Identifier: Apache-2.0
// Proves how CDMA streams weights: requests while the banks have room, kernels reported group by group, done
// after the last beat.
#include "engine/units/convolution/cdma_weight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/engine/convolution_test_bench.h"

namespace nvdla::engine {
namespace {

using convolution_test::FixedMemory;
using convolution_test::layer;

constexpr Cycle kLatency = 50;

struct Bench {
  explicit Bench(const char* configuration = "nv_full")
      : hardware(preset(configuration)),
        timing(convolution_timing(hardware)),
        dbb(scheduler, hardware, MemorySpace::kDbb),
        cvsram(scheduler, hardware, MemorySpace::kCvsram),
        memory(scheduler, dbb, hardware, kLatency),
        sram(scheduler, cvsram, hardware, 10),
        weight(scheduler, hardware, dbb, cvsram, cbuf) {
    cbuf.weight_capacity = cbuf.mask_capacity = 1'000'000'000;
    weight.on_done([this](Cycle at) {
      EXPECT_EQ(at, scheduler.now());
      done.push_back(at);
    });
    weight.on_kernels([this](std::uint32_t kernels, Cycle beat) { arrived.push_back({kernels, beat}); });
  }
  [[nodiscard]] std::uint64_t asked() const {
    std::uint64_t bytes = 0;
    for (const Burst& burst : memory.bursts) bytes += std::uint64_t{burst.beats} * hardware.dbb_width_bytes;
    return bytes;
  }
  HardwareParameters hardware;
  ConvolutionTiming timing;
  Scheduler scheduler;
  MemoryInterface dbb, cvsram;
  FixedMemory memory, sram;
  CbufUsage cbuf;
  CdmaWeight weight;
  std::vector<Cycle> done;
  std::vector<std::pair<std::uint32_t, Cycle>> arrived;
};

// 70 kernels of 64 bytes: 4480 bytes, 70 beats; groups of 32, 32 and 6.
ConvolutionFetch seventy(const HardwareParameters& hardware) {
  ConvolutionFetch fetch = layer(hardware, 8, 8, 64, 70, 1).fetch;
  EXPECT_EQ(fetch.weight_bytes, 4480U);
  return fetch;
}

TEST(CdmaWeight, ReportsKernelGroupsWithTheirLastBeats) {
  Bench b;
  b.weight.start(OperationId{}, seventy(b.hardware), 0, 0);
  b.scheduler.advance(10'000);
  using Arrivals = std::vector<std::pair<std::uint32_t, Cycle>>;
  // 32 kernels are 32 beats; the beat a cycle begins `latency` after the first request.
  EXPECT_EQ(b.arrived, Arrivals({{32, kLatency + 31}, {32, kLatency + 63}, {6, kLatency + 69}}));
}

// 70 kernels of 13 bytes: groups of 208, in lines of 32 bytes, two beats each; chunks have four.
TEST(CdmaWeight, ReportsAGroupThatEndsInsideAChunkWithItsOwnLastBeat) {
  Bench b("nv_medium_512");
  b.weight.start(OperationId{}, layer(b.hardware, 8, 8, 13, 70, 1).fetch, 0, 0);
  b.scheduler.advance(10'000);
  ASSERT_EQ(b.arrived.size(), 5U);
  const std::vector<Cycle> last_beats = {13, 25, 39, 51};
  for (std::size_t group = 0; group < 4; ++group) {
    EXPECT_EQ(b.arrived[group].first, 16U);
    EXPECT_EQ(b.arrived[group].second, kLatency + last_beats[group]) << group;
  }
}

TEST(CdmaWeight, IsDoneAFixedTimeAfterTheLastBeatAndNotBefore) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    b.weight.start(OperationId{}, seventy(b.hardware), 0, 7);
    const Cycle beats = 4480 / b.hardware.dbb_width_bytes;
    const Cycle done = 7 + kLatency + beats - 1 + b.timing.weight_done;
    b.scheduler.advance(done - 1);
    EXPECT_TRUE(b.done.empty()) << configuration;
    b.scheduler.advance(done);
    EXPECT_EQ(b.done, std::vector<Cycle>({done})) << configuration;
    EXPECT_FALSE(b.weight.busy());
  }
}

TEST(CdmaWeight, StopsAtTheCapacityOfTheBanksUntilCscReleases) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    const std::uint64_t request = amaix::plan_weights(seventy(b.hardware), b.hardware).request_bytes;
    b.cbuf.weight_capacity = 2048;
    b.weight.start(OperationId{}, seventy(b.hardware), 0, 0);
    b.scheduler.advance(1'000);
    // The scalable generation asks for one request more than fits (convolution_timing.h).
    EXPECT_EQ(b.asked(), 2048 + b.timing.weight_overshoot) << configuration;
    EXPECT_TRUE(b.done.empty());
    b.weight.release(request - 1, 0, 1'000);
    b.scheduler.advance(1'500);
    EXPECT_EQ(b.asked(), 2048 + b.timing.weight_overshoot);
    b.weight.release(1, 0, 1'600);
    b.scheduler.advance(1'599);
    EXPECT_EQ(b.asked(), 2048 + b.timing.weight_overshoot);
    b.scheduler.advance(2'000);
    EXPECT_EQ(b.asked(), 2048 + b.timing.weight_overshoot + request);
    // The rest, as it is used up.
    for (Cycle at = 2'000; at < 10'000; at += 100) {
      b.weight.release(request, 0, at);
      b.scheduler.advance(at + 99);
    }
    b.scheduler.advance(20'000);
    EXPECT_EQ(b.asked(), 4480U);
    EXPECT_EQ(b.done.size(), 1U);
  }
}

TEST(CdmaWeight, RequestsEndAtMultiplesOfEightAtoms) {
  Bench b;
  ConvolutionFetch fetch = seventy(b.hardware);
  fetch.weight_address = 0x90000080;  // in the middle of 256 bytes
  b.weight.start(OperationId{}, fetch, 0, 0);
  b.scheduler.advance(10'000);
  ASSERT_GE(b.memory.bursts.size(), 2U);
  EXPECT_EQ(b.memory.bursts[0].beats, 2U);
  for (std::size_t i = 1; i < b.memory.bursts.size(); ++i) EXPECT_EQ(b.memory.bursts[i].address % 256, 0U);
  EXPECT_EQ(b.asked(), 4480U);
}

TEST(CdmaWeight, ReadsFromTheMemoryThatTheRegistersName) {
  Bench b;
  ConvolutionFetch fetch = seventy(b.hardware);
  fetch.weight_space = MemorySpace::kCvsram;
  b.weight.start(OperationId{}, fetch, 0, 0);
  b.scheduler.advance(10'000);
  EXPECT_TRUE(b.memory.bursts.empty());
  EXPECT_FALSE(b.sram.bursts.empty());
  EXPECT_EQ(b.done.size(), 1U);
}

// 70 kernels of 64 bytes: 4480 bytes, and as many mask bits.
ConvolutionFetch compressed(const HardwareParameters& hardware) {
  ConvolutionFetch fetch = seventy(hardware);
  fetch.weight_compressed = true;
  fetch.weight_address = 0x90000000;
  fetch.wmb_address = 0xa0000000;
  fetch.wmb_bytes = 640;
  fetch.wgs_address = 0xb0000000;
  fetch.weight_turns = 2;
  fetch.mask_turns = 1;
  return fetch;
}

TEST(CdmaWeight, SizesGoFirstThenMaskAndWeightsTakeTurns) {
  Bench b;
  b.weight.start(OperationId{}, compressed(b.hardware), 0, 20);
  b.scheduler.advance(10'000);
  std::string order;
  for (const Burst& burst : b.memory.bursts)
    order += burst.address < 0xa0000000 ? 'w' : burst.address < 0xb0000000 ? 'm' : 's';
  EXPECT_EQ(order.substr(0, 10), "smwwmwwmww");
  EXPECT_EQ(b.memory.bursts[0].issued, 20 - b.timing.weight_request + b.timing.size_request);
  EXPECT_EQ(b.memory.bursts[1].issued, 20);
}

TEST(CdmaWeight, ACompressedGroupNeedsItsWeightsAndItsMaskInWholeLines) {
  Bench b;
  ConvolutionFetch fetch = compressed(b.hardware);
  fetch.group_bytes = {100, 1000, 50};
  b.weight.start(OperationId{}, fetch, 0, 20);
  b.scheduler.advance(10'000);
  ASSERT_EQ(b.arrived.size(), 3U);
  // sizes 1 beat, then mask 4, weights 4 + 4, mask 4, ...: 128 bytes of weights and 256 of mask bits are
  // there with the second beat of weights; 1152 and 512 with the second beat of the fifth request of weights.
  const Cycle first = 20 + kLatency;
  EXPECT_EQ(b.arrived[0].second, first + 4 + 1);
  EXPECT_EQ(b.arrived[1].second, first + 4 + 8 + 4 + 8 + 2 + 1);
  EXPECT_EQ(b.arrived[2].second, b.done[0] - static_cast<Cycle>(b.timing.weight_done));
}

TEST(CdmaWeight, MaskBitsWaitForRoomInTheirBank) {
  Bench b;
  b.cbuf.mask_capacity = 256;
  b.weight.start(OperationId{}, compressed(b.hardware), 0, 20);
  b.scheduler.advance(1'000);
  EXPECT_TRUE(b.done.empty());
  EXPECT_EQ(b.cbuf.mask_bytes, 256U);
  b.weight.release(0, 256, 1'000);
  b.weight.release(0, 256, 1'000);
  b.scheduler.advance(2'000);
  EXPECT_TRUE(b.done.empty());
  b.weight.release(0, 256, 2'000);
  b.scheduler.advance(3'000);
  EXPECT_EQ(b.done.size(), 1U);
}

TEST(CdmaWeight, CompressedWeightsComeWithMasksAndGroupSizes) {
  Bench b;
  const ConvolutionFetch fetch = compressed(b.hardware);
  b.weight.start(OperationId{}, fetch, 0, 20);
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.asked(), amaix::convolution_traffic(fetch, b.hardware, false, true).total());
  std::uint32_t kernels = 0;
  for (const auto& arrival : b.arrived) kernels += arrival.first;
  EXPECT_EQ(kernels, 70U);
  EXPECT_EQ(b.done.size(), 1U);
}

TEST(CdmaWeight, ResetDropsTheStream) {
  Bench b;
  b.weight.start(OperationId{}, seventy(b.hardware), 0, 0);
  b.scheduler.advance(20);
  const std::size_t bursts = b.memory.bursts.size();
  b.dbb.reset();
  b.weight.reset();
  b.cbuf = {};
  b.cbuf.weight_capacity = 100'000;
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.memory.bursts.size(), bursts);
  EXPECT_TRUE(b.done.empty());
  EXPECT_TRUE(b.arrived.empty());
  b.weight.start(OperationId{}, seventy(b.hardware), 0, 10'000);
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.done.size(), 1U);
}

// A small kernel group of compressed weights ends no entry of CBUF, and CSC gives back nothing.
TEST(CdmaWeight, AReleaseOfNothingEnds) {
  Bench b;
  b.weight.release(0, 0, 20);
  b.weight.start(OperationId{}, seventy(b.hardware), 0, 0);
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.done.size(), 1U);
}

}  // namespace
}  // namespace nvdla::engine
