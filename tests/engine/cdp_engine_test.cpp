// SPDX-License-Identifier: Apache-2.0
// CDP in simulated time against RTL recordings (u_lrn_*, norm1 and norm2 of AlexNet): release of both
// register groups, first and last write beat and interrupt.
#include "engine/units/cdp/cdp_engine.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/engine/stream_test_bench.h"

namespace nvdla::engine {
namespace {

struct Recording {
  const char* name;
  const char* preset;
  Precision precision;
  Cube cube;
  MemorySettings memory;
  std::uint64_t source, destination;
  Cycle start, fetch_done, released, interrupt, first_write, last_write;
  std::uint64_t read_beats, write_beats;
};

constexpr MemorySettings kFast{50, 64}, kMiddle{128, 16}, kSlow{20, 8}, kSmall{50, 8};
constexpr auto kInt8 = Precision::kInt8, kFp16 = Precision::kFp16;
constexpr Cube k16{7, 7, 16}, k64{14, 14, 64}, k96{27, 27, 96}, kNorm1{55, 55, 96}, kNorm2{27, 27, 256};

const Recording kRecordings[] = {
    {"lrn_16x7", "nv_full", kFp16, k16, kFast, 0x80007000, 0x80008000, 885, 1158, 1233, 1299, 1062, 1244, 28,
     28},
    {"lrn_16x7", "nv_full", kInt8, k16, kFast, 0x80007000, 0x80008000, 892, 1166, 1211, 1277, 1040, 1222, 28,
     28},
    {"lrn_16x7", "nv_small", kInt8, k16, kSmall, 0x80007000, 0x80008000, 892, 1745, 1812, 1882, 1087, 1827,
     98, 98},
    {"lrn_64x14", "nv_full", kFp16, k64, kFast, 0x80008000, 0x80010000, 885, 4285, 4355, 4421, 1067, 4366,
     392, 392},
    {"lrn_64x14", "nv_full", kInt8, k64, kFast, 0x80008000, 0x8000c000, 892, 2612, 2653, 2719, 1046, 2664,
     196, 196},
    {"lrn_64x14", "nv_small", kInt8, k64, kSmall, 0x80008000, 0x8000c000, 892, 13729, 13791, 13860, 1099,
     13805, 1568, 1568},
    {"lrn_96x27", "nv_full", kFp16, k96, kMiddle, 0x80040000, 0x80080000, 885, 21031, 21100, 21245, 1156,
     21112, 2511, 2511},
    {"lrn_96x27", "nv_full", kFp16, k96, kSlow, 0x80040000, 0x80080000, 885, 40941, 41007, 41105, 1072, 41080,
     2511, 2511},
    {"lrn_96x27", "nv_full", kFp16, k96, kFast, 0x80040000, 0x80080000, 885, 20039, 20108, 20173, 1067, 20118,
     2511, 2511},
    {"lrn_96x27", "nv_full", kInt8, k96, kFast, 0x80020000, 0x80040000, 892, 10327, 10366, 10431, 1046, 10376,
     1254, 1254},
    {"lrn_96x27", "nv_small", kInt8, k96, kSmall, 0x80020000, 0x80040000, 892, 72457, 72504, 72570, 1099,
     72515, 8748, 8748},
    {"norm1", "nv_full", kInt8, kNorm1, kFast, 0x80200000, 0x80280000, 105757, 144432, 144477, 144543, 105911,
     144488, 5112, 5112},
    {"norm1", "nv_full", kInt8, kNorm1, kMiddle, 0x80200000, 0x80280000, 119342, 160298, 160343, 160502,
     119581, 160369, 5112, 5112},
    {"norm2", "nv_full", kInt8, kNorm2, kFast, 0x80340000, 0x80300000, 475935, 500762, 500799, 500864, 476089,
     500809, 3348, 3348},
    {"norm2", "nv_full", kInt8, kNorm2, kMiddle, 0x80340000, 0x80300000, 499742, 526581, 526619, 526790,
     499981, 526657, 3348, 3348},
    {"norm1", "nv_small", kInt8, kNorm1, kSmall, 0x80200000, 0x80280000, 2473458, 2768113, 2768180, 2768250,
     2473671, 2768195, 36300, 36300},
    {"norm2", "nv_small", kInt8, kNorm2, kSmall, 0x80340000, 0x80300000, 10072884, 10262709, 10262756,
     10262822, 10073091, 10262767, 23328, 23328},
};

CdpOperation operation(const Recording& recording, const HardwareParameters& hardware) {
  CdpOperation op;
  op.cube = recording.cube;
  op.precision = recording.precision;
  op.normalization_length = 5;
  const std::uint32_t atom = hardware.memory_atom_bytes;
  op.source = {MemorySpace::kDbb, recording.source, op.cube.width * atom,
               op.cube.width * op.cube.height * atom};
  op.destination = op.source;
  op.destination.address = recording.destination;
  return op;
}

class CdpRecording : public ::testing::TestWithParam<Recording> {};

TEST_P(CdpRecording, TimesAndBeatsEqualTheRecording) {
  const Recording& recording = GetParam();
  stream_test::Bench<CdpEngine> bench(preset(recording.preset), recording.memory);
  const CdpOperation op = operation(recording, bench.hardware);
  bench.scheduler.advance(recording.start - 1);
  bench.fetch_start(CdpFetch{op.cube, op.precision, op.source}, recording.start);
  bench.start(op, recording.start + 1);
  bench.scheduler.advance(recording.start + 400000);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_TRUE(bench.engine.idle());
  EXPECT_EQ(bench.memory.read_beats, recording.read_beats);
  EXPECT_EQ(bench.memory.write_beats, recording.write_beats);
  const bool exact = recording.memory.bytes_per_cycle >= bench.hardware.dbb_width_bytes;
  const Cycle slack = exact ? 6 : std::max<Cycle>(25, (recording.interrupt - recording.start) / 100);
  EXPECT_NEAR(bench.fetch_done.at(0), recording.fetch_done, slack);
  EXPECT_NEAR(bench.released.at(0), recording.released, slack);
  EXPECT_NEAR(*bench.memory.first_write, recording.first_write, exact ? 6 : 25);
  EXPECT_NEAR(*bench.memory.last_write, recording.last_write, slack);
  EXPECT_NEAR(bench.completions[0].interrupt, recording.interrupt, slack);
}

INSTANTIATE_TEST_SUITE_P(Rtl, CdpRecording, ::testing::ValuesIn(kRecordings), [](const auto& info) {
  const Recording& r = info.param;
  return std::string(r.name) + "_" + r.preset + (r.precision == kFp16 ? "_fp16" : "_int8") + "_L" +
         std::to_string(r.memory.latency) + "_B" + std::to_string(static_cast<int>(r.memory.bytes_per_cycle));
});

// Simulations (cdp_two_s10001): strips of 8, 8 and 2 columns. The last is held when it has come, the first
// beat's way is hidden where the others come apart, and on branch master the beats of a chunk come into the
// arbiter when those of the one before have gone.
TEST(CdpEngine, StripsThatComeApartTakeTheSimulatedCycles) {
  const Recording simulated[] = {
      {"",
       "nv_small_256_full",
       kInt8,
       {18, 1, 4},
       {50, 8},
       0x80001000,
       0x80001100,
       833,
       1065,
       1113,
       1176,
       1041,
       1121,
       18,
       18},
      {"",
       "nv_small_256_full",
       kInt8,
       {18, 1, 4},
       {200, 3},
       0x80001000,
       0x80001100,
       833,
       1521,
       1569,
       1790,
       1356,
       1585,
       18,
       18},
      {"",
       "nv_medium_512",
       kInt8,
       {18, 1, 4},
       {400, 8},
       0x80001000,
       0x80001100,
       833,
       1411,
       1449,
       1864,
       1378,
       1459,
       18,
       18},
  };
  for (const Recording& recording : simulated) {
    SCOPED_TRACE(recording.preset + std::to_string(recording.memory.latency));
    stream_test::Bench<CdpEngine> bench(preset(recording.preset), recording.memory);
    const CdpOperation op = operation(recording, bench.hardware);
    bench.fetch_start(CdpFetch{op.cube, op.precision, op.source}, recording.start);
    bench.start(op, recording.start + 1);
    bench.scheduler.advance(recording.start + 4000);
    ASSERT_EQ(bench.completions.size(), 1U);
    EXPECT_EQ(bench.fetch_done.at(0), recording.fetch_done);
    EXPECT_EQ(bench.released.at(0), recording.released);
    EXPECT_EQ(*bench.memory.first_write, recording.first_write);
    EXPECT_EQ(*bench.memory.last_write, recording.last_write);
    EXPECT_EQ(bench.completions[0].interrupt, recording.interrupt);
  }
}

// Of one operation on slow ports: when its writes leave, the last is taken, and the interrupt.
struct Written {
  std::vector<Cycle> issued;
  Cycle last_write = 0, interrupt = 0;
};
Written written(const char* configuration, const MemorySettings& memory, const CdpOperation& op) {
  stream_test::Bench<CdpEngine> bench(preset(configuration), memory);
  bench.fetch_start(CdpFetch{op.cube, op.precision, op.source}, 833);
  bench.start(op, 834);
  bench.scheduler.advance(5000);
  Written result;
  for (const Burst& burst : bench.memory.bursts)
    if (burst.write) result.issued.push_back(burst.issued);
  result.last_write = *bench.memory.last_write;
  result.interrupt = bench.completions.at(0).interrupt;
  return result;
}

// Simulation of nv_large's RTL, one read open, lines of 9 columns: the strip of one column leaves when the
// first beat of the next line has come, long before the line's last one.
TEST(CdpEngine, AStripLeavesBehindTheFirstColumnsOfAWiderOne) {
  CdpOperation op;
  op.cube = {9, 2, 8};
  op.precision = kInt8;
  op.normalization_length = 3;
  op.source = {MemorySpace::kDbb, 0x80001000, 9 * 32, 18 * 32};
  op.destination = {MemorySpace::kDbb, 0x80001300, 0x160, 0x300};
  const Written cdp = written("nv_large", {50, 32, 1}, op);
  ASSERT_EQ(cdp.issued.size(), 18U);
  EXPECT_EQ(cdp.issued[0], 1355);
  EXPECT_EQ(cdp.issued[8], 1399);
  EXPECT_EQ(cdp.issued[9], 1814);
  EXPECT_EQ(cdp.last_write, 1830);
  EXPECT_EQ(cdp.interrupt, 1885);
}

// Simulation of nv_small's RTL: the second strip comes later than the gap behind the first one, in which
// WDMA empties, is long.
TEST(CdpEngine, LateDataHideTheGapInFrontOfThem) {
  CdpOperation op;
  op.cube = {8, 2, 16};
  op.precision = kInt8;
  op.normalization_length = 3;
  op.source = {MemorySpace::kDbb, 0x80001000, 0x48, 0xb0};
  op.destination = {MemorySpace::kDbb, 0x80001200, 0x40, 0x80};
  const Written cdp = written("nv_small", {50, 0.5}, op);
  ASSERT_EQ(cdp.issued.size(), 32U);
  EXPECT_EQ(cdp.issued[0], 1207);
  EXPECT_EQ(cdp.last_write, 1898);
  EXPECT_EQ(cdp.interrupt, 1953);
}

// Simulation of nv_small's RTL: requests of four beats, of which 61 may be in the latency FIFO. Nine more fit
// into the FIFOs behind it; each goes on when the last word of the one nine before it is read, which happens
// to the four of a request one after the other, 32 cycles behind those of the request before.
TEST(CdpEngine, BeatsLeaveTheReorderFifosWithTheirLastWords) {
  stream_test::Bench<CdpEngine> bench(preset("nv_small"), {128, 8});
  CdpOperation op;
  op.cube = {4, 7, 28};
  op.precision = kInt8;
  op.normalization_length = 5;
  op.source = {MemorySpace::kDbb, 0x80001000, 32, 7 * 32};
  op.destination = {MemorySpace::kDbb, 0x80001400, 32, 7 * 32};
  bench.fetch_start(CdpFetch{op.cube, op.precision, op.source}, 833);
  bench.start(op, 834);
  bench.scheduler.advance(5000);
  ASSERT_EQ(bench.completions.size(), 1U);
  std::vector<Cycle> reads;
  for (const Burst& burst : bench.memory.bursts)
    if (!burst.write) reads.push_back(burst.issued);
  ASSERT_EQ(reads.size(), 112U);
  EXPECT_EQ(reads[0], 841);
  EXPECT_EQ(reads[61], 985);
  EXPECT_EQ(reads[69], 993);
  EXPECT_EQ(reads[70], 1016);
  EXPECT_EQ(reads[71], 1017);
  EXPECT_EQ(reads[74], 1048);
  EXPECT_EQ(reads[111], 1337);
  EXPECT_EQ(bench.completions[0].interrupt, 2073);
}

}  // namespace
}  // namespace nvdla::engine
