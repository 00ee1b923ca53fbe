// SPDX-License-Identifier: Apache-2.0
// The model stays sane far from the memories it was compared with: from latency 0 to 500 and from 1 to 64
// bytes a cycle a worse memory never makes a trace faster, no total is below its roofline, and every replay
// ends.
#include <gtest/gtest.h>

#include <array>

#include "host/runner.h"

namespace nvdla::platform {
namespace {

using amaix::Level;

constexpr std::array<std::uint32_t, 7> kLatencies{0, 1, 10, 50, 128, 256, 500};
constexpr std::array<double, 7> kBandwidths{1, 2, 4, 8, 16, 32, 64};
// Another arrangement of bursts in time may gain a little where the bound resource has a pause.
constexpr double kTolerance = 0.001;

using Totals = std::array<std::array<Cycle, kBandwidths.size()>, kLatencies.size()>;

class MemorySensitivity : public ::testing::TestWithParam<const char*> {
 protected:
  Totals sweep(Level level) {
    host::ReplayOptions options;
    const host::Program program(std::string(NVDLA_SOURCE_DIR "/firmware_traces/") + GetParam() +
                                "/input.txn.gz");
    options.hardware = preset("nv_full");
    options.level = level;
    options.poll_limit = 10'000'000;  // a hang ends here, with an error
    Totals totals{};
    for (std::size_t i = 0; i < kLatencies.size(); ++i)
      for (std::size_t j = 0; j < kBandwidths.size(); ++j) {
        options.dbb.latency = kLatencies[i];
        options.dbb.bytes_per_cycle = kBandwidths[j];
        const host::ReplayResult result = host::run(program, options);
        totals[i][j] = result.total_cycles;
        operations_ = static_cast<double>(result.operations.size());
      }
    return totals;
  }

  static void expect_monotonic(const Totals& totals) {
    const auto expect_not_faster = [](Cycle worse, Cycle better, std::size_t i, std::size_t j) {
      EXPECT_GE(static_cast<double>(worse), static_cast<double>(better) * (1 - kTolerance))
          << "latency " << kLatencies[i] << ", bandwidth " << kBandwidths[j];
    };
    for (std::size_t i = 0; i < kLatencies.size(); ++i)
      for (std::size_t j = 0; j < kBandwidths.size(); ++j) {
        if (i > 0) expect_not_faster(totals[i][j], totals[i - 1][j], i, j);
        if (j > 0) expect_not_faster(totals[i][j - 1], totals[i][j], i, j);
      }
  }

  // After a pause the memory moves one beat and one cycle's gain at once (memory/memory_timing.h), which
  // bytes / bandwidth does not know: so much may an operation gain.
  void expect_not_below(const Totals& totals, const Totals& roofline) const {
    for (std::size_t i = 0; i < kLatencies.size(); ++i)
      for (std::size_t j = 0; j < kBandwidths.size(); ++j)
        EXPECT_GE(static_cast<double>(totals[i][j]) + operations_ * (kBeatBytes / kBandwidths[j] + 1),
                  static_cast<double>(roofline[i][j]))
            << "latency " << kLatencies[i] << ", bandwidth " << kBandwidths[j];
  }

 private:
  static constexpr double kBeatBytes = 64;  // nv_full
  double operations_ = 0;
};

TEST_P(MemorySensitivity, WorseMemoryIsNeverFasterNorAnythingFasterThanItsRoofline) {
  const Totals roofline = sweep(Level::kRoofline);
  for (const Level level : {Level::kRefined, Level::kDynamic}) {
    SCOPED_TRACE(amaix::level_name(level));
    const Totals totals = sweep(level);
    expect_monotonic(totals);
    expect_not_below(totals, roofline);
  }
}

INSTANTIATE_TEST_SUITE_P(Traces, MemorySensitivity,
                         ::testing::Values("lenet_nv_full_int8", "u_conv07_c64_56x56_k256_r1_s1_nv_full_int8",
                                           "u_pool_max3s2_nv_full_fp16"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace nvdla::platform
