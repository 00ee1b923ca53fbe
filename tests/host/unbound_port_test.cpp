// SPDX-License-Identifier: Apache-2.0
// What lies behind a port that nobody has bound reads as zeros, at once: said once, and nothing else is
// wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/runner.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

class UnboundPort : public test::TemporaryDirectory {};

TEST_F(UnboundPort, BringsZeros) {
  const Program program(NVDLA_SOURCE_DIR "/tests/rtl_cases/seen/sdp_cvsram_s2_nv_small_256_full/input.txn");
  ReplayOptions options;
  options.hardware = preset("nv_small_256_full");
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  options.tensors = true;
  options.dump.directory = path("");
  const ReplayResult result = run(program, options);
  EXPECT_THAT(result.warnings, testing::Contains(testing::HasSubstr("port CVSRAM, which is not bound")));
  EXPECT_THAT(result.warnings, testing::Not(testing::Contains(testing::HasSubstr("a fault of the model"))));
}

}  // namespace
}  // namespace nvdla::host
