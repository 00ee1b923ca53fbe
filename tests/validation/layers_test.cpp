// SPDX-License-Identifier: Apache-2.0
// Layer names follow the order of enabling, not the order of the file.
#include "validation/layers.h"

#include <gmock/gmock.h>

#include "temporary_directory.h"
#include "validation/csv.h"

namespace nvdla::validation {
namespace {

using engine::ReportedUnit;
using ::testing::HasSubstr;

TEST(Layers, NamesOfAlexnet) {
  const LayerNames names(std::string(NVDLA_SOURCE_DIR) +
                         "/firmware_traces/alexnet_img_nv_full_int8/layers.json");
  EXPECT_EQ(names.of(ReportedUnit::kConv, 0), "conv1");
  EXPECT_EQ(names.of(ReportedUnit::kConv, 7), "fc8");
  EXPECT_EQ(names.of(ReportedUnit::kPdp, 1), "pool2");
  EXPECT_EQ(names.of(ReportedUnit::kCdp, 1), "norm2");
  EXPECT_EQ(names.of(ReportedUnit::kConv, 8), "");
}

using LayersFile = TemporaryDirectory;

TEST_F(LayersFile, EnableOrderCounts) {
  const LayerNames names(file("l.json", R"({"layers":[{"engine":"PDP","enable_line":9,"name":"second"},
{"engine":"PDP","enable_line":3,"name":"x","label":"first"}]})"));
  EXPECT_EQ(names.of(ReportedUnit::kPdp, 0), "first");
  EXPECT_EQ(names.of(ReportedUnit::kPdp, 1), "second");
}

TEST_F(LayersFile, BadLayersAreNamed) {
  EXPECT_THAT(
      thrown_text<InputError>([&] { LayerNames(file("l.json", R"({"layers":[{"engine":"XYZ"}]})")); }),
      HasSubstr("l.json: layer 0: unknown engine \"XYZ\""));
  EXPECT_THAT(
      thrown_text<InputError>([&] { LayerNames(file("l.json", R"({"layers":[{"engine":"PDP"}]})")); }),
      HasSubstr("enable_line is missing"));
  EXPECT_THAT(thrown_text<InputError>([&] { LayerNames(file("l.json", "{")); }), HasSubstr("l.json"));
}

}  // namespace
}  // namespace nvdla::validation
