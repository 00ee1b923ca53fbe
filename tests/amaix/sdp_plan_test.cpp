// SPDX-License-Identifier: Apache-2.0
// Proves that SDP's plan moves the bytes that the recordings count, asks for them in the hardware's order,
// and runs at the rates of the configuration.
#include "amaix/sdp_plan.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::amaix {
namespace {

using sdp_test::add_batch_norm;
using sdp_test::add_bias;
using sdp_test::add_cube;
using sdp_test::add_lut;
using sdp_test::nv_full;
using sdp_test::nv_small;
using sdp_test::square;
using sdp_test::surface;

std::uint64_t beats(const SdpWalkShape& walk, const HardwareParameters& hardware) {
  return walk_totals(walk, hardware.dbb_width_bytes, 4 * hardware.dbb_width_bytes).bus_bytes /
         hardware.dbb_width_bytes;
}

std::vector<SdpRequest> requests(const SdpWalkShape& shape) {
  std::vector<SdpRequest> all;
  SdpWalk walk(shape);
  SdpRequest request;
  while (walk.next(request)) all.push_back(request);
  return all;
}

// u_bn_relu_64x28 and _256x7: read_beats by client and write_beats of the recordings' ops.csv, dma.csv.
TEST(SdpPlan, BatchNormMovesTheRecordedBeats) {
  struct Case {
    HardwareParameters hardware;
    Precision precision;
    std::uint32_t side, channels;
    std::uint64_t main, operand, written;
  };
  for (const Case& c : {Case{nv_full(), Precision::kFp16, 28, 64, 1568, 4, 1568},
                        Case{nv_full(), Precision::kInt8, 28, 64, 784, 4, 784},
                        Case{nv_small(), Precision::kInt8, 28, 64, 6272, 32, 6272},
                        Case{nv_full(), Precision::kFp16, 7, 256, 448, 16, 448},
                        Case{nv_full(), Precision::kInt8, 7, 256, 224, 16, 224}}) {
    SdpOperation operation = square(c.hardware, c.precision, c.side, c.channels, false);
    add_batch_norm(operation);
    const SdpFetchPlan fetch = plan_sdp_fetch(operation.fetch, c.hardware);
    const SdpPlan plan = plan_sdp(operation, c.hardware);
    ASSERT_EQ(fetch.streams.size(), 2U);
    EXPECT_EQ(fetch.streams[0].client, Client::kSdp);
    EXPECT_EQ(fetch.streams[1].client, Client::kSdpB);
    EXPECT_EQ(beats(fetch.streams[0].walk, c.hardware), c.main);
    EXPECT_EQ(beats(fetch.streams[1].walk, c.hardware), c.operand);
    ASSERT_TRUE(plan.output);
    EXPECT_EQ(beats(plan.output->walk, c.hardware), c.written);
    EXPECT_TRUE(fetch.warnings.empty() && plan.warnings.empty());
  }
}

// lenet, alexnet: the bias of a convolution. Kernels are padded to whole surfaces of the processing
// precision; int8 processing takes 16-bit biases.
TEST(SdpPlan, BiasBeatsFollowKernels) {
  struct Case {
    HardwareParameters hardware;
    Precision precision;
    std::uint32_t kernels;
    std::uint64_t beats;
  };
  for (const Case& c :
       {Case{nv_full(), Precision::kFp16, 20, 1}, Case{nv_full(), Precision::kFp16, 50, 2},
        Case{nv_full(), Precision::kFp16, 500, 16}, Case{nv_full(), Precision::kFp16, 10, 1},
        Case{nv_full(), Precision::kInt8, 96, 3}, Case{nv_full(), Precision::kInt8, 4096, 128},
        Case{nv_full(), Precision::kInt8, 1000, 32}, Case{nv_small(), Precision::kInt8, 20, 6},
        Case{nv_small(), Precision::kInt8, 50, 14}, Case{nv_small(), Precision::kInt8, 500, 126}}) {
    SdpOperation operation = square(c.hardware, c.precision, 4, c.kernels, true);
    add_bias(operation);
    const SdpFetchPlan fetch = plan_sdp_fetch(operation.fetch, c.hardware);
    ASSERT_EQ(fetch.streams.size(), 1U);
    EXPECT_EQ(beats(fetch.streams[0].walk, c.hardware), c.beats) << c.kernels;
  }
}

// alexnet_img_nv_full_int8, first layer: 96 channels of 55 x 55 in lines of 1760 bytes. Half of the lines
// start in the middle of a beat; 4620 beats are written.
TEST(SdpPlan, OddLinesWriteHalfBeats) {
  const HardwareParameters hardware = nv_full();
  const SdpOperation operation = square(hardware, Precision::kInt8, 55, 96, true);
  const SdpPlan plan = plan_sdp(operation, hardware);
  EXPECT_EQ(beats(plan.output->walk, hardware), 4620U);
  EXPECT_EQ(plan.transfers, 18150U);  // the recording's active_cycles
  const std::vector<SdpRequest> lines = requests(plan.output->walk);
  ASSERT_EQ(lines.size(), 3U * 55U);
  EXPECT_EQ(lines[1].address, 0x80040000U + 1760U);
  EXPECT_EQ(lines[1].bytes, 1760U);
}

TEST(SdpPlan, OnePointIsOneRequest) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kFp16, 1, 500, false);
  add_cube(operation, true);
  for (const SdpStream& stream : plan_sdp_fetch(operation.fetch, hardware).streams) {
    const std::vector<SdpRequest> all = requests(stream.walk);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].bytes, 32U * 32U);
  }
  EXPECT_EQ(requests(plan_sdp(operation, hardware).output->walk).size(), 1U);
}

