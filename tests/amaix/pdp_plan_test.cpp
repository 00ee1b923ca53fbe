// SPDX-License-Identifier: Apache-2.0
// PDP's plan: bytes equal to the recorded beats, addresses and order of requests, flush and bubble rules
// against an enumeration of the plan, and the closed form against recordings.
#include "amaix/pdp_plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "amaix/pdp_estimate.h"
#include "amaix/stream_estimate.h"
#include "tests/amaix/pdp_test_operations.h"

namespace nvdla::amaix {
namespace {

using pdp_test::operation;
using pdp_test::Shape;

constexpr Shape kMax3{55, 55, 96, 3, 2, 0, 0}, kPadded{14, 14, 256, 3, 1, 1, 1},
    kWide{200, 56, 16, 3, 2, 0, 1};

memory::MemorySystem memory(std::uint32_t latency, double bytes) {
  memory::MemorySystem system;
  system.dbb = {latency, bytes, 256};
  return system;
}

StreamSummary summary(const PdpOperation& op, const HardwareParameters& hardware) {
  const PdpPlan plan = plan_pdp(op, hardware);
  PdpReads reads(plan_pdp_reads(fetch_of(op), hardware));
  PdpCore core(plan);
  const StreamSummary result = summarise(reads, core, plan.timing, hardware);
  EXPECT_EQ(core.remaining(), 0U);
  return result;
}

TEST(PdpPlan, BytesEqualTheRecordedBeats) {
  const auto& full = preset("nv_full");
  const auto& small = preset("nv_small");
  const auto of = [](const HardwareParameters& hardware, const Shape& shape, Precision precision) {
    return summary(operation(hardware, shape, precision, PoolingMethod::kMax), hardware);
  };
  EXPECT_EQ(of(full, kMax3, Precision::kInt8).dbb_read.bus_bytes, 295680U);
  EXPECT_EQ(of(full, kMax3, Precision::kInt8).dbb_write.bus_bytes, 1134U * 64);
  EXPECT_EQ(of(full, kMax3, Precision::kFp16).dbb_read.bus_bytes, 9240U * 64);
  EXPECT_EQ(of(small, kMax3, Precision::kInt8).dbb_read.bus_bytes, 36300U * 8);
  EXPECT_EQ(of(small, kMax3, Precision::kInt8).dbb_write.bus_bytes, 8748U * 8);
}

TEST(PdpPlan, RequestsAreLinesSurfaceBySurfacePassByPass) {
  const auto& hardware = preset("nv_full");
  PdpOperation op = operation(hardware, kWide, Precision::kInt8, PoolingMethod::kMax);
  op.splits = 2;
  op.partial_in = {129, 1, 71};
  op.partial_out = {64, 1, 36};
  const PdpPlan plan = plan_pdp(op, hardware);
  EXPECT_TRUE(plan.warnings.empty());
  PdpReads reads(plan_pdp_reads(fetch_of(op), hardware));
  std::vector<StreamRequest> requests;
  StreamRequest request;
  while (reads.next(request)) requests.push_back(request);
  ASSERT_EQ(requests.size(), 112U);
  EXPECT_EQ(requests[1].address, op.source.address + 6400);
  EXPECT_EQ(requests[0].bytes, 129U * 32);
  // kernel - stride = 1 column is read twice.
  EXPECT_EQ(requests[56].address, op.source.address + 128 * 32);
  EXPECT_EQ(requests[56].bytes, 72U * 32);
}

TEST(PdpPlan, ALineBufferThatIsTooSmallIsSaid) {
  const auto& hardware = preset("nv_full");
  const PdpPlan plan = plan_pdp(operation(hardware, kWide, Precision::kInt8, PoolingMethod::kMax), hardware);
  ASSERT_EQ(plan.warnings.size(), 1U);
  EXPECT_NE(plan.warnings[0].find("100 output columns"), std::string::npos);
}

// cal2d gives a column 1, 2, 4 or 8 of 128 entries: windows that overlap three lines deep have 32 columns.
TEST(PdpPlan, ThreeOverlappingLinesTakeFourEntriesAColumn) {
  const auto& hardware = preset("nv_full");
  const auto warnings = [&](std::uint32_t width) {
    const Shape shape{width, 8, 32, 3, 1, 0, 0};
    return plan_pdp(operation(hardware, shape, Precision::kInt8, PoolingMethod::kMax), hardware).warnings;
  };
  EXPECT_TRUE(warnings(34).empty());
  EXPECT_EQ(warnings(35).size(), 1U);
}

// Whatever the window, every output byte is written once and the core's cycles are atoms and bubbles.
TEST(PdpPlan, OutputAndCyclesOfEveryWindow) {
  const auto& hardware = preset("nv_full");
  for (std::uint32_t kernel = 1; kernel <= 8; ++kernel) {
    for (std::uint32_t stride = 1; stride <= kernel + 1; ++stride) {
      for (std::uint32_t pad = 0; pad < kernel; ++pad) {
        const Shape shape{11, 12, 64, kernel, stride, pad, pad};
        const PdpOperation op = operation(hardware, shape, Precision::kInt8, PoolingMethod::kMax);
        const PdpPlan plan = plan_pdp(op, hardware);
        const StreamSummary total = summary(op, hardware);
        const std::uint64_t written = std::uint64_t{op.output.width} * op.output.height * 64;
        ASSERT_EQ(total.dbb_write.bytes, written) << kernel << ' ' << stride << ' ' << pad;
        ASSERT_EQ(total.dbb_read.bytes, 11U * 12 * 64);
        ASSERT_EQ(total.core_cycles,
                  plan.input_bytes() / plan.atom_bytes * plan.cycles_per_atom + plan.idle_cycles())
            << kernel << ' ' << stride << ' ' << pad;
      }
    }
  }
}

void expect_equal(const StreamTotals& sum, const StreamTotals& walk) {
  EXPECT_EQ(sum.requests, walk.requests);
  EXPECT_EQ(sum.bytes, walk.bytes);
  EXPECT_EQ(sum.bus_bytes, walk.bus_bytes);
}

// The closed sums are those of the walk: windows, unaligned cubes, splits, both generations.
TEST(PdpEstimate, SumsEqualTheWalk) {
  for (const char* name : {"nv_full", "nv_small", "nv_medium_512"}) {
    const auto& hardware = preset(name);
    for (std::uint32_t kernel = 1; kernel <= 8; ++kernel) {
      for (std::uint32_t stride = 1; stride <= kernel + 1; stride += 2) {
        for (std::uint32_t pad = 0; pad < kernel; pad += 2) {
          for (const std::uint32_t splits : {1U, 2U, 3U}) {
            SCOPED_TRACE(std::string(name) + " kernel " + std::to_string(kernel) + " stride " +
                         std::to_string(stride) + " pad " + std::to_string(pad) + " splits " +
                         std::to_string(splits));
            const Shape shape{33, 12, 70, kernel, stride, pad, pad};
            PdpOperation op = operation(hardware, shape, Precision::kInt8, PoolingMethod::kAverage);
            op.source.address += 3 * hardware.memory_atom_bytes;
            op.destination.address += hardware.memory_atom_bytes;
            op.destination.line_stride += 5 * hardware.memory_atom_bytes;
            op.destination.space = splits == 2 ? MemorySpace::kCvsram : MemorySpace::kDbb;
            if (splits > 1 && op.output.width < 2 * splits) continue;
            op.splits = splits;
            const std::uint32_t part = op.output.width / splits;
            op.partial_out = {part, part, op.output.width - (splits - 1) * part};
            op.partial_in = {12, 9, 9};
            const StreamSummary walk = summary(op, hardware);
            const StreamSummary sum = summarise_pdp(op, hardware);
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
}

TEST(PdpPlan, PaddingFlushesTheLastLine) {
  const PdpPlan plan = plan_pdp(operation(preset("nv_full"), kPadded, Precision::kInt8, PoolingMethod::kMax),
                                preset("nv_full"));
  EXPECT_EQ(plan.lines.flushed(), 1U);
  EXPECT_EQ(plan.lines.bubbles(), 0U);  // the next surface's first line has no output of its own
  const PdpPlan wide =
      plan_pdp(operation(preset("nv_full"), kWide, Precision::kInt8, PoolingMethod::kMax), preset("nv_full"));
  EXPECT_EQ(wide.lines.flushed(), 0U);  // one line of padding is less than the stride
}

// Offsets of the outputs of the `count` portions from the `first` on, of one atom each.
std::vector<std::vector<std::uint32_t>> outputs_of(const PdpPlan& plan, std::uint32_t first,
                                                   std::uint32_t count) {
  PdpCore core(plan);
  std::vector<std::vector<std::uint32_t>> result;
  for (std::uint32_t atom = 0; atom < first + count; ++atom) {
    StreamStep step;
    core.take(plan.atom_bytes, step);
    if (atom < first) continue;
    result.emplace_back();
    for (const StreamOutput& output : step.outputs) result.back().push_back(output.offset);
  }
  return result;
}

// Columns beyond the input leave with the next line's atoms (cal1d: last_out_en), whenever those come; what
// does not fit there, and those of a surface's last line behind which nothing comes, leave at once.
TEST(PdpPlan, FlushedColumnsLeaveWithTheAtomsOfTheNextLine) {
  HardwareParameters hardware = preset("nv_small");  // an output is a beat, a beat a unit
  const auto plan = [&](std::uint32_t kernel, std::uint32_t pad) {
    return plan_pdp(
        operation(hardware, {4, 5, 8, kernel, 1, pad, pad}, Precision::kInt8, PoolingMethod::kMax), hardware);
  };
  const PdpPlan three = plan(3, 1);
  const std::uint32_t atom = three.cycles_per_atom;
  using Offsets = std::vector<std::vector<std::uint32_t>>;
  // Line 1: columns 0 to 2 end with atoms 1 to 3; column 3 with the first atom of line 2.
  EXPECT_EQ(outputs_of(three, 4, 6), (Offsets{{}, {atom}, {atom}, {atom}, {atom}, {atom}}));
  // The last atom of all: its own column, the line's flushed one, and those of the flushed line.
  EXPECT_EQ(outputs_of(three, 19, 1), (Offsets{{atom, 2 * atom, 3 * atom, 4 * atom, 5 * atom, 6 * atom}}));
}

// As in the RTL (pdp_s2002, pdp_s2003 of tests/rtl_cases): of five rows a surface begins with three.
TEST(PdpPlan, LinesInTheRowsOfTheNextSurfaceAreFlushedBeforeIt) {
  const auto& hardware = preset("nv_small");
  const auto of = [&](std::uint32_t height) {
    return plan_pdp(operation(hardware, {13, height, 16, 5, 1, 2, 2}, Precision::kInt8, PoolingMethod::kMax),
                    hardware);
  };
  EXPECT_EQ(of(13).lines.bubbles(), 2U);  // rows 1 and 2
  EXPECT_EQ(of(14).lines.bubbles(), 1U);  // 2 and 3
  EXPECT_EQ(of(10).lines.bubbles(), 0U);  // 3 and 4
  // The last line's own two columns come first; the next surface's first two atoms have no output.
  EXPECT_EQ(of(13).gap_behind(0, 0, 12), (2 + 2 * 13 - 2) * of(13).cycles_per_atom);
  EXPECT_EQ(of(10).gap_behind(0, 0, 9), 0U);
  EXPECT_EQ(of(13).gap_behind(0, 0, 5), 0U);
}

// Two columns of the last line go with the next surface's first atoms, which may be late, the two flushed
// lines behind them; then the input stands (pdp_s48295_nv_full of tests/rtl_cases).
TEST(PdpPlan, LinesFlushedBehindColumnsWaitForTheNextSurface) {
  const auto& hardware = preset("nv_small");
  const PdpPlan plan = plan_pdp(
      operation(hardware, {13, 13, 16, 5, 1, 2, 2}, Precision::kInt8, PoolingMethod::kMax), hardware);
  const std::uint32_t atom = plan.cycles_per_atom, last = 13 * 13 - 1;
  const auto outputs = outputs_of(plan, last, 3);
  EXPECT_EQ(outputs[0], (std::vector<std::uint32_t>{atom}));
  EXPECT_EQ(outputs[1], (std::vector<std::uint32_t>{atom}));
  ASSERT_EQ(outputs[2].size(), 1U + 2 * 13);
  EXPECT_EQ(outputs[2].back(), atom * (1 + 2 * 13));
  PdpCore core(plan);
  std::vector<std::uint32_t> gaps;
  for (std::uint32_t i = 0; i < last + 5; ++i) {
    StreamStep step;
    core.take(plan.atom_bytes, step);
    if (i > last) gaps.push_back(step.gap);
  }
  EXPECT_EQ(gaps, (std::vector<std::uint32_t>{0, 0, plan.gap_behind(0, 0, 12), 0}));
}

struct Row {
  const char* preset;
  Precision precision;
  Shape shape;
  std::uint32_t latency;
  double bytes;
  double recorded;  // start of PDP_RDMA to interrupt
};

TEST(PdpEstimate, RefinedIsWithinOnePercentOfTheRecordings) {
  const Row rows[] = {
      {"nv_full", Precision::kInt8, kMax3, 50, 64, 36625 - 172},
      {"nv_full", Precision::kFp16, kMax3, 50, 64, 72926 - 172},
      {"nv_full", Precision::kFp16, kMax3, 128, 16, 73087 - 172},
      {"nv_full", Precision::kFp16, kMax3, 20, 8, 92289 - 172},
      {"nv_full", Precision::kInt8, kPadded, 50, 64, 6659 - 172},
      {"nv_small", Precision::kInt8, kMax3, 50, 8, 290721 - 172},
  };
  for (const Row& row : rows) {
    const auto& hardware = preset(row.preset);
    const PdpOperation op = operation(hardware, row.shape, row.precision, PoolingMethod::kMax);
    const memory::MemorySystem system = memory(row.latency, row.bytes);
    const Estimate refined = estimate_pdp(op, hardware, system, Level::kRefined);
    const Estimate roofline = estimate_pdp(op, hardware, system, Level::kRoofline);
    EXPECT_NEAR(refined.cycles, row.recorded, 0.01 * row.recorded) << row.preset << ' ' << row.latency;
    EXPECT_LE(roofline.cycles, row.recorded);
    EXPECT_LE(roofline.cycles, refined.cycles);
    double sum = 0;
    for (const Phase& phase : refined.phases) sum += phase.cycles;
    EXPECT_DOUBLE_EQ(sum, refined.cycles);
  }
  const auto& full = preset("nv_full");
  const PdpOperation op = operation(full, kMax3, Precision::kFp16, PoolingMethod::kMax);
  EXPECT_EQ(estimate_pdp(op, full, memory(20, 8), Level::kRefined).bound_by(), Resource::kDbbBandwidth);
  EXPECT_EQ(estimate_pdp(op, full, memory(50, 64), Level::kRefined).bound_by(), Resource::kPdpCore);
  EXPECT_EQ(estimate_pdp(op, full, memory(2000, 64), Level::kRefined).bound_by(), Resource::kOutstanding);
}

TEST(PdpEstimate, RefusesWhatHasNoTimeOfItsOwn) {
  const auto& hardware = preset("nv_full");
  PdpOperation op = operation(hardware, kMax3, Precision::kInt8, PoolingMethod::kMax);
  EXPECT_THROW((void)estimate_pdp(op, hardware, memory(50, 64), Level::kDynamic), std::invalid_argument);
  EXPECT_THROW((void)estimate_pdp(op, hardware, memory(50, 0), Level::kRefined), std::invalid_argument);
  op.flying = true;
  EXPECT_THROW((void)estimate_pdp(op, hardware, memory(50, 64), Level::kRefined), std::invalid_argument);
}

}  // namespace
}  // namespace nvdla::amaix
