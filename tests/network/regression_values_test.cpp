// SPDX-License-Identifier: Apache-2.0
// The loadables of nvdla/sw's own regression on the model, values computed: their output is byte for byte the
// golden file. Where the vendor's files are at hand only; says so where they are not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "host/images/dimg.h"
#include "host/network/network_runner.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

class RegressionValues : public test::TemporaryDirectory {};

TEST_F(RegressionValues, OutputsAreTheGoldenOnes) {
  const char* configured = std::getenv("NVDLA_VENDOR");
  const fs::path folder =
      configured != nullptr ? configured : fs::path(NVDLA_SOURCE_DIR) / "../shared/vendor";
  const fs::path archive = folder / "loadables.tar.xz";
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is not there";
  ASSERT_TRUE(test::unpack(archive.string(), path("")));
  std::size_t compared = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path("loadables/kmd"))) {
    if (!entry.is_regular_file()) continue;
    std::string name = entry.path().filename().string();
    name = name.substr(0, name.rfind("_fbuf"));
    SCOPED_TRACE(name);
    ReplayOptions options;
    options.hardware = preset(name.find("_large") != std::string::npos   ? "nv_large"
                              : name.find("_small") != std::string::npos ? "nv_small"
                                                                         : "nv_full");
    options.tensors = true;
    for (const amaix::Level level : {amaix::Level::kDynamic, amaix::Level::kRefined}) {
      options.level = level;
      const Loadable loadable = read_loadable(entry.path().string());
      std::vector<unsigned char> output;
      const NetworkHooks hooks = {nullptr, [&](Driver& driver) {
                                    output = make_dimg(*driver.outputs().at(0), driver.output(0),
                                                       dimg_release(loadable));
                                  }};
      EXPECT_EQ(run_network(loadable, options, hooks).early_values, 0U);
      // The folder of a golden file has a hash behind the name.
      for (const auto& golden : fs::directory_iterator(path("loadables/golden"))) {
        const std::string folder_name = golden.path().filename().string();
        if (folder_name.substr(0, folder_name.rfind('_')) != name) continue;
        std::ifstream file(golden.path() / "dla/o_000000.dimg", std::ios::binary);
        const std::vector<unsigned char> expected((std::istreambuf_iterator<char>(file)), {});
        EXPECT_FALSE(expected.empty());
        EXPECT_EQ(output, expected);
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 30U) << "15 loadables at two levels";
}

}  // namespace
}  // namespace nvdla::host