TEST(SdpPlan, RatesFollowTheSlowestEnabledSubEngine) {
  HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kFp16, 28, 64, false);
  EXPECT_EQ(plan_sdp(operation, hardware).cycles_per_transfer, 1U);
  add_batch_norm(operation);
  EXPECT_EQ(plan_sdp(operation, hardware).cycles_per_transfer, 1U);
  add_lut(operation);
  EXPECT_EQ(plan_sdp(operation, hardware).cycles_per_transfer, 4U);
  hardware.sdp_bs_throughput = 2;
  EXPECT_EQ(plan_sdp(operation, hardware).cycles_per_transfer, 8U);
}

TEST(SdpPlan, MissingSubEngineIsReported) {
  const HardwareParameters hardware = nv_small();
  SdpOperation operation = square(hardware, Precision::kInt8, 28, 64, false);
  add_lut(operation);
  const SdpPlan plan = plan_sdp(operation, hardware);
  EXPECT_EQ(plan.warnings.size(), 1U);
  EXPECT_EQ(plan.depth_y, 0U);
}

TEST(SdpPlan, WinogradGoesThroughTilesOfFourLines) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kFp16, 8, 16, true);
  operation.winograd = operation.fetch.winograd = true;
  add_cube(operation, true);
  const std::vector<SdpRequest> all = requests(plan_sdp(operation, hardware).output->walk);
  const std::uint64_t line = 8 * 32;
  ASSERT_EQ(all.size(), 2U * 4U * 4U);  // tiles down, pairs across, lines of a tile
  for (const SdpRequest& request : all) EXPECT_EQ(request.bytes, 64U);
  EXPECT_EQ(all[1].address - all[0].address, line);
  EXPECT_EQ(all[4].address - all[0].address, 64U);
  EXPECT_EQ(all[16].address - all[0].address, 4 * line);
  const std::vector<SdpRequest> operand = requests(plan_sdp_fetch(operation.fetch, hardware).streams[0].walk);
  ASSERT_EQ(operand.size(), all.size());
  EXPECT_EQ(operand[1].address - operand[0].address, line);
}

TEST(SdpPlan, BatchesAreWrittenInAlignedPairs) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kFp16, 3, 16, true);
  operation.batches = operation.fetch.batches = 2;
  operation.batch_stride = 0x1000;
  const SdpPlan plan = plan_sdp(operation, hardware);
  EXPECT_EQ(plan.transfers, 3U * 3U * 2U);
  const std::vector<SdpRequest> all = requests(plan.output->walk);
  // Line 0 starts on a beat: 2 + 1 atoms; line 1 starts in its middle: 1 + 2.
  ASSERT_GE(all.size(), 6U);
  EXPECT_EQ(all[0].bytes, 64U);
  EXPECT_EQ(all[1].address, all[0].address + 0x1000);
  EXPECT_EQ(all[2].bytes, 32U);
  EXPECT_EQ(all[4].bytes, 32U);
  EXPECT_EQ(all[6].bytes, 64U);
}

TEST(SdpPlan, WideningWritesTwoSurfacesInTurn) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kInt8, 4, 32, true);
  operation.output_precision = Precision::kInt16;
  const SdpPlan plan = plan_sdp(operation, hardware);
  const std::vector<SdpRequest> all = requests(plan.output->walk);
  ASSERT_EQ(all.size(), 4U * 2U * 2U);
  EXPECT_EQ(all[1].address - all[0].address, operation.destination.surface_stride);
  EXPECT_EQ(walk_totals(plan.output->walk, 64, 256).bytes, 4U * 4U * 2U * 32U);
  EXPECT_EQ(plan.output->transfers_per_atom, 1U);
}

