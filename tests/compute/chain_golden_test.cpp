// SPDX-License-Identifier: Apache-2.0
// Proves the chains on the fly, convolution to SDP to PDP and what follows, against what the RTL left in
// memory, byte for byte.
#include <gtest/gtest.h>

#include "compute_executor.h"
#include "convolution_buffer.h"

namespace nvdla::test {
namespace {

class ChainExecutor : public PostExecutor {
 public:
  using PostExecutor::PostExecutor;

 protected:
  compute::Accumulators convolve(const ConvolutionOperation& op, GoldenMemory& memory) override {
    return buffer_.run(op, hardware_, memory);
  }

 private:
  ConvolutionBuffer buffer_;
};

std::vector<std::string> chain_cases() {
  std::vector<std::string> names = golden_cases("fly_");
  for (const std::string& name : golden_cases("chain_")) names.push_back(name);
  return names;
}

class ChainGolden : public testing::TestWithParam<std::string> {};

TEST_P(ChainGolden, LeavesTheBytesOfTheRtl) {
  const HardwareParameters hardware = golden_hardware(GetParam());
  ChainExecutor executor(hardware);
  for (const std::string& failure : run_golden_case(golden_folder(GetParam()), hardware, executor))
    ADD_FAILURE() << failure;
}

INSTANTIATE_TEST_SUITE_P(Cases, ChainGolden, testing::ValuesIn(chain_cases()),
                         [](const auto& info) { return info.param; });

TEST(ChainGoldenCases, AreAllThere) { EXPECT_EQ(chain_cases().size(), 8U); }

}  // namespace
}  // namespace nvdla::test
