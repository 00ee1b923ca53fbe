// SPDX-License-Identifier: Apache-2.0
// Proves that SdpEngine, fed from memory, reproduces the recorded cycles within 1 % (25 cycles if short), and
// that the closed form is the same description of it.
#include <gtest/gtest.h>

#include <cmath>

#include "amaix/sdp_estimate.h"
#include "engine/units/sdp/sdp_engine.h"
#include "tests/engine/sdp_test_bench.h"

namespace nvdla::engine {
namespace {

using namespace sdp_test;

constexpr Cycle kLong = 1'000'000;

struct Recorded {
  const char* name;
  HardwareParameters hardware;
  Precision precision;
  std::uint32_t side, channels;
  void (*operands)(SdpOperation&);
  MemorySettings memory;
  Cycle start;  // of SDP_RDMA; SDP starts a cycle later
  Cycle fetch_done, done, interrupt, first_read, first_write, last_write;
};

void cube_int8(SdpOperation& operation) { add_cube(operation, false); }
void nothing(SdpOperation&) {}

const Recorded kRecorded[] = {
    {"u_bn_relu_64x28_nv_full_fp16__L50_B64",
     nv_full(),
     Precision::kFp16,
     28,
     64,
     add_batch_norm,
     {50, 64},
     164,
     3380,
     3393,
     3461,
     223,
     275,
     3405},
    {"u_bn_relu_64x28_nv_full_fp16__L128_B16",
     nv_full(),
     Precision::kFp16,
     28,
     64,
     add_batch_norm,
     {128, 16},
     164,
     12825,
     12838,
     12992,
     301,
     368,
     12858},
    {"u_bn_relu_64x28_nv_full_fp16__L20_B8",
     nv_full(),
     Precision::kFp16,
     28,
     64,
     add_batch_norm,
     {20, 8},
     164,
     25269,
     25282,
     25340,
     193,
     280,
     25314},
    {"u_bn_relu_64x28_nv_full_int8__L50_B64",
     nv_full(),
     Precision::kInt8,
     28,
     64,
     add_batch_norm,
     {50, 64},
     164,
     3380,
     3393,
     3461,
     223,
     283,
     3405},
    {"u_bn_relu_256x7_nv_full_fp16__L50_B64",
     nv_full(),
     Precision::kFp16,
     7,
     256,
     add_batch_norm,
     {50, 64},
     164,
     1122,
     1141,
     1211,
     223,
     274,
     1155},
    {"u_bn_relu_256x7_nv_full_int8__L50_B64",
     nv_full(),
     Precision::kInt8,
     7,
     256,
     add_batch_norm,
     {50, 64},
     164,
     1028,
     1041,
     1109,
     223,
     281,
     1053},
    {"u_bn_relu_64x28_nv_small_int8__L50_B8",
     nv_small(),
     Precision::kInt8,
     28,
     64,
     add_batch_norm,
     {50, 8},
     164,
     50414,
     50431,
     50494,
     222,
     272,
     50439},
    {"u_bn_relu_256x7_nv_small_int8__L50_B8",
     nv_small(),
     Precision::kInt8,
     7,
     256,
     add_batch_norm,
     {50, 8},
     164,
     12782,
     12799,
     12862,
     222,
     272,
     12807},
    {"u_conv_act_tanh_nv_full_fp16__L50_B64",
     nv_full(),
     Precision::kFp16,
     28,
     64,
     add_lut,
     {50, 64},
     32877,
     45482,
     45532,
     45600,
     32936,
     33029,
     45544},
    {"u_conv_act_tanh_nv_full_int8__L50_B64",
     nv_full(),
     Precision::kInt8,
     28,
     64,
     add_lut,
     {50, 64},
     17301,
     29906,
     29956,
     30024,
     17360,
     17485,
     29968},
    {"u_conv_act_tanh_nv_small_int8__L50_B8",
     nv_small(),
     Precision::kInt8,
     28,
     64,
     nothing,
     {50, 8},
     467468,
     517710,
     517725,
     517788,
     467526,
     467566,
     517733},
    {"u_elt_64x28_nv_full_int8__L50_B64",
     nv_full(),
     Precision::kInt8,
     28,
     64,
     cube_int8,
     {50, 64},
     10155,
     13366,
     13384,
     13452,
     10214,
     10274,
     13396},
    {"u_elt_64x28_nv_small_int8__L50_B8",
     nv_small(),
     Precision::kInt8,
     28,
     64,
     cube_int8,
     {50, 8},
     164273,
     214521,
     214539,
     214602,
     164331,
     164380,
     214547},
};

class SdpFromMemory : public ::testing::TestWithParam<Recorded> {};

TEST_P(SdpFromMemory, TakesTheRecordedCycles) {
  const Recorded& r = GetParam();
  Bench bench(r.hardware, r.memory);
  SdpOperation operation = square(r.hardware, r.precision, r.side, r.channels, false);
  r.operands(operation);
  bench.fetch_start(operation.fetch, r.start);
  bench.start(operation, r.start + 1);
  const Cycle tolerance = std::max<Cycle>(25, (r.interrupt - r.start) / 100);
  bench.scheduler.advance(r.interrupt - tolerance);
  EXPECT_TRUE(bench.completions.empty()) << "too early";
  bench.scheduler.advance(r.interrupt + tolerance);
  ASSERT_EQ(bench.completions.size(), 1U) << "too late";
  EXPECT_NEAR(bench.fetch_done.at(0), r.fetch_done, tolerance);
  EXPECT_NEAR(bench.released.at(0), r.done, tolerance);
  EXPECT_EQ(bench.memory.first_read, r.first_read);
  EXPECT_NEAR(bench.memory.first_write.value(), r.first_write, 25);
  EXPECT_NEAR(bench.memory.last_write.value(), r.last_write, tolerance);
  EXPECT_TRUE(bench.warnings.empty());
  EXPECT_TRUE(bench.engine.idle());
  EXPECT_TRUE(bench.interface.idle());
}

INSTANTIATE_TEST_SUITE_P(Recordings, SdpFromMemory, ::testing::ValuesIn(kRecorded),
                         [](const auto& info) { return std::string(info.param.name); });

// tests/golden/sdp_shifts_cvt, L128_B16 (4x3x16 int16), its first operation: beats come four cycles apart,
// and the two atoms of one enter one after the other.
TEST(SdpFromMemoryBeats, AtomsOfALateBeatEnterInTurn) {
  Bench bench(nv_full(), {128, 16});
  SdpOperation operation = square(nv_full(), Precision::kInt16, 4, 16, false);
  operation.cube.height = operation.fetch.cube.height = 3;
  operation.fetch.source = surface(0x80001000, 128, 384);
  operation.destination = surface(0x80001200, 128, 384);
  operation.x1.bypass = operation.x1.mul_bypass = false;
  operation.x2.bypass = operation.x2.mul_bypass = false;
  bench.fetch_start(operation.fetch, 159);
  bench.start(operation, 160);
  bench.scheduler.advance(507);
  EXPECT_TRUE(bench.completions.empty());
  bench.scheduler.advance(508);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.memory.first_read, 296);
  EXPECT_EQ(bench.memory.first_write, 355);
  EXPECT_EQ(bench.released.at(0), 362);
}

// One description, two evaluators: where memory is wide, the closed form and the engine agree, for cubes
// and configurations that no recording has.
TEST(SdpFromMemoryAgreement, ClosedFormEqualsEngineOnWideMemory) {
  for (const char* name : {"nv_full", "nv_large", "nv_medium_1024_full", "nv_medium_512", "nv_small"}) {
    const HardwareParameters& hardware = preset(name);
    for (const std::uint32_t side : {1U, 3U, 14U, 33U}) {
      for (const std::uint32_t channels : {8U, 40U, 130U}) {
        for (const bool lut : {false, true}) {
          SdpOperation operation = square(hardware, Precision::kInt8, side, channels, false);
          add_batch_norm(operation);
          if (lut && hardware.sdp_lut) add_lut(operation);
          const double wide = 4.0 * hardware.dbb_width_bytes;
          Bench bench(hardware, {20, wide});
          bench.fetch_start(operation.fetch, 0);
          bench.start(operation, 1);
          bench.scheduler.advance(kLong);
          ASSERT_EQ(bench.completions.size(), 1U);
          memory::MemorySystem memory;
          memory.dbb = {20, wide, 256};
          const amaix::Estimate estimate =
              amaix::estimate_sdp(operation, hardware, memory, amaix::Level::kRefined);
          const auto engine = static_cast<double>(bench.completions[0].interrupt);
          EXPECT_NEAR(estimate.cycles, engine, std::max(15.0, 0.02 * engine))
              << name << " " << side << " " << channels << " " << lut;
          EXPECT_EQ(estimate.dbb.read, bench.interface.traffic().read);
          EXPECT_EQ(estimate.dbb.written, bench.interface.traffic().written);
        }
      }
    }
  }
}

}  // namespace
}  // namespace nvdla::engine