TEST(SdpPlan, NarrowingReadsEightAtomsOfEachSurface) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kInt8, 10, 32, false);
  operation.fetch.input_precision = Precision::kInt16;
  const SdpFetchPlan fetch = plan_sdp_fetch(operation.fetch, hardware);
  const std::vector<SdpRequest> all = requests(fetch.streams[0].walk);
  ASSERT_EQ(all.size(), 10U * 2U * 2U);
  EXPECT_EQ(all[0].bytes, 256U);
  EXPECT_EQ(all[1].address - all[0].address, operation.fetch.source.surface_stride);
  EXPECT_EQ(all[2].bytes, 64U);
}

// A command, the command of each chunk and each beat on the bus, of a part wherever it lies.
TEST(SdpPlan, ThePathOfWritesHasASlotForEachCommandChunkAndBeat) {
  const HardwareParameters hardware = nv_full();
  const SdpOutput output = *plan_sdp(square(hardware, Precision::kInt8, 8, 32, false), hardware).output;
  EXPECT_EQ(output.slots({0x1000, 64}, true), 1U + 1 + 1);
  EXPECT_EQ(output.slots({0x1020, 64}, true), 1U + 1 + 2);    // reaches into a second beat
  EXPECT_EQ(output.slots({0x10e0, 64}, true), 1U + 2 + 2);    // and into a second chunk
  EXPECT_EQ(output.slots({0x1100, 256}, false), 0U + 1 + 4);  // a command goes on
  const HardwareParameters small = nv_small();
  EXPECT_EQ(plan_sdp(square(small, Precision::kInt8, 8, 32, false), small).output->slots({0x1000, 64}, true),
            0U);
}

TEST(SdpPlan, NothingIsWrittenTowardsPdp) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kFp16, 8, 16, true);
  operation.output_to_pdp = true;
  EXPECT_FALSE(plan_sdp(operation, hardware).output);
}

TEST(SdpPlan, UncoveredConversionIsReported) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kInt16, 8, 32, true);
  operation.output_precision = Precision::kInt8;
  EXPECT_EQ(plan_sdp(operation, hardware).warnings.size(), 1U);
}

// What is read before the datapath takes anything: V1's room behind the latency FIFO is not followed.
TEST(SdpStream, ReadsAheadWhatTheFifosHold) {
  SdpStream stream;
  stream.client = Client::kSdpB;
  stream.record_bytes = 8;
  stream.gather_bytes = 32;
  stream.request_bytes = std::uint64_t{16} * 8;
  for (const char* const name : {"nv_small", "nv_full"}) {
    const HardwareParameters hardware = preset(name);
    const double fifo = hardware.read_latency_fifo_beats[static_cast<std::size_t>(Client::kSdpB)];
    const SdpPathLengths& paths = sdp_path_lengths(hardware);
    const double behind = paths.credit == 0
                              ? 0.0
                              : static_cast<double>(stream.room_behind(0, paths) / hardware.dbb_width_bytes);
    EXPECT_EQ(behind > 0, hardware.generation == Generation::kScalable);
    EXPECT_EQ(stream.beats_ahead(1000, hardware), fifo + behind);
    EXPECT_EQ(stream.beats_ahead(fifo + behind / 2, hardware), fifo + behind / 2);
  }
  stream.client = Client::kCdmaDat;  // no FIFO
  EXPECT_EQ(stream.beats_ahead(1000, preset("nv_small")), 1000);
}

// SDP_RDMA_unpack of the scalable generation hands on four atoms at once; what is left of a request goes
// alone.
// As simulated on nv_small (lines of 17 atoms, MUL of X1 and X2 from memory).
TEST(SdpStream, APackFollowsWhenTheAtomsInItsPlacesHaveLeft) {
  SdpStream stream;
  stream.record_bytes = 8;
  stream.gather_bytes = 32;
  stream.request_bytes = std::uint64_t{17} * 8;
  SdpPathLengths paths;
  paths.records_ahead = 3;
  EXPECT_EQ(stream.room_behind(0, paths), 8U * 8);
  EXPECT_EQ(stream.room_behind(9, paths), 21U * 8);  // the lone atom 16 is in the FIFO behind atom 12
  EXPECT_EQ(stream.room_behind(13, paths), 21U * 8);
  EXPECT_EQ(stream.room_behind(14, paths), 25U * 8);
  stream.record_transfers = 4;
  EXPECT_EQ(stream.behind(3), 3U);
  EXPECT_EQ(stream.behind(15), 15U);  // atoms 0 to 3 come together
  EXPECT_EQ(stream.behind(16), 0U);
  EXPECT_EQ(stream.behind(66), 2U);  // the lone one
  stream.record_bytes = 64;          // two packs for a record
  EXPECT_EQ(stream.behind(7), 3U);
}

