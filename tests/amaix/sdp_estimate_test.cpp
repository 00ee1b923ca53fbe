// SPDX-License-Identifier: Apache-2.0
// Proves that SDP's closed form gives the recorded latencies (SDP_RDMA's start to SDP's interrupt) and
// names the resource that binds.
#include "amaix/sdp_estimate.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::amaix {
namespace {

using namespace sdp_test;

memory::MemorySystem memory(std::uint32_t latency, double bandwidth) {
  memory::MemorySystem system;
  system.dbb = {latency, bandwidth, 256};
  return system;
}

struct Recorded {
  const char* name;
  HardwareParameters hardware;
  Precision precision;
  std::uint32_t side, channels;
  void (*operands)(SdpOperation&);
  memory::MemorySystem dbb;
  double cycles;
  Resource bound;
};

void cube_int8(SdpOperation& operation) { add_cube(operation, false); }
void nothing(SdpOperation&) {}

const Recorded kRecorded[] = {
    {"u_bn_relu_64x28_nv_full_fp16__L50_B64", nv_full(), Precision::kFp16, 28, 64, add_batch_norm,
     memory(50, 64), 3461 - 164, Resource::kSdpCore},
    {"u_bn_relu_64x28_nv_full_fp16__L128_B16", nv_full(), Precision::kFp16, 28, 64, add_batch_norm,
     memory(128, 16), 12992 - 164, Resource::kDbbBandwidth},
    {"u_bn_relu_64x28_nv_full_fp16__L20_B8", nv_full(), Precision::kFp16, 28, 64, add_batch_norm,
     memory(20, 8), 25340 - 164, Resource::kDbbBandwidth},
    {"u_bn_relu_64x28_nv_full_int8__L50_B64", nv_full(), Precision::kInt8, 28, 64, add_batch_norm,
     memory(50, 64), 3461 - 164, Resource::kSdpCore},
    {"u_bn_relu_256x7_nv_full_int8__L50_B64", nv_full(), Precision::kInt8, 7, 256, add_batch_norm,
     memory(50, 64), 1109 - 164, Resource::kSdpCore},
    {"u_bn_relu_64x28_nv_small_int8__L50_B8", nv_small(), Precision::kInt8, 28, 64, add_batch_norm,
     memory(50, 8), 50494 - 164, Resource::kSdpCore},
    {"u_elt_64x28_nv_full_int8__L50_B64", nv_full(), Precision::kInt8, 28, 64, cube_int8, memory(50, 64),
     13452 - 10155, Resource::kSdpCore},
    {"u_elt_64x28_nv_small_int8__L50_B8", nv_small(), Precision::kInt8, 28, 64, cube_int8, memory(50, 8),
     214602 - 164273, Resource::kSdpCore},
    {"u_conv_act_tanh_nv_full_fp16__L50_B64", nv_full(), Precision::kFp16, 28, 64, add_lut, memory(50, 64),
     45600 - 32877, Resource::kSdpY},
    {"u_conv_act_tanh_nv_full_int8__L50_B64", nv_full(), Precision::kInt8, 28, 64, add_lut, memory(50, 64),
     30024 - 17301, Resource::kSdpY},
    {"u_conv_act_tanh_nv_small_int8__L50_B8", nv_small(), Precision::kInt8, 28, 64, nothing, memory(50, 8),
     517788 - 467468, Resource::kSdpCore},
};

TEST(SdpEstimate, RefinedWithinOnePercentOfTheRecording) {
  for (const Recorded& r : kRecorded) {
    SdpOperation operation = square(r.hardware, r.precision, r.side, r.channels, false);
    r.operands(operation);
    const Estimate refined = estimate_sdp(operation, r.hardware, r.dbb, Level::kRefined);
    EXPECT_NEAR(refined.cycles, r.cycles, 0.01 * r.cycles) << r.name;
    EXPECT_EQ(refined.bound_by(), r.bound) << r.name << " by " << static_cast<int>(refined.bound_by());
    double sum = 0;
    for (const Phase& phase : refined.phases) sum += phase.cycles;
    EXPECT_DOUBLE_EQ(sum, refined.cycles) << r.name;
    const Estimate roofline = estimate_sdp(operation, r.hardware, r.dbb, Level::kRoofline);
    EXPECT_LT(roofline.cycles, refined.cycles) << r.name;
    EXPECT_GT(roofline.cycles, 0.8 * r.cycles) << r.name;
  }
}

// tests/golden/sdp_cvt_int8_int16: 9x7x40 elements. A pair of atoms is a request of its own: the slots of the
// write path bind, twice as long as the datapath.
TEST(SdpEstimate, WideningIsBoundByTheSlotsOfWrites) {
  SdpOperation operation = square(nv_full(), Precision::kInt8, 7, 40, false);
  operation.cube.width = operation.fetch.cube.width = 9;
  operation.output_precision = operation.fetch.output_precision = Precision::kInt16;
  operation.fetch.source = surface(0x80001000, 288, 2016);
  operation.destination = surface(0x80002000, 288, 2016);
  const Estimate fast = estimate_sdp(operation, nv_full(), memory(50, 64), Level::kRefined);
  EXPECT_EQ(fast.bound_by(), Resource::kWritePath);
  EXPECT_NEAR(fast.cycles, 792 - 159, 0.03 * (792 - 159));
  const Estimate slow = estimate_sdp(operation, nv_full(), memory(128, 16), Level::kRefined);
  EXPECT_EQ(slow.bound_by(), Resource::kDbbBandwidth);
  EXPECT_NEAR(slow.cycles, 1489 - 159, 0.03 * (1489 - 159));
}

TEST(SdpEstimate, LongLatencyIsBoundByTheLatencyFifo) {
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, false);
  const Estimate estimate = estimate_sdp(operation, nv_full(), memory(1000, 64), Level::kRefined);
  EXPECT_EQ(estimate.bound_by(), Resource::kOutstanding);
  EXPECT_GT(estimate.cycles, 1568.0 * 1013 / 80);
}

