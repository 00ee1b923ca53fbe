// SPDX-License-Identifier: Apache-2.0
// Random cases of the RTL (tests/rtl_cases): what the model leaves in memory is byte for byte what the RTL
// left there, nothing of it before its input had come, and so it is behind ports of a byte a cycle, where
// everything waits for everything, and behind slow ones that take a read at a time. One of them,
// image_y_s4_nv_small, breaks a rule of NVIDIA's programming guide.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "host/runner.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

// Those of which outputs were recorded: "seen/pdp_s1_nv_small", ...
std::vector<std::string> cases() {
  const fs::path all = fs::path(NVDLA_SOURCE_DIR) / "tests/rtl_cases";
  std::vector<std::string> names;
  for (const char* folder : {"seen", "held_back"}) {
    for (const auto& entry : fs::directory_iterator(all / folder)) {
      const fs::directory_iterator files(entry.path());
      if (std::any_of(begin(files), end(files), [](const fs::directory_entry& file) {
            return file.path().filename().string().rfind("output_", 0) == 0;
          }))
        names.push_back(std::string(folder) + "/" + entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// That which the name ends in.
HardwareParameters hardware_of(const std::string& name) {
  for (const HardwareParameters& hardware : presets()) {
    const std::string end = "_" + hardware.name;
    if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
      return hardware;
  }
  return {};
}

class RtlValues : public test::TemporaryDirectory, public ::testing::WithParamInterface<std::string> {};

TEST_P(RtlValues, AreTheBytesOfTheRtl) {
  const std::string folder = NVDLA_SOURCE_DIR "/tests/rtl_cases/" + GetParam();
  ReplayOptions options;
  options.hardware = hardware_of(GetParam());
  options.tensors = true;
  options.golden = folder;
  options.dump.directory = path("");
  const Program program(folder + "/input.txn");
  const double full = options.hardware.dbb_width_bytes;
  for (const memory::MemoryDescription& port :
       {memory::MemoryDescription{50, full, 256}, {50, 1, 256}, {600, full, 1}}) {
    SCOPED_TRACE(testing::Message() << "latency " << port.latency << ", " << port.bytes_per_cycle
                                    << " bytes a cycle");
    static_cast<memory::MemoryDescription&>(options.dbb) = port;
    if (options.hardware.cvsram) options.cvsram = options.dbb;
    const ReplayResult result = run(program, options);
    EXPECT_FALSE(result.checks.empty());
    for (const ContentCheck& check : result.checks)
      EXPECT_EQ(check.result, CheckResult::kEqual) << check.where << ' ' << check.got;
    EXPECT_EQ(result.early_values, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, RtlValues, ::testing::ValuesIn(cases()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
});

}  // namespace
}  // namespace nvdla::host