SdpStream stream_of(Client client, bool adder, bool multiplier) {
  SdpStream stream;
  stream.client = client;
  stream.adder = adder;
  stream.multiplier = multiplier;
  return stream;
}

// Counted in the RTL of branch master, nv_small_256_full: MUL of X1 per kernel, ALUs before it, Y from
// registers (sdp_two_s10001): the datapath's entry is 26 transfers ahead of Y, that MUL 19.
TEST(SdpPlan, TransfersWaitInFrontOfWhatTheDatapathWaitsFor) {
  SdpPlan plan;
  plan.to_x = 2;
  plan.depth_x1 = plan.depth_x2 = 7;
  plan.second_x1 = plan.second_x2 = 2;
  const SdpStream main = stream_of(Client::kSdp, false, false), alu = stream_of(Client::kSdpB, true, false),
                  mul = stream_of(Client::kSdpB, false, true), both = stream_of(Client::kSdpB, true, true),
                  mul2 = stream_of(Client::kSdpN, false, true), y = stream_of(Client::kSdpE, true, false);
  EXPECT_EQ(plan.run_ahead(main, nullptr).transfers, 0U);  // Y is not slower
  plan.cycles_per_transfer = 2;
  EXPECT_EQ(plan.run_ahead(main, nullptr).transfers, 26U);
  EXPECT_EQ(plan.run_ahead(main, nullptr).delay, 26U);
  EXPECT_EQ(plan.run_ahead(mul, nullptr).transfers, 19U);
  EXPECT_EQ(plan.run_ahead(mul, nullptr).delay, 19U);
  EXPECT_EQ(plan.run_ahead(alu, nullptr).transfers, 23U);
  EXPECT_EQ(plan.run_ahead(main, &alu).transfers, 3U);  // two in cmux's pipe, one in the register behind it
  EXPECT_EQ(plan.run_ahead(main, &alu).delay, 3U);
  EXPECT_EQ(plan.run_ahead(main, &both).transfers, 3U);
  EXPECT_EQ(plan.run_ahead(main, &mul).transfers, 7U);
  EXPECT_EQ(plan.run_ahead(mul, &mul2).transfers, 12U);
  EXPECT_EQ(plan.run_ahead(mul2, &mul).transfers, 0U);
  EXPECT_EQ(plan.run_ahead(main, &y).transfers, 27U);  // Y's pack holds one, too
  EXPECT_EQ(plan.run_ahead(main, &y).delay, 28U);
  EXPECT_EQ(plan.place_of(alu).registers, 2U);
  EXPECT_EQ(plan.place_of(mul).registers, 4U);
  EXPECT_EQ(plan.place_of(both).registers, 4U);
  EXPECT_EQ(plan.place_of(mul2).registers, 11U);
  plan.convert_alu = 3;
  EXPECT_EQ(plan.place_of(y).registers, 14U);  // simulated: Y's last operand is in cvt when its datum comes
}

// V1, as recorded: CACC's last transfer is taken 27 cycles earlier for each X in front of a Y that takes one
// in four cycles.
TEST(SdpPlan, WhatWaitsForYWaitsInTheSubEnginesBeforeItToo) {
  SdpOperation operation = square(nv_full(), Precision::kInt8, 8, 32, true);
  operation.y.bypass = operation.y.alu_bypass = false;
  const auto taken = [&] {  // to Y's entry of the last one, less what is constant
    const SdpPlan plan = plan_sdp(operation, nv_full());
    return static_cast<int>(plan.ahead * plan.cycles_per_transfer) - static_cast<int>(plan.ahead_depth) -
           static_cast<int>(3 * (plan.depth_x1 + plan.depth_x2));
  };
  const int neither = taken();
  EXPECT_EQ(plan_sdp(operation, nv_full()).ahead, 4U);  // cmux: two pipes and their skid registers
  operation.x1.bypass = false;
  EXPECT_EQ(taken(), neither + 27);
  operation.x2.bypass = false;
  EXPECT_EQ(taken(), neither + 2 * 27);
}