TEST(SdpEstimate, TrafficIsCountedByClient) {
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, false);
  add_batch_norm(operation);
  operation.fetch.source.space = MemorySpace::kCvsram;
  memory::MemorySystem system = memory(50, 64);
  system.cvsram = memory::MemoryDescription{20, 64, 256};
  const Estimate estimate = estimate_sdp(operation, nv_full(), system, Level::kRoofline);
  EXPECT_EQ(estimate.cvsram.read[static_cast<std::size_t>(Client::kSdp)], 100352U);
  EXPECT_EQ(estimate.dbb.read[static_cast<std::size_t>(Client::kSdpB)], 256U);
  EXPECT_EQ(estimate.dbb.written[static_cast<std::size_t>(Client::kSdp)], 100352U);
  EXPECT_EQ(estimate.dbb.total() + estimate.cvsram.total(), 2U * 100352U + 256U);
}

TEST(SdpEstimate, RefusesWhatItCannotAnswer) {
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, false);
  EXPECT_THROW((void)estimate_sdp(operation, nv_full(), memory(50, 64), Level::kDynamic),
               std::invalid_argument);
  EXPECT_THROW((void)estimate_sdp(operation, nv_full(), memory(50, 0), Level::kRefined),
               std::invalid_argument);
  operation.flying = true;
  EXPECT_THROW((void)estimate_sdp(operation, nv_full(), memory(50, 64), Level::kRefined),
               std::invalid_argument);
}

