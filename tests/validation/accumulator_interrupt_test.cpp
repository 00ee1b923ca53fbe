// SPDX-License-Identifier: Apache-2.0
// Proves when the interrupts of CACC, and of SDP in front of PDP, come in the recorded random cases: they
// tell how many results wait behind them where writes are slow, which the latency of an operation does not
// show.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "hardware/parameters.h"
#include "host/program.h"
#include "host/replay.h"
#include "host/runner.h"
#include "validation/comparison.h"
#include "validation/recording.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;

std::vector<Cycle> interrupts(const std::vector<engine::OperationRecord>& operations, Engine engine) {
  std::vector<Cycle> result;
  for (const engine::OperationRecord& operation : operations)
    if (operation.id.engine == engine) result.push_back(operation.done);
  return result;
}

// Modelled less recorded, of every convolution of a case, or what else is asked for.
std::vector<Cycle> lateness(const std::string& name, amaix::Level level = amaix::Level::kDynamic,
                            Engine engine = Engine::kConv) {
  const std::string folder = name.substr(0, name.find("__"));
  fs::path cases = fs::path(NVDLA_SOURCE_DIR) / "tests/rtl_cases/seen";
  if (!fs::exists(cases / folder)) cases = fs::path(NVDLA_SOURCE_DIR) / "tests/golden";
  const Recording recording = load_recording((cases / folder / name).string());
  host::ReplayOptions options;
  options.hardware = preset(recording.config);
  options.dbb = recording.dbb;
  if (options.hardware.cvsram) options.cvsram = recording.cvsram;
  options.dump.write = false;
  options.level = level;
  const std::vector<Cycle> expected = interrupts(recorded_operations(recording), engine);
  const host::Program program(find_trace(recording, std::nullopt));
  std::vector<Cycle> result = interrupts(host::run(program, options).operations, engine);
  EXPECT_EQ(result.size(), expected.size()) << name;
  for (std::size_t i = 0; i < std::min(result.size(), expected.size()); ++i) result[i] -= expected[i];
  return result;
}

// Writes that take 8 to 32 cycles a beat: results wait in SDP, in its write DMA and in the memory interface,
// up to 900 cycles. What is not understood of V1 is less than a beat.
TEST(AccumulatorInterrupt, ComesWhenTheLastResultsHaveRoomBehindCacc) {
  const struct {
    const char* name;
    Cycle within;
  } cases[] = {{"conv_reuse_s5001_nv_small__L50_B1", 0},
               {"conv_reuse_s5004_nv_small__L50_B1", 0},
               {"conv_two_s1_nv_full__L50_B2", 4},
               {"dc1x1_int16_to_fp16_nv_full_int16__L128_B16", 2},
               {"wg3x3_comp_nv_full_fp16__L50_B64", 0},
               {"conv_s2_nv_small_256_full__L50_B1", 0},
               {"conv_dilated_s2_nv_medium_512__L50_B2", 0},
               {"conv_dilated_s2_nv_medium_1024_full__L90_B3", 0},
               {"conv_s2_nv_medium_1024_full__L50_B4", 0},
               {"conv_s2_nv_large__L50_B4", 0},
               {"conv_s3_nv_large__L90_B3", 0},
               {"conv_two_s40000_nv_large__L50_B8", 0},
               {"conv_reuse_s40000_nv_medium_512__L50_B1", 0},
               {"conv_two_s43000_nv_large__L50_B1", 0},
               // SDP waits for operands.
               {"conv_reuse_s2_nv_small_256_full__L1000_B8", 0},
               {"conv_reuse_s43001_nv_medium_512__L150_B2_O8", 0},
               {"conv_reuse_s48205_nv_small_256_full__L300_B1", 0}};
  for (const auto& it : cases) {
    for (const Cycle late : lateness(it.name)) {
      EXPECT_GE(late, -it.within) << it.name;
      EXPECT_LE(late, it.within) << it.name;
    }
  }
}

// V1: what waits in front of Y, no X before it, or both.
TEST(AccumulatorInterrupt, ComesWhenTheLastResultsHaveRoomInFrontOfY) {
  for (const char* name : {"conv_s45200_nv_full__L50_B64", "conv_s45201_nv_full__L50_B64"})
    EXPECT_EQ(lateness(name), std::vector<Cycle>{0}) << name;
}

// In closed form: results wait behind a slow bus, and come as late as few open reads let them.
TEST(AccumulatorInterrupt, IsNearInClosedFormWhereResultsOrReadsAreSlow) {
  const struct {
    const char* name;
    Cycle within;
  } cases[] = {{"conv_s5_nv_small__L50_B8_O1", 120},      // of 114,000, for 84 before SDP's
               {"conv_s2_nv_large__L50_B4", 8},           // a beat
               {"conv_s3_nv_large__L90_B3", 14},          // of 11 cycles
               {"conv_dilated_s2_nv_large__L90_B3", 14},  // the same
               {"conv_two_s1_nv_medium_512__L50_B2", 32}};
  for (const auto& it : cases) {
    for (const Cycle late : lateness(it.name, amaix::Level::kRefined)) {
      EXPECT_GE(late, -it.within) << it.name;
      EXPECT_LE(late, it.within) << it.name;
    }
  }
}

// SDP is done when its last transfer is in the FIFO in front of PDP, whether that goes on or waits for a slow
// bus.
TEST(SdpInterrupt, ComesWhenTheLastTransferIsInFrontOfPdp) {
  for (const char* name : {"conv_pdp_s1_nv_small__L50_B8", "conv_pdp_s1_nv_medium_512__L50_B16",
                           "conv_pdp_s1_nv_large__L400_B16", "conv_pdp_s2_nv_small_256_full__L128_B4",
                           "conv_pdp_s41000_nv_medium_512__L90_B3_O2"})
    EXPECT_EQ(lateness(name, amaix::Level::kDynamic, Engine::kSdp), std::vector<Cycle>{0}) << name;
  EXPECT_EQ(lateness("conv_pdp_s2_nv_medium_512__L50_B1", amaix::Level::kDynamic, Engine::kSdp),
            std::vector<Cycle>{-1});  // not understood
}

// Of two convolutions the second is a cycle late, which is not understood.
TEST(AccumulatorInterrupt, IsExactWhereNothingWaits) {
  for (const char* name :
       {"conv_s1_nv_small__L50_B8", "conv_s1_nv_full__L50_B64", "conv_s1_nv_large__L50_B32",
        "conv_reuse_s5004_nv_small__L50_B8", "conv_two_s1_nv_full__L50_B64"}) {
    const std::vector<Cycle> late = lateness(name);
    ASSERT_FALSE(late.empty());
    EXPECT_EQ(late.front(), 0) << name;
    EXPECT_LE(late.back(), 1) << name;
    EXPECT_GE(late.back(), 0) << name;
  }
}

}  // namespace
}  // namespace nvdla::validation