TEST(SdpPlan, AnAluThatIsOnIsInFrontOfItsMultiplier) {
  SdpOperation operation = square(preset("nv_small_256_full"), Precision::kInt8, 8, 16, false);
  add_bias(operation);
  operation.x2.bypass = operation.x2.mul_bypass = false;
  operation.y.bypass = operation.y.alu_bypass = operation.y.mul_bypass = false;
  operation.y.mul_convert = true;
  const SdpPlan plan = plan_sdp(operation, preset("nv_small_256_full"));
  EXPECT_EQ(plan.to_x, 2U);
  EXPECT_EQ(plan.second_x1, 2U);
  EXPECT_EQ(plan.second_x2, 0U);
  EXPECT_EQ(plan.second_y, 2U);
  EXPECT_EQ(plan.convert_alu, 1U);
  EXPECT_EQ(plan.convert_mul, 3U);
  EXPECT_EQ(plan_sdp(operation, nv_full()).to_x, 0U);  // V1: the sub-engine's entry
}

// The operand of a multiplier behind an ALU may come as much later as the datum.
TEST(SdpPlan, ADatumComesToTheMultiplierThroughTheAlu) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  SdpPlan plan;
  plan.to_x = 2;
  plan.depth_x1 = 7;
  plan.second_x1 = plan.second_x2 = 2;
  const std::int32_t alu = entry_path(stream_of(Client::kSdpB, true, false), plan, paths);
  EXPECT_EQ(entry_path(stream_of(Client::kSdpB, false, true), plan, paths), alu - 2);
  EXPECT_EQ(entry_path(stream_of(Client::kSdpB, true, true), plan, paths), alu);
  EXPECT_EQ(entry_path(stream_of(Client::kSdpN, false, true), plan, paths), alu - 7 - 2);
  plan.convert_alu = 3;
  plan.second_y = 2;
  EXPECT_EQ(entry_path(stream_of(Client::kSdpE, true, false), plan, paths), alu - 7 + 3 - 2);
}

TEST(SdpStream, TheScalableGenerationGathersFourAtoms) {
  const HardwareParameters& hardware = preset("nv_small");
  const SdpOperation operation = square(hardware, Precision::kInt8, 28, 64, false);
  const SdpStream stream = plan_sdp_fetch(operation.fetch, hardware).streams[0];
  EXPECT_EQ(stream.bytes_for(1), 32U);
  EXPECT_EQ(stream.transfers_for(31, 50176), 0U);
  EXPECT_EQ(stream.transfers_for(32, 50176), 32U);  // an element each
  EXPECT_EQ(stream.transfers_for(40, 40), 40U);
}

TEST(SdpStream, ARequestsLastAtomsAreAPackOfTheirOwn) {
  const HardwareParameters& hardware = preset("nv_small");
  const SdpOperation operation = square(hardware, Precision::kInt8, 6, 8, false);  // lines of six atoms
  const SdpStream stream = plan_sdp_fetch(operation.fetch, hardware).streams[0];
  EXPECT_EQ(stream.bytes_for(8), 32U);
  EXPECT_EQ(stream.bytes_for(33), 48U);  // the fifth atom comes with the sixth
  EXPECT_EQ(stream.bytes_for(49), 80U);  // the next line's begin anew
  EXPECT_EQ(stream.transfers_for(47, 288), 32U);
  EXPECT_EQ(stream.transfers_for(48, 288), 48U);
  EXPECT_EQ(stream.transfers_for(79, 288), 48U);
  EXPECT_EQ(stream.pack_begin(47), 32U);
  EXPECT_EQ(stream.pack_end(47), 48U);
  EXPECT_EQ(stream.pack_end(48), 80U);
}

// A stream serves transfers record by record, and everything once everything has arrived.
TEST(SdpStream, ServesWholeRecords) {
  const HardwareParameters hardware = nv_full();
  SdpOperation operation = square(hardware, Precision::kInt8, 28, 64, false);
  add_bias(operation);
  const SdpFetchPlan fetch = plan_sdp_fetch(operation.fetch, hardware);
  const SdpStream& main = fetch.streams[0];
  EXPECT_EQ(main.bytes_for(1), 32U);
  EXPECT_EQ(main.bytes_for(3), 64U);
  EXPECT_EQ(main.transfers_for(63, 50176), 2U);
  EXPECT_EQ(main.transfers_for(64, 50176), 4U);
  const SdpStream& bias = fetch.streams[1];
  EXPECT_EQ(bias.bytes_for(1568), 64U);  // one surface: 784 positions of two transfers
  EXPECT_EQ(bias.bytes_for(1569), 128U);
}

}  // namespace
}  // namespace nvdla::amaix