// The tail of a convolution: from SDP's last_active to its done and interrupt in the recordings.
TEST(SdpOnTheFly, TailsOfRecordedConvolutions) {
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, true);
  add_bias(operation);  // u_elt_64x28_nv_full_fp16__L50_B64, sequence 0
  SdpOnTheFly tail = sdp_on_the_fly(operation, nv_full(), memory(50, 64));
  EXPECT_EQ(tail.release_tail, 6516 - 6493);
  EXPECT_EQ(tail.interrupt_tail, 6584 - 6493);
  EXPECT_EQ(tail.dbb.total(), 100352U + 128U);
  // u_conv_nobias: nothing enabled on nv_full fp16, only a multiplier on nv_small.
  EXPECT_EQ(sdp_on_the_fly(square(nv_full(), Precision::kFp16, 28, 64, true), nv_full(), memory(50, 64))
                .release_tail,
            10);
  SdpOperation scaled = square(nv_small(), Precision::kInt8, 28, 64, true);
  scaled.x1.bypass = scaled.x1.mul_bypass = false;
  EXPECT_EQ(sdp_on_the_fly(scaled, nv_small(), memory(50, 8)).release_tail, 14);

  operation.x2 = operation.x1;  // u_elt_64x28_nv_full_fp16__L50_B64, sequence 1 adds the other cube on X2
  operation.x2.mul_bypass = true;
  tail = sdp_on_the_fly(operation, nv_full(), memory(50, 64));
  EXPECT_EQ(tail.release_tail, 12554 - 12518);
  EXPECT_EQ(tail.interrupt_tail, 12622 - 12518);

  SdpOperation small = square(nv_small(), Precision::kInt8, 28, 64, true);
  add_bias(small);  // u_elt_64x28_nv_small_int8__L50_B8, sequence 0
  tail = sdp_on_the_fly(small, nv_small(), memory(50, 8));
  EXPECT_EQ(tail.release_tail, 84062 - 84047);
  EXPECT_EQ(tail.interrupt_tail, 84125 - 84047);
}

TEST(SdpOnTheFly, LutRunsAtTheRateOfY) {
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, true);
  add_lut(operation);
  const SdpOnTheFly result = sdp_on_the_fly(operation, nv_full(), memory(50, 64));
  EXPECT_EQ(result.cycles_per_transfer, 4U);
  EXPECT_EQ(result.resource, Resource::kSdpY);
}

// A latency FIFO of 16 beats, chunks of four. Lines of ten atoms are chunks of 4, 4 and 2 beats: 14 and 16
// beats find room in turn.
TEST(SdpOnTheFly, OperandsComeInTurnsOfWholeChunks) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  ASSERT_EQ(hardware.read_latency_fifo_beats[static_cast<std::size_t>(Client::kSdpB)], 16U);
  SdpOperation operation = square(hardware, Precision::kInt8, 10, 8, true);
  add_cube(operation, false);
  operation.fetch.x1.source.line_stride = 96;
  const SdpWork work = sdp_work(operation, hardware);
  ASSERT_EQ(work.streams.front().chunks, 30U);
  constexpr double kLatency = 600;
  const SdpOnTheFly result = sdp_on_the_fly(operation, hardware, memory(600, 8));
  // What the FIFOs hold has come by the first transfer: 24 beats. The rest of two lines comes in two turns.
  constexpr double kTurns = 5, kRest = 100.0 / 30 - 1;
  const double turn = kLatency + kRest + sdp_path_lengths(hardware).credit;
  const auto transfers = static_cast<double>(work.plan.transfers);
  EXPECT_EQ(work.fetch.streams.front().beats_ahead(100, hardware), 24);
  EXPECT_NEAR(result.cycles_per_transfer, kTurns * turn / transfers, 0.03 * kTurns * turn / transfers);
  EXPECT_EQ(result.resource, Resource::kOutstanding);
  // One open burst, a chunk: what the FIFO and those behind it do not hold comes one after the other.
  memory::MemorySystem few = memory(600, 8);
  few.dbb.max_outstanding = 1;
  const double rounds = (100 - work.fetch.streams.front().beats_ahead(100, hardware)) * 30 / 100;
  ASSERT_LT(rounds, 30);
  const double round = 601 + kRest;
  EXPECT_NEAR(sdp_on_the_fly(operation, hardware, few).cycles_per_transfer, rounds * round / transfers,
              2 * round / transfers);
  // With a shorter latency SDP sets the pace.
  EXPECT_EQ(sdp_on_the_fly(operation, hardware, memory(20, 8)).cycles_per_transfer, 1);
}

}  // namespace
}  // namespace nvdla::amaix
