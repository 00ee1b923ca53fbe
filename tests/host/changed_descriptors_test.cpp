// SPDX-License-Identifier: Apache-2.0
// Random operations of every unit with one or two of their register values changed to anything, legal or not,
// played with values: each ends, or is refused with an error, and nothing is accessed out of bounds (the
// sanitizers watch). NVDLA_RANDOM_CASES sets how many run of each unit and precision.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "host/runner.h"
#include "random_program.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using Unit = void (test::RandomProgram::*)();

std::uint32_t cases() {
  const char* text = std::getenv("NVDLA_RANDOM_CASES");
  return text != nullptr ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : 12;
}

class ChangedDescriptors : public test::TemporaryDirectory {
 protected:
  // The text with one or two values changed: few or all bits.
  std::string changed(const std::string& text) {
    std::vector<std::size_t> values;  // where they stand
    for (std::size_t at = text.find("write_reg"); at != std::string::npos;
         at = text.find("write_reg", at + 1))
      values.push_back(at + std::string("write_reg 0x00000000 ").size());
    std::string result = text;
    for (std::uint32_t i = 0; i < 1 + random_() % 2; ++i) {
      const std::size_t at = values[random_() % values.size()];
      std::uint32_t value =
          static_cast<std::uint32_t>(std::strtoul(text.substr(at, 10).c_str(), nullptr, 16));
      value ^= random_() % 2 == 0 ? 1U << random_() % 32 : static_cast<std::uint32_t>(random_());
      char number[11];
      std::snprintf(number, sizeof number, "0x%08x", value);
      result.replace(at, 10, number);
    }
    return result;
  }
  std::mt19937_64 random_{1};
};

TEST_F(ChangedDescriptors, EndOrAreRefused) {
  const std::pair<const char*, Precision> kModels[] = {{"nv_full", Precision::kInt8},
                                                       {"nv_full", Precision::kInt16},
                                                       {"nv_full", Precision::kFp16},
                                                       {"nv_small", Precision::kInt8}};
  std::uint32_t ended = 0, refused = 0;
  for (const auto& [configuration, precision] : kModels) {
    std::vector<Unit> units = {&test::RandomProgram::convolution,
                               &test::RandomProgram::pooled_convolution,
                               &test::RandomProgram::convolution_with_reuse,
                               &test::RandomProgram::sdp,
                               &test::RandomProgram::pdp,
                               &test::RandomProgram::cdp};
    ReplayOptions options;
    options.hardware = preset(configuration);
    options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
    if (options.hardware.cvsram) options.cvsram = options.dbb;
    if (options.hardware.generation == Generation::kV1) {
      units.push_back(&test::RandomProgram::compressed_convolution);
      units.push_back(&test::RandomProgram::bdma);
      units.push_back(&test::RandomProgram::rubik);
    }
    options.tensors = true;
    options.stop_on_dma_error = false;
    options.poll_limit = 20000;  // an operation that has become large does not end
    options.pattern = {memory::Pattern::Kind::kBytes, 1};
    for (const Unit unit : units) {
      for (std::uint32_t i = 0; i < cases(); ++i) {
        test::RandomProgram random(options.hardware, precision, random_());
        (random.*unit)();
        const std::string text = changed(random.text());
        try {
          const Program program(file("changed.txn", text));
          static_cast<void>(run(program, options));
          ++ended;
        } catch (const ReplayError&) {
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(ended, refused / 4);
  EXPECT_GT(refused, ended / 4);
}

}  // namespace
}  // namespace nvdla::host
