// SPDX-License-Identifier: Apache-2.0
// Loadables tell which configurations they are for: the one they were built for is always among them, and
// what it needs excludes others.
#include "host/driver/configuration.h"

#include <gmock/gmock.h>

#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

std::vector<std::string> possible(const std::vector<unsigned char>& bytes) {
  return possible_configurations(parse_loadable(bytes.data(), bytes.size(), "net"));
}

TEST(Configurations, TheOneItWasBuiltForIsPossible) {
  for (const char* name : {"nv_full", "nv_small", "nv_large"}) {
    for (const std::uint16_t channels : {8, 16, 24, 32, 40, 64}) {
      tools::ChainBuilder chain(preset(name), Precision::kInt8, 20, 20, channels);
      chain.convolution(32, 3, true, true, false);
      chain.pooling(3, 1, 1);
      chain.convolution(16, 3, false, false, true);
      chain.elementwise(false);
      chain.normalisation(5);
      EXPECT_THAT(possible(chain.finish()), Contains(name)) << channels;
    }
  }
}

TEST(Configurations, PrecisionUnitsAndAtomsExclude) {
  tools::ChainBuilder half(preset("nv_full"), Precision::kFp16, 8, 8, 32);
  half.pooling(2, 2, 1);
  EXPECT_THAT(possible(half.finish()), ElementsAre("nv_full"));
  tools::ChainBuilder copy(preset("nv_full"), Precision::kInt8, 8, 8, 32);
  copy.copy();
  EXPECT_THAT(possible(copy.finish()), ElementsAre("nv_full"));
  tools::ChainBuilder small(preset("nv_small"), Precision::kInt8, 8, 8, 32);
  small.convolution(32, 3, true, true, false);
  EXPECT_THAT(possible(small.finish()), Not(Contains("nv_full")));
  tools::ChainBuilder large(preset("nv_large"), Precision::kInt8, 8, 8, 32);
  large.convolution(32, 3, true, true, false);
  const std::vector<std::string> names = possible(large.finish());
  EXPECT_THAT(names, Not(Contains("nv_small")));
  EXPECT_THAT(names, Not(Contains("nv_full")));  // entries of 128 bytes
}

}  // namespace
}  // namespace nvdla::host
