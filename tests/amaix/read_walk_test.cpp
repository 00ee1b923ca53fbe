// SPDX-License-Identifier: Apache-2.0
// Reads followed chunk by chunk: the port against the memory of the recordings, the places of a latency FIFO
// against times worked out by hand, and PDP, CDP and SDP against recordings in which a FIFO of a few chunks,
// or few open reads, set the pace.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "amaix/cdp_estimate.h"
#include "amaix/pdp_estimate.h"
#include "amaix/sdp_estimate.h"
#include "amaix/sdp_read_walk.h"
#include "amaix/stream_walk.h"
#include "amaix/walked_port.h"
#include "memory/memory_timing.h"
#include "tests/amaix/pdp_test_operations.h"

namespace nvdla::amaix {
namespace {

memory::MemorySystem memory_of(std::uint32_t latency, double bytes, std::uint32_t open = 256) {
  memory::MemorySystem system;
  system.dbb = {latency, bytes, open};
  return system;
}

// Reads of four beats every `step` cycles, writes of two beats behind every second of them.
TEST(WalkedPort, IsTheMemory) {
  constexpr std::uint32_t kReads = 40;
  for (const double bytes : {8.0, 4.0, 2.0, 1.0}) {
    for (const Cycle step : {4, 12, 30, 70}) {
      memory::MemoryDescription description{50, bytes, 256};
      memory::MemoryTiming memory(description, 8);
      WalkedPort port(description, preset("nv_small"));
      std::vector<double> walked;
      for (std::uint32_t i = 1; i < kReads; i += 2) port.write(static_cast<double>(i * step + 3), 2);
      for (std::uint32_t i = 0; i < kReads; ++i) {
        const Cycle at = i * step;
        memory.submit(i, false, 4, at);
        for (Cycle beat = 0; beat < 4; ++beat)
          walked.push_back(port.read(static_cast<double>(at + beat + 50)));
        if (i % 2 != 0) memory.submit(1000 + i, true, 2, at + 3);
      }
      memory.advance(1'000'000);
      memory::MemoryTiming::Completion completion;
      std::size_t read = 0;
      while (memory.pop(completion)) {
        if (completion.write) continue;
        EXPECT_NEAR(walked[4 * read + 3], static_cast<double>(completion.at), 1.01 * 8 / bytes)
            << bytes << " bytes, every " << step << ", read " << read;
        ++read;
      }
      EXPECT_EQ(read, kReads);
    }
  }
}

std::vector<std::pair<double, std::uint32_t>> chunks_of(const StreamPortion& strip, const char* config) {
  std::vector<std::pair<double, std::uint32_t>> chunks;
  for_each_chunk_of(strip, 100, preset(config), [&](double ready, std::uint32_t beats, bool begins) {
    EXPECT_EQ(begins, chunks.empty());
    chunks.emplace_back(ready, beats);
  });
  return chunks;
}

// A strip of CDP of five beats that begins in the last but three of a chunk: each chunk when it is whole, on
// branch master when the one before has left; of single beats each has a command in front.
TEST(StreamWalk, ChunksOfAStripLeaveWhenTheyAreWhole) {
  using Chunks = std::vector<std::pair<double, std::uint32_t>>;
  StreamPortion strip;
  strip.written = 5;
  strip.first_chunk = 3;
  EXPECT_EQ(chunks_of(strip, "nv_full"), (Chunks{{103, 3}, {105, 2}}));
  EXPECT_EQ(chunks_of(strip, "nv_medium_512"), (Chunks{{103, 3}, {108, 2}}));
  strip.written = 2;
  strip.first_chunk = strip.command = 1;
  EXPECT_EQ(chunks_of(strip, "nv_small"), (Chunks{{101, 1}, {103, 1}}));
}

// The last words of a strip leave with the first four of the next, of which every beat brings two.
TEST(StreamWalk, AStripWaitsForTheFirstWordsOfTheNext) {
  StreamChunks chunks;
  StreamPortion strip;
  strip.cycles = 16;
  strip.held = 4;
  strip.held_beats = 2;
  strip.held_behind = 2;
  for (std::uint64_t at = 0; at < 2; ++at)
    chunks.add_whole({MemorySpace::kDbb, at * 256, 256}, strip, preset("nv_full"));
  StreamTiming timing;
  timing.read = 8;
  StreamWalker walker(chunks, timing, Client::kCdp, preset("nv_full"));
  for (int beat = 0; beat < 4; ++beat) walker.come(100 + beat);
  ASSERT_TRUE(walker.entry());
  const StreamPortion& first = walker.take(*walker.entry());
  walker.come(300);
  EXPECT_FALSE(walker.leave(first));
  walker.come(400);
  ASSERT_TRUE(walker.leave(first));
  EXPECT_EQ(*walker.leave(first), 400 + 8 + 2);
}

// A FIFO of 8 beats: chunks of four take turns of 50 + 3 + 7 cycles,
// two of them a turn. Of chunks of
// three beats two fit as well, and the third waits for one beat.
TEST(StreamWalk, PlacesThatAChunkDoesNotFitIntoStayEmpty) {
  HardwareParameters hardware = preset("nv_small_256_full");
  ASSERT_EQ(hardware.read_latency_fifo_beats[static_cast<std::size_t>(Client::kPdp)], 8U);
  StreamTiming timing;
  timing.read = 3;
  timing.credit_open = 4;
  const auto walked = [&](std::uint32_t bytes, std::uint32_t requests) {
    StreamChunks chunks;
    StreamPortion portion;
    portion.cycles = 1;
    for (std::uint32_t i = 0; i < requests; ++i)
      chunks.add({MemorySpace::kDbb, 0x1000 + i * std::uint64_t{32}, bytes}, 8, portion, hardware);
    StreamWalk walk{timing};
    walk.read = bytes / 8.0 * requests;
    return walk_stream(chunks, walk, memory_of(50, 8).dbb, hardware).end;
  };
  // The first chunk of a turn goes when the fourth beat of that two before has left: 50 + 3 + 3 + 4.
  EXPECT_DOUBLE_EQ(walked(32, 2), 50 + 7 + 3 + 1);
  EXPECT_DOUBLE_EQ(walked(32, 4), 60 + 50 + 7 + 3 + 1);
  EXPECT_DOUBLE_EQ(walked(32, 20), 9 * 60 + 50 + 7 + 3 + 1);
  // The fourth needs the places of the first beat of the second one: 53 + 3 + 4.
  EXPECT_DOUBLE_EQ(walked(24, 4), 60 + 50 + 2 + 3 + 1);
}

// Four cycles a beat, as much written as read: the port is busy from the first datum to the last write. At
// the begin its bucket holds a cycle's gain more than a beat.
TEST(StreamWalk, WhatIsWrittenQueuesUpBehindTheReads) {
  const HardwareParameters& hardware = preset("nv_small");
  StreamTiming timing;
  StreamChunks chunks;
  StreamPortion portion;
  portion.cycles = 1;
  for (std::uint64_t i = 0; i < 16; ++i) {
    portion.written = i == 15 ? 4 : 1;
    chunks.add({MemorySpace::kDbb, 0x1000 + 8 * i, 8}, 8, portion, hardware);
  }
  StreamWalk walk{timing};
  walk.read = 16;
  const StreamTimes quiet = walk_stream(chunks, walk, memory_of(50, 2).dbb, hardware);
  EXPECT_EQ(quiet.end, 50 + 15 * 4 - 1 + 1);
  EXPECT_EQ(quiet.written, 0);
  walk.writes = true;
  walk.write_lag = 3;
  const StreamTimes times = walk_stream(chunks, walk, memory_of(50, 2).dbb, hardware);
  EXPECT_EQ(times.written, 50 + (16 + 16 + 3 - 1) * 4 - 1);
  EXPECT_GT(times.end, quiet.end + 10 * 4);
}

// A portion of 20 cycles from cycle 50 on: a piece of it is complete after 4, and leaves then; the last, of
// two beats of the bus, though it is no wider than one, 10 cycles behind its end.
TEST(StreamWalk, PiecesOfOutputLeaveAsTheyAreComplete) {
  const HardwareParameters& hardware = preset("nv_small");
  StreamTiming timing;
  StreamPortion portion;
  portion.cycles = 20;
  const auto written = [&](const std::vector<StreamOutput>& pieces) {
    StreamChunks chunks;
    chunks.add({MemorySpace::kDbb, 0x1000, 8}, 8, portion, hardware);
    StreamStep step;
    step.cycles = 20;
    step.outputs = pieces;
    chunks.step(0, step, hardware);
    StreamWalk walk{timing};
    walk.read = 1;
    walk.writes = true;
    walk.write_lag = 3;
    return walk_stream(chunks, walk, memory_of(50, 8).dbb, hardware).written;
  };
  const StreamOutput first{{MemorySpace::kDbb, 0x2000, 8}, 4, true};
  EXPECT_EQ(written({first}), 50 + 4 + 3);
  EXPECT_EQ(written({first, {{MemorySpace::kDbb, 0x200c, 8}, 30, true}}), 50 + 30 + 3 + 1);
}

// Output to another port queues up there: four beats that come at once, eight cycles each, beside quick
// reads.
TEST(StreamWalk, OutputThroughAPortOfItsOwnQueuesUpThere) {
  const HardwareParameters& hardware = preset("nv_small");
  StreamTiming timing;
  StreamPortion portion;
  portion.cycles = 1;
  StreamChunks chunks;
  for (const std::uint32_t written : {0U, 0U, 4U}) {
    portion.written = written;
    chunks.add({MemorySpace::kDbb, 0x1000, 8}, 8, portion, hardware);
  }
  const memory::MemoryDescription slow{500, 1};
  StreamWalk walk{timing};
  walk.read = 3;
  walk.writes = true;
  walk.target = &slow;
  const StreamTimes times = walk_stream(chunks, walk, memory_of(50, 8).dbb, hardware);
  EXPECT_EQ(times.end, 50 + 2 + 1);
  // At the begin its bucket holds a cycle's gain more than a beat.
  EXPECT_EQ(times.written, times.end + 3 * 8 - 1);
}

// Eight cycles a beat: the second portion enters with its datum in cycle 57, and what is written of the first
// leaves when the second has been there for 10 cycles, of which its gap of 2 counts, and it is whole.
TEST(StreamWalk, OutputThatIsHeldLeavesBehindTheNextPortion) {
  StreamTiming timing;
  StreamChunks chunks;
  StreamPortion portion;
  portion.cycles = 1;
  portion.gap = 2;
  portion.held = 10;
  for (const std::uint32_t written : {1U, 0U}) {
    portion.written = written;
    chunks.add_whole({MemorySpace::kDbb, 0x1000, 8}, portion, preset("nv_small"));
  }
  StreamWalk walk{timing};
  walk.read = 2;
  walk.writes = true;
  walk.write_lag = 3;
  EXPECT_EQ(walk_stream(chunks, walk, memory_of(50, 1).dbb, preset("nv_small")).written, 57 - 2 + 10 + 3 + 1);
}

TEST(StreamWalk, LongOperationsGoOnAtTheirPace) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  StreamTiming timing;
  const auto walked = [&](std::uint32_t requests) {
    StreamChunks chunks;
    StreamPortion portion;
    portion.cycles = 1;
    for (std::uint32_t i = 0; i < requests && !chunks.full(); ++i)
      chunks.add({MemorySpace::kDbb, 32 * std::uint64_t{i}, 32}, 8, portion, hardware);
    StreamWalk walk{timing};
    walk.read = 4.0 * requests;
    return walk_stream(chunks, walk, memory_of(50, 8).dbb, hardware).end;
  };
  EXPECT_NEAR(walked(40000), 10 * walked(4000), 0.01 * walked(40000));
}

// tests/rtl_cases/seen/pdp_s1_nv_small_256_full: lines of 360 bytes that begin anywhere in a chunk.
TEST(PdpEstimate, AFifoOfTwoChunksSetsThePace) {
  PdpOperation op;
  op.input = {45, 8, 13};
  op.output = {15, 3, 13};
  op.kernel_width = 7;
  op.kernel_height = 4;
  op.stride_x = 3;
  op.stride_y = 2;
  op.padding.right = 4;
  op.source = {MemorySpace::kDbb, 0x80001300, 0x168, 0xb40};
  op.destination = {MemorySpace::kDbb, 0x80001000, 0x78, 0x168};
  const HardwareParameters& hardware = preset("nv_small_256_full");
  const auto refined = [&](double bytes) {
    return estimate_pdp(op, hardware, memory_of(50, bytes), Level::kRefined);
  };
  EXPECT_NEAR(refined(8).cycles, 6377 - 116, 0.003 * 6261);
  EXPECT_NEAR(refined(1).cycles, 8499 - 116, 0.004 * 8383);
  EXPECT_EQ(refined(1).bound_by(), Resource::kOutstanding);
  // With a deep one the core does.
  HardwareParameters deep = hardware;
  deep.read_latency_fifo_beats[static_cast<std::size_t>(Client::kPdp)] = 61;
  EXPECT_EQ(estimate_pdp(op, deep, memory_of(50, 8), Level::kRefined).bound_by(), Resource::kPdpCore);
}

// tests/rtl_cases/seen/cdp_s1_nv_medium_512: strips of eight beats, a FIFO of 32.
TEST(CdpEstimate, ShortOperationsWaitForWholeTurns) {
  CdpOperation op;
  op.cube = {17, 3, 5};
  op.source = {MemorySpace::kDbb, 0x80001000, 0x110, 0x330};
  op.destination = {MemorySpace::kDbb, 0x80001400, 0x110, 0x330};
  const Estimate refined = estimate_cdp(op, preset("nv_medium_512"), memory_of(400, 8), Level::kRefined);
  EXPECT_NEAR(refined.cycles, 2349 - 833, 0.01 * 1516);
}

// tests/rtl_cases/seen/sdp_s1_nv_small_256: main input and X1's operand for each element share 16 open reads.
TEST(SdpEstimate, StreamsTakeTurnsAtTheOpenReads) {
  SdpOperation op;
  op.cube = op.fetch.cube = {11, 3, 5};
  op.has_fetch = true;
  op.fetch.source = {MemorySpace::kDbb, 0x80001500, 0x58, 0x108};
  op.destination = {MemorySpace::kDbb, 0x80001300, 0x58, 0x108};
  op.x1.bypass = op.x1.mul_bypass = op.x1.alu_bypass = false;
  op.fetch.x1.enabled = op.fetch.x1.per_element = true;
  op.fetch.x1.source = {MemorySpace::kDbb, 0x80001000, 0x58, 0x108};
  op.x2.bypass = op.x2.mul_bypass = op.x2.alu_bypass = false;
  op.fetch.x2.enabled = op.fetch.x2.two_bytes = true;
  op.fetch.x2.use = SdpDataUse::kAlu;
  op.fetch.x2.source = {MemorySpace::kDbb, 0x80001200, 0x10, 0x10};
  const HardwareParameters& hardware = preset("nv_small_256");
  const Estimate refined = estimate_sdp(op, hardware, memory_of(1000, 8, 16), Level::kRefined);
  EXPECT_NEAR(refined.cycles, 7222 - 114, 0.003 * 7108);
  EXPECT_EQ(refined.bound_by(), Resource::kOutstanding);
  // Another memory for the operand: each has its own.
  op.fetch.x1.source.space = MemorySpace::kCvsram;
  memory::MemorySystem two = memory_of(1000, 8, 16);
  two.cvsram = two.dbb;
  EXPECT_LT(estimate_sdp(op, hardware, two, Level::kRefined).cycles, refined.cycles - 900);
}

// Three atoms of half a beat on a slow port: of two beats the first brings two atoms. Where it begins with
// the second half it brings none: its datum is complete with the second beat, behind which all three enter.
TEST(SdpReadWalk, ADatumThatBeginsInsideABeatIsCompleteWithTheNext) {
  SdpOperation op;
  op.cube = op.fetch.cube = {3, 1, 16};
  op.processing_precision = op.output_precision = Precision::kFp16;
  op.fetch.input_precision = op.fetch.processing_precision = Precision::kFp16;
  op.output_to_pdp = true;
  const HardwareParameters& hardware = preset("nv_full");
  const auto entered = [&](std::uint64_t address) {
    op.fetch.source = {MemorySpace::kDbb, address, 0x60, 0x60};
    const auto times = walk_sdp_reads(plan_sdp_fetch(op.fetch, hardware), plan_sdp(op, hardware),
                                      memory_of(50, 4), hardware);
    return times ? times->entry : 0;
  };
  EXPECT_GT(entered(0x80001000), 50 + 15);
  EXPECT_DOUBLE_EQ(entered(0x80001020), entered(0x80001000) + 2);
}

// Lines of one column: behind each of them cal2d takes nothing for three cycles.
TEST(PdpOnTheFly, PausesCountInItsPace) {
  const HardwareParameters& hardware = preset("nv_small");
  PdpOperation pooling =
      pdp_test::operation(hardware, {1, 16, 8, 1, 1, 0, 0}, Precision::kInt8, PoolingMethod::kMax);
  pooling.flying = true;
  const memory::MemorySystem memory = memory_of(50, 8);
  EXPECT_NEAR(pdp_on_the_fly(pooling, hardware, memory).mean_cycles, 8 + 3 * 15 / 16.0, 0.01);
  SdpOnTheFly sdp;
  add_pooling(pooling, hardware, memory, sdp);
  EXPECT_GT(sdp.cycles_per_transfer, 10.0 / 8);
  EXPECT_EQ(sdp.cycles_with_operands, sdp.cycles_per_transfer);
}

// Lines of five atoms under a kernel of 2 x 2: outputs of a chunk of four beats come with the second and
// fifth column of the lines from the second on; the padded line behind them all is flushed.
TEST(PdpOnTheFly, OutputComesBehindTheAtomsThatCompleteIt) {
  PdpOperation op;
  op.flying = true;
  op.input = {5, 3, 8};
  op.output = {4, 3, 8};
  op.kernel_width = op.kernel_height = 2;
  op.stride_x = op.stride_y = 1;
  op.padding.bottom = 1;
  op.destination = {MemorySpace::kDbb, 0x80001018, 0x20, 0x60};  // a chunk ends behind the first output
  const std::vector<std::uint32_t> expected = {0, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 1, 0, 0, 3};
  std::vector<std::uint32_t> written = written_behind_atoms(op, preset("nv_small_256_full"));
  ASSERT_EQ(written.size(), expected.size());
  written.back() -= 4;
  EXPECT_EQ(written, expected);
}

}  // namespace
}  // namespace nvdla::amaix
