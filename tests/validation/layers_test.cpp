// SPDX-License-Identifier: Apache-2.0
// Layer names follow the order of enabling, not the order of the file.
#include "validation/layers.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"
#include "validation/csv.h"

namespace nvdla::validation {
namespace {

using ::testing::HasSubstr;

TEST(Layers, NamesOfAlexnet) {
  const LayerNames names(std::string(NVDLA_SOURCE_DIR) +
                         "/firmware_traces/alexnet_img_nv_full_int8/layers.json");
  EXPECT_EQ(names.of(Engine::kConv, 0), "conv1");
  EXPECT_EQ(names.of(Engine::kConv, 7), "fc8");
  EXPECT_EQ(names.of(Engine::kPdp, 1), "pool2");
  EXPECT_EQ(names.of(Engine::kCdp, 1), "norm2");
  EXPECT_EQ(names.of(Engine::kConv, 8), "");
}

using LayersFile = test::TemporaryDirectory;

TEST_F(LayersFile, EnableOrderCounts) {
  const LayerNames names(file("l.json", R"({"layers":[{"engine":"PDP","enable_line":9,"name":"second"},
{"engine":"PDP","enable_line":3,"name":"x","label":"first"}]})"));
  EXPECT_EQ(names.of(Engine::kPdp, 0), "first");
  EXPECT_EQ(names.of(Engine::kPdp, 1), "second");
}

TEST_F(LayersFile, BadLayersAreNamed) {
  EXPECT_THAT(test::thrown_text<host::InputError>(
                  [&] { LayerNames(file("l.json", R"({"layers":[{"engine":"XYZ"}]})")); }),
              HasSubstr("l.json: layer 0: unknown engine \"XYZ\""));
  EXPECT_THAT(test::thrown_text<host::InputError>(
                  [&] { LayerNames(file("l.json", R"({"layers":[{"engine":"PDP"}]})")); }),
              HasSubstr("enable_line is missing"));
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { LayerNames(file("l.json", "{")); }),
              HasSubstr("l.json"));
}

}  // namespace
}  // namespace nvdla::validation
