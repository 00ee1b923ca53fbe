// SPDX-License-Identifier: Apache-2.0
// CDP's plan: bytes equal to the recorded beats, order of requests, idle cycles between strips against an
// enumeration and recordings, and the closed form against recordings.
#include "amaix/cdp_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "amaix/cdp_estimate.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {
namespace {

CdpOperation operation(const HardwareParameters& hardware, const Cube& cube, Precision precision) {
  CdpOperation op;
  op.cube = cube;
  op.precision = precision;
  const std::uint32_t atom = hardware.memory_atom_bytes;
  op.source = {MemorySpace::kDbb, 0x80040000, cube.width * atom, cube.width * cube.height * atom};
  op.destination = op.source;
  op.destination.address = 0x80080000;
  return op;
}

StreamSummary summary(const CdpPlan& plan, const HardwareParameters& hardware) {
  CdpReads reads(plan);
  CdpCore core(plan);
  const StreamSummary result = summarise(reads, core, plan.timing, hardware);
  EXPECT_EQ(core.remaining(), 0U);
  return result;
}

TEST(CdpPlan, RequestsAreStripsOfAllSurfaces) {
  const auto& hardware = preset("nv_full");
  CdpReads reads(plan_cdp(operation(hardware, {27, 27, 96}, Precision::kInt8), hardware));
  std::vector<StreamRequest> requests;
  StreamRequest request;
  while (reads.next(request)) requests.push_back(request);
  ASSERT_EQ(requests.size(), 27U * 4 * 3);
  EXPECT_EQ(requests[0].bytes, 256U);
  EXPECT_EQ(requests[1].address, 0x80040000U + 27 * 27 * 32);
  EXPECT_EQ(requests[3].address, 0x80040000U + 8 * 32);
  EXPECT_EQ(requests[9].bytes, 96U);
  EXPECT_EQ(requests[12].address, 0x80040000U + 27 * 32);
}

TEST(CdpPlan, IdleCyclesInClosedFormEqualTheWalk) {
  for (const char* name : {"nv_full", "nv_small", "nv_small_256", "nv_medium_512", "nv_large"}) {
    const auto& hardware = preset(name);
    for (std::uint32_t width : {1U, 3U, 7U, 8U, 9U, 11U, 14U, 15U, 27U, 55U}) {
      for (std::uint32_t channels : {8U, 96U}) {
        const CdpPlan plan = plan_cdp(operation(hardware, {width, 5, channels}, Precision::kInt8), hardware);
        const StreamSummary total = summary(plan, hardware);
        EXPECT_EQ(total.core_cycles, plan.core_cycles()) << name << ' ' << width << ' ' << channels;
        EXPECT_EQ(total.dbb_read.bytes, plan.input_bytes());
        EXPECT_EQ(total.dbb_write.bytes, plan.input_bytes());
      }
    }
  }
}

void expect_equal(const StreamTotals& sum, const StreamTotals& walk) {
  EXPECT_EQ(sum.requests, walk.requests);
  EXPECT_EQ(sum.bytes, walk.bytes);
  EXPECT_EQ(sum.bus_bytes, walk.bus_bytes);
}

// The closed sums are those of the walk, on cubes that are not aligned too.
TEST(CdpEstimate, SumsEqualTheWalk) {
  for (const char* name : {"nv_full", "nv_small", "nv_small_256", "nv_medium_512", "nv_large"}) {
    const auto& hardware = preset(name);
    for (std::uint32_t width : {1U, 3U, 7U, 8U, 14U, 27U}) {
      for (std::uint32_t channels : {8U, 96U}) {
        for (const Precision precision : {Precision::kInt8, Precision::kFp16}) {
          SCOPED_TRACE(std::string(name) + " width " + std::to_string(width) + " channels " +
                       std::to_string(channels));
          CdpOperation op = operation(hardware, {width, 5, channels}, precision);
          op.source.address += 3 * hardware.memory_atom_bytes;
          op.destination.address += hardware.memory_atom_bytes;
          op.destination.space = channels == 8 ? MemorySpace::kCvsram : MemorySpace::kDbb;
          const StreamSummary walk = summary(plan_cdp(op, hardware), hardware);
          const StreamSummary sum = summarise_cdp(op, hardware);
          EXPECT_EQ(sum.core_cycles, walk.core_cycles);
          EXPECT_EQ(sum.data_cycles, walk.data_cycles);
          EXPECT_EQ(sum.drain, walk.drain);
          EXPECT_EQ(sum.last_unit_beats, walk.last_unit_beats);
          EXPECT_EQ(sum.last_output, walk.last_output);
          expect_equal(sum.dbb_read, walk.dbb_read);
          expect_equal(sum.dbb_write, walk.dbb_write);
          expect_equal(sum.cvsram_write, walk.cvsram_write);
        }
      }
    }
  }
}

// Waveform of golden case cdp_lrn5 int8: nine columns, two surfaces, seven lines. Behind each line seven
// cycles in which nothing comes out of the window, and two waits for room, the second of which they swallow.
// Simulated, nv_small (tests/rtl_cases/seen/cdp_s1), strips of 8, 8 and 1 columns: beats leave two cycles
// apart, the command of a chunk between them. The one column is held for rows of the eight before it; its
// last words wait for rows of the eight behind it, at the end of the cube for none. Each strip's beats come
// with the strip behind it, the last's with its own.
TEST(CdpPlan, BeatsLeaveInSlotsAndRowsAreAsLongAsTheWiderStrip) {
  const auto& hardware = preset("nv_small");
  const CdpPlan plan = plan_cdp(operation(hardware, {17, 2, 5}, Precision::kInt8), hardware);
  CdpCore core(plan);
  const std::vector<std::vector<std::uint32_t>> offsets = {
      {97, 99, 101, 103, 105, 107, 109, 111}, {97, 99, 101, 103, 105, 107, 109, 111}, {28 + 34},
      {97, 99, 101, 103, 105, 107, 109, 111}, {97, 99, 101, 103, 105, 107, 109, 111}, {28 + 13}};
  std::vector<std::uint32_t> expected, got;
  std::size_t strips = 0;
  std::uint32_t now = 0;
  for (const auto& of_strip : offsets) {
    StreamStep step;
    core.take(static_cast<std::uint32_t>(of_strip.size()) * 8, step);
    now += step.gap;
    for (const StreamOutput& output : step.outputs) got.push_back(now + output.offset);
    EXPECT_EQ(got.size(), ++strips == offsets.size() ? expected.size() + of_strip.size() : expected.size());
    for (const std::uint32_t offset : of_strip) expected.push_back(now + offset);
    now += step.cycles;
  }
  EXPECT_EQ(got, expected);
}

// DP_bufferin: behind each word that looks ahead, of all columns, a narrower strip is held until those of the
// strip before are through. Words in front of the window are not: on branch master eight, of which the last
// strip of the first cube has two in each row; on nv_small five, on nv_full six.
TEST(CdpPlan, ANarrowerStripIsHeldWhenItHasCome) {
  const auto last = [](const char* preset_name, std::uint32_t width) {
    const auto& hardware = preset(preset_name);
    CdpCore core(plan_cdp(operation(hardware, {width, 1, 4}, Precision::kInt8), hardware));
    StreamStep step;
    for (std::uint32_t begin = 0; begin < width; begin += 8) {
      step = {};
      core.take(std::min(8U, width - begin) * hardware.memory_atom_bytes, step);
    }
    EXPECT_EQ(core.remaining(), 0U);
    return std::vector<std::uint32_t>{step.cycles, step.early};
  };
  EXPECT_EQ(last("nv_small_256_full", 18), (std::vector<std::uint32_t>{16 + 4 * 6, 6}));
  EXPECT_EQ(last("nv_small_256_full", 17), (std::vector<std::uint32_t>{8 + 4 * 7, 4 * 7}));
  EXPECT_EQ(last("nv_small", 17), (std::vector<std::uint32_t>{8 + 4 * 7, 2 * 7}));
  EXPECT_EQ(last("nv_small", 18), (std::vector<std::uint32_t>{16 + 4 * 6, 0}));
  EXPECT_EQ(last("nv_full", 10), (std::vector<std::uint32_t>{8 + 6, 6}));
  EXPECT_EQ(last("nv_full", 11), (std::vector<std::uint32_t>{12 + 5, 0}));
}

// A datum of nv_full holds two columns; the first of the last datum waits for it.
TEST(CdpPlan, TheLastDatumIsNeededWithItsFirstColumn) {
  const auto last_needed = [](const char* preset_name, std::uint32_t width) {
    return plan_cdp(operation(preset(preset_name), {width, 1, 4}, Precision::kInt8), preset(preset_name))
        .last_needed({});
  };
  EXPECT_EQ(last_needed("nv_full", 8), 6U);
  EXPECT_EQ(last_needed("nv_full", 7), 6U);
  EXPECT_EQ(last_needed("nv_full", 1), 0U);
  EXPECT_EQ(last_needed("nv_small", 8), 7U);
}

// The second half of the last strip competes when the first has left the arbiter (simulated: nv_medium_512).
TEST(CdpEstimate, OnMasterTheLastChunkWaitsForTheOneBefore) {
  const auto drain = [](const char* preset_name) {
    const auto& hardware = preset(preset_name);
    return summarise_cdp(operation(hardware, {8, 1, 4}, Precision::kInt8), hardware).drain;
  };
  // The words that look ahead of all columns, four beats, and the two chunks of four.
  EXPECT_EQ(drain("nv_small_256_full"), 4U * 8 + 4 + 8);
  EXPECT_EQ(drain("nv_small"), 4U * 8 + 8 + 7);
}

TEST(CdpPlan, IdleCyclesSwallowTheWaitsJustBeforeThem) {
  const auto& hardware = preset("nv_full");
  const auto cycles = [&](std::uint32_t width) {
    return plan_cdp(operation(hardware, {width, 7, 40}, Precision::kInt8), hardware).core_cycles();
  };
  EXPECT_EQ(cycles(9), 7 * 72 + 6 * (2 + 7) + (2 + 2 + 7));
  // Twelve: the last strip has 32 words, more than there are between the window and the write DMA.
  EXPECT_EQ(cycles(12), 7 * 96 + 7 * (2 + 2 + 4));
}

// Where the window looks ahead several words, the last rows of a line leave one by one, with idle cycles
// behind the first of them already. Simulations of nv_small: 116 and 121 cycles from line to line.
TEST(CdpPlan, TheFirstIdleCyclesAreThoseBehindTheFirstRowThatLeavesAlone) {
  const auto& hardware = preset("nv_small");
  const auto line = [&](std::uint32_t width) {
    const auto cycles = [&](std::uint32_t height) {
      return plan_cdp(operation(hardware, {width, height, 8}, Precision::kInt8), hardware).core_cycles();
    };
    return cycles(7) - cycles(6);
  };
  EXPECT_EQ(line(13), 116U);
  EXPECT_EQ(line(14), 121U);
}

// fp_sum_block adds pair after pair; integers sum in one stage.
TEST(CdpPlan, AWiderWindowOfFp16TakesFourCyclesMoreAPair) {
  const auto& hardware = preset("nv_full");
  const auto depth = [&](Precision precision, std::uint32_t length, bool bypass) {
    CdpOperation op = operation(hardware, {8, 8, 32}, precision);
    op.normalization_length = length;
    op.square_sum_bypass = bypass;
    return plan_cdp(op, hardware).timing.depth;
  };
  for (std::uint32_t length : {3U, 5U, 7U}) {
    EXPECT_EQ(depth(Precision::kFp16, length + 2, false), depth(Precision::kFp16, length, false) + 4);
    EXPECT_EQ(depth(Precision::kFp16, length + 2, true), depth(Precision::kFp16, length, true));
    EXPECT_EQ(depth(Precision::kInt16, length + 2, false), depth(Precision::kInt16, length, false));
  }
}

// Start to done of CDP_RDMA in recordings in which only the datapath sets the pace (latency 50, full rate):
// set-up and drain are the same for all layers of a precision, so that two layers differ by the cycles of the
// datapath.
TEST(CdpPlan, CyclesOfTheDatapathAreTheRecordedDifferences) {
  struct Layer {
    Cube cube;
    std::int64_t recorded;
  };
  const std::pair<Precision, std::vector<Layer>> sets[] = {
      {Precision::kInt8,
       {{{7, 7, 16}, 1166 - 892},
        {{14, 14, 64}, 2612 - 892},
        {{27, 27, 96}, 10327 - 892},
        {{55, 55, 96}, 144432 - 105757},
        {{27, 27, 256}, 500762 - 475935}}},
      {Precision::kFp16,
       {{{7, 7, 16}, 1158 - 885}, {{14, 14, 64}, 4285 - 885}, {{27, 27, 96}, 20039 - 885}}}};
  const auto& hardware = preset("nv_full");
  for (const auto& [precision, layers] : sets) {
    const auto cycles = [&, p = precision](const Layer& layer) {
      return static_cast<std::int64_t>(plan_cdp(operation(hardware, layer.cube, p), hardware).core_cycles());
    };
    for (const Layer& layer : layers)
      EXPECT_NEAR(cycles(layer) - cycles(layers[0]), layer.recorded - layers[0].recorded, 3)
          << layer.cube.width << ' ' << layer.cube.channels;
  }
}

struct Row {
  const char* preset;
  Precision precision;
  Cube cube;
  std::uint32_t latency;
  double bytes;
  double recorded;  // start of CDP_RDMA to interrupt
  std::uint64_t beats;
};

TEST(CdpEstimate, RefinedIsWithinTwoPercentOfTheRecordings) {
  const Row rows[] = {
      {"nv_full", Precision::kInt8, {7, 7, 16}, 50, 64, 1277 - 892, 28},
      {"nv_full", Precision::kFp16, {7, 7, 16}, 50, 64, 1299 - 885, 28},
      {"nv_full", Precision::kInt8, {27, 27, 96}, 50, 64, 10431 - 892, 1254},
      {"nv_full", Precision::kFp16, {27, 27, 96}, 50, 64, 20173 - 885, 2511},
      {"nv_full", Precision::kFp16, {27, 27, 96}, 128, 16, 21245 - 885, 2511},
      {"nv_full", Precision::kFp16, {27, 27, 96}, 20, 8, 41105 - 885, 2511},
      {"nv_small", Precision::kInt8, {27, 27, 96}, 50, 8, 72570 - 892, 8748},
      {"nv_small", Precision::kInt8, {7, 7, 16}, 50, 8, 1882 - 892, 98},
  };
  for (const Row& row : rows) {
    const auto& hardware = preset(row.preset);
    const CdpOperation op = operation(hardware, row.cube, row.precision);
    memory::MemorySystem memory;
    memory.dbb = {row.latency, row.bytes, 256};
    const Estimate refined = estimate_cdp(op, hardware, memory, Level::kRefined);
    const auto client = static_cast<std::size_t>(Client::kCdp);
    // u_lrn_96x27 int8 starts on a chunk boundary as here; beats are exact.
    EXPECT_EQ(refined.dbb.read[client], row.beats * hardware.dbb_width_bytes);
    EXPECT_EQ(refined.dbb.written[client], row.beats * hardware.dbb_width_bytes);
    EXPECT_NEAR(refined.cycles, row.recorded, 0.02 * row.recorded)
        << row.preset << ' ' << row.latency << ' ' << row.cube.width;
    EXPECT_LE(estimate_cdp(op, hardware, memory, Level::kRoofline).cycles, row.recorded);
  }
}

}  // namespace
}  // namespace nvdla::amaix
