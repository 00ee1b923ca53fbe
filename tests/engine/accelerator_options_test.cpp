// SPDX-License-Identifier: Apache-2.0
// Options of the accelerator that mean nothing are refused before anything is simulated.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <stdexcept>

#include "engine/accelerator.h"

namespace nvdla::engine {
namespace {

TEST(AcceleratorOptions, OutOfRangeIsRefused) {
  const std::vector<std::function<void(AcceleratorOptions&)>> wrong{
      [](AcceleratorOptions& options) { options.level = static_cast<amaix::Level>(77); },
      [](AcceleratorOptions& options) { options.settled_reset = -1; },
      [](AcceleratorOptions& options) { options.settled_reset = kFarthest + 1; },
      [](AcceleratorOptions& options) { options.nominal_memory.dbb.bytes_per_cycle = 0; },
      [](AcceleratorOptions& options) { options.nominal_memory.dbb.bytes_per_cycle = -8; },
      [](AcceleratorOptions& options) {
        options.nominal_memory.dbb.bytes_per_cycle = std::numeric_limits<double>::quiet_NaN();
      },
      [](AcceleratorOptions& options) {
        options.nominal_memory.dbb.bytes_per_cycle = std::numeric_limits<double>::infinity();
      },
      [](AcceleratorOptions& options) { options.nominal_memory.dbb.latency = 1000001; },
      [](AcceleratorOptions& options) { options.nominal_memory.dbb.max_outstanding = 0; },
      [](AcceleratorOptions& options) {
        options.nominal_memory.cvsram.emplace();
        options.nominal_memory.cvsram->bytes_per_cycle = 0;
      }};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    AcceleratorOptions options;
    EXPECT_NO_THROW(Accelerator(preset("nv_full"), options));
    wrong[i](options);
    EXPECT_THROW(Accelerator(preset("nv_full"), options), std::invalid_argument) << i;
  }
}

}  // namespace
}  // namespace nvdla::engine
