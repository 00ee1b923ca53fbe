// SPDX-License-Identifier: Apache-2.0
// Several accelerators on one memory: alone with a neighbour that does nothing, an accelerator behaves as
// ever; neighbours that work cost each other time, not bytes; nothing depends on the scheduling of threads.
#include "host/together/together.h"

#include <gmock/gmock.h>

#include "host/runner.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

const std::string kTraces = std::string(NVDLA_SOURCE_DIR) + "/firmware_traces/";

Program trace(const std::string& name) { return Program(kTraces + name + "/input.txn.gz"); }

ReplayOptions options(const char* config, double bandwidth) {
  ReplayOptions result;
  result.hardware = preset(config);
  result.dbb.bytes_per_cycle = bandwidth;
  return result;
}

void expect_same(const ReplayResult& one, const ReplayResult& other) {
  EXPECT_EQ(one.total_cycles, other.total_cycles);
  EXPECT_EQ(one.end_of_trace, other.end_of_trace);
  EXPECT_EQ(one.register_reads, other.register_reads);
  EXPECT_EQ(one.bursts, other.bursts);
  ASSERT_EQ(one.operations.size(), other.operations.size());
  for (std::size_t i = 0; i < one.operations.size(); ++i) {
    EXPECT_EQ(one.operations[i].id, other.operations[i].id);
    EXPECT_EQ(one.operations[i].enable, other.operations[i].enable);
    EXPECT_EQ(one.operations[i].start, other.operations[i].start);
    EXPECT_EQ(one.operations[i].done, other.operations[i].done);
  }
}

class Together : public test::TemporaryDirectory {
 protected:
  // Plays one register access long after everything else.
  Program late() { return Program(file("late.txn", "write_reg 0xffff0402 0x0\n")); }
};

TEST_F(Together, OneAloneIsTheRunnerWithoutOthers) {
  for (const char* name :
       {"lenet_nv_full_int8", "u_pool_max2_nv_full_int8", "u_bn_relu_64x28_nv_full_fp16"}) {
    const Program program = trace(name);
    const ReplayOptions alone = options("nv_full", 16);
    const std::vector<ReplayResult> results = run_together({{&program, 0, alone}});
    expect_same(results.at(0), run(program, alone));
  }
}

// The arbiter stands between them, and yet no cycle is lost.
TEST_F(Together, AQuietNeighbourCostsNothing) {
  const Program program = trace("lenet_nv_small_int8"), quiet = late();
  const ReplayOptions each = options("nv_small", 4);
  const ReplayResult alone = run(program, each);
  const auto results = run_together({{&program, 0, each}, {&quiet, 2 * alone.end_of_trace, each}});
  expect_same(results.at(0), alone);
}

TEST_F(Together, NeighboursCostTimeNotBytes) {
  const Program program = trace("lenet_nv_small_int8");
  const ReplayOptions each = options("nv_small", 8);
  const ReplayResult alone = run(program, each);
  const auto both = run_together({{&program, 0, each}, {&program, 0, each}});
  for (const ReplayResult& result : both) {
    EXPECT_GT(result.total_cycles, alone.total_cycles);
    EXPECT_LT(result.total_cycles, 2 * alone.total_cycles);
    EXPECT_EQ(result.bursts, alone.bursts);
  }
  const auto again = run_together({{&program, 0, each}, {&program, 0, each}});
  for (std::size_t i = 0; i < 2; ++i) expect_same(both[i], again[i]);
}

// One behind the other: as alone, later. (nv_full, whose driver does not have to wait for CBUF's flush.)
TEST_F(Together, OneBehindTheOther) {
  const Program program = trace("lenet_nv_full_int8");
  const ReplayOptions each = options("nv_full", 64);
  const ReplayResult alone = run(program, each);
  const Cycle start = alone.end_of_trace + 1000;
  const auto behind = run_together({{&program, 0, each}, {&program, start, each}});
  expect_same(behind[0], alone);
  EXPECT_EQ(behind[1].total_cycles, start + alone.total_cycles);
}

// Two that do nothing but stream share the bandwidth in equal parts; what one alone leaves unused at its
// beginning and end the other one has.
TEST_F(Together, BandwidthIsShared) {
  const Program program = trace("u_conv10_c1024_7x7_k256_r1_s1_nv_full_int8");
  const ReplayOptions each = options("nv_full", 8);
  const Cycle alone = run(program, each).total_cycles;
  const auto both = run_together({{&program, 0, each}, {&program, 0, each}});
  for (const ReplayResult& result : both) EXPECT_NEAR(result.total_cycles, 2.0 * alone, 0.06 * 2 * alone);
}

TEST_F(Together, WhatGoesWrongInOneEndsAll) {
  const Program good = trace("u_pool_max2_nv_small_int8"),
                bad(file("bad.txn", "read_reg 0xffff0400 0xffffffff 0x12345678\n"));
  const ReplayOptions each = options("nv_small", 8);
  EXPECT_THAT(test::thrown_text<ReplayError>([&] {
                (void)run_together({{&good, 0, each}, {&bad, 100, each}});
              }),
              ::testing::HasSubstr("bad.txn:1"));
  ReplayOptions full = options("nv_full", 8);
  EXPECT_THAT(test::thrown_text<std::invalid_argument>([&] {
                (void)run_together({{&good, 0, each}, {&good, 0, full}});
              }),
              ::testing::HasSubstr("same hardware"));
}

}  // namespace
}  // namespace nvdla::host
