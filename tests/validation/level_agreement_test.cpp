// SPDX-License-Identifier: Apache-2.0
// One description of the hardware, two evaluators: where nothing contends, the closed form `refined` and the
// simulation `dynamic` agree within 1 %, operation by operation, whatever the latency of the memory. Where
// the port is needed for most of the time they still agree within 2.5 %. Both use the constants of
// hardware/paths and one plan, so that a wrong constant or plan moves both and is not seen here: that they
// are right is held by validation/bounds.json, which compares either level with the recordings, and by
// tests/host/golden_timing_test.cpp. What is seen here is an evaluator that departs from the plan: a phase of
// the closed form left out or counted twice, an event of the simulation a cycle late for each stripe.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "host/runner.h"
#include "validation/hardware_operations.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;
using amaix::Level;

const fs::path kTraces = fs::path(NVDLA_SOURCE_DIR) / "firmware_traces";

std::vector<std::string> single_layers() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kTraces))
    if (entry.path().filename().string().rfind("u_", 0) == 0) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

class LevelAgreement : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::ifstream file(kTraces / GetParam() / "layers.json");
    options_.hardware = preset(nlohmann::json::parse(file).at("config").get<std::string>());
    options_.dbb.bytes_per_cycle = options_.hardware.dbb_width_bytes;
    if (options_.hardware.cvsram) options_.cvsram = options_.dbb;
  }

  std::vector<engine::OperationRecord> replay(Level level, std::uint32_t latency) {
    options_.level = level;
    options_.dbb.latency = latency;
    return host::run(host::Program((kTraces / GetParam() / "input.txn.gz").string()), options_).operations;
  }

  // Share of the chain's time in which the port moves its beats.
  double port_share(const HardwareOperation& operation,
                    const std::vector<engine::OperationRecord>& activations) const {
    std::uint64_t bytes = 0;
    for (const engine::OperationRecord& record : activations) {
      const bool in_chain = std::count(operation.chain.begin(), operation.chain.end(), record.id.engine) > 0;
      if (in_chain && record.done > operation.begin && record.done <= operation.end)
        bytes += record.dbb.total();
    }
    return static_cast<double>(bytes) / options_.dbb.bytes_per_cycle /
           static_cast<double>(operation.latency());
  }

  host::ReplayOptions options_;
};

// Two streams that each want less than half of the port do not wait for one another for long; above that,
// who waits for whom is the dynamic level's own work.
constexpr double kUncontended = 0.5;
constexpr double kAgreement = 1.0;           // percent
constexpr double kContendedAgreement = 2.5;  // percent

TEST_P(LevelAgreement, RefinedIsDynamicOnFullRatePorts) {
  for (const std::uint32_t latency : {20U, 50U, 100U}) {
    const auto simulated_activations = replay(Level::kDynamic, latency);
    const auto simulated = hardware_operations(simulated_activations);
    const auto closed = hardware_operations(replay(Level::kRefined, latency));
    ASSERT_EQ(simulated.size(), closed.size());
    for (std::size_t i = 0; i < simulated.size(); ++i) {
      const double share = port_share(simulated[i], simulated_activations);
      const double difference = 100.0 * static_cast<double>(closed[i].latency() - simulated[i].latency()) /
                                static_cast<double>(simulated[i].latency());
      EXPECT_LE(std::abs(difference), share < kUncontended ? kAgreement : kContendedAgreement)
          << operation_name(simulated[i].unit, simulated[i].sequence) << " at latency " << latency
          << ": refined " << closed[i].latency() << ", dynamic " << simulated[i].latency() << ", port used "
          << 100 * share << " % of the time";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(SingleLayers, LevelAgreement, ::testing::ValuesIn(single_layers()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nvdla::validation
