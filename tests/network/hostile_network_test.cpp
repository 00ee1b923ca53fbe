// SPDX-License-Identifier: Apache-2.0
// Damaged loadables on the model, values computed: they end in an error or run, and leave the process alive.
// tests/driver/hostile_loadable_test.cpp has a hundred thousand of them on a device that does nothing; here
// the accelerator gets what they program.
#include <gtest/gtest.h>

#include <random>

#include "fuzz/executions.h"
#include "host/network/network_runner.h"
#include "host/text_source.h"
#include "tests/support/runnable_chain.h"

namespace nvdla::host {
namespace {

TEST(HostileNetworks, RunOrEndInAnError) {
  std::mt19937 random(static_cast<std::uint32_t>(fuzz::first_seed()));
  std::size_t ran = 0, ended = 0;
  const std::uint64_t count = fuzz::simulations(500, 0.025);
  for (std::uint64_t i = 0; i < count; ++i) {
    ReplayOptions options;
    options.hardware = preset(i % 2 == 0 ? "nv_full" : "nv_small");
    options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
    // The sizes that a network may name are bounded by the memory.
    options.dbb.base = 0x80000000;
    options.dbb.size = 1U << 24U;
    options.level = i % 4 < 2 ? amaix::Level::kRefined : amaix::Level::kDynamic;
    options.tensors = true;
    std::vector<unsigned char> bytes =
        test::runnable_chain(options.hardware, static_cast<std::uint32_t>(i % 9));
    for (std::uint32_t n = random() % 3; n < 3; ++n) {
      unsigned char& one = bytes[random() % bytes.size()];
      one = static_cast<unsigned char>(random() % 2 == 0 ? random() : one ^ (1U << random() % 8));
    }
    try {
      (void)run_network(parse_loadable(bytes.data(), bytes.size(), "net"), options);
      ++ran;
    } catch (const InputError&) {
      ++ended;
    } catch (const ReplayError&) {
      ++ended;
    }
  }
  EXPECT_GT(ran, count / 10);
  EXPECT_GT(ended, count / 100);
}

}  // namespace
}  // namespace nvdla::host
