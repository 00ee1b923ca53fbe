// SPDX-License-Identifier: Apache-2.0
// Proves convolutions, and whole chains behind them, against what the RTL left in memory, byte for byte:
// direct, image and Winograd in all precisions, compressed weights, batches, reuse of data and weights. Once
// with the reference and once with every set of kernels.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "compute_executor.h"
#include "convolution_buffer.h"

namespace nvdla::test {
namespace {

class ChainExecutor : public PostExecutor {
 public:
  ChainExecutor(const HardwareParameters& hardware, const compute::ConvolveOptions* options)
      : PostExecutor(hardware), buffer_(options) {}

 protected:
  compute::Accumulators convolve(const ConvolutionOperation& operation, GoldenMemory& memory) override {
    return buffer_.run(operation, hardware_, memory);
  }

 private:
  ConvolutionBuffer buffer_;
};

std::vector<std::string> convolution_cases() {
  std::vector<std::string> names;
  for (const std::string& name : golden_cases()) {
    std::ifstream file(golden_folder(name) + "/layers.json");
    std::stringstream text;
    text << file.rdbuf();
    if (text.str().find("\"CONV\"") != std::string::npos) names.push_back(name);
  }
  return names;
}

class ConvolutionGolden : public testing::TestWithParam<std::string> {};

TEST_P(ConvolutionGolden, ReferenceLeavesTheBytesOfTheRtl) {
  const HardwareParameters hardware = golden_hardware(GetParam());
  ChainExecutor executor(hardware, nullptr);
  for (const std::string& failure : run_golden_case(golden_folder(GetParam()), hardware, executor)) {
    ADD_FAILURE() << failure;
  }
}

TEST_P(ConvolutionGolden, KernelsLeaveTheBytesOfTheRtl) {
  const HardwareParameters hardware = golden_hardware(GetParam());
  for (const compute::Kernels* kernels : compute::available_kernels()) {
    compute::ConvolveOptions options;
    options.kernels = kernels;
    options.jobs = 2;
    ChainExecutor executor(hardware, &options);
    for (const std::string& failure : run_golden_case(golden_folder(GetParam()), hardware, executor)) {
      ADD_FAILURE() << kernels->name << ": " << failure;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, ConvolutionGolden, testing::ValuesIn(convolution_cases()),
                         [](const auto& info) { return info.param; });

TEST(ConvolutionGoldenCases, AreAllThere) { EXPECT_GE(convolution_cases().size(), 48U); }

}  // namespace
}  // namespace nvdla::test
