// SPDX-License-Identifier: Apache-2.0
// What others published plays: the trace tests and traces of nvdla/hw, and the accesses of two networks on
// NVIDIA's virtual platform are those of the model. The files are not part of the project: they are looked
// for in $NVDLA_VENDOR and ../shared/vendor, as archives or unpacked, and the tests are
// skipped where there are none (scripts/vendor_tests.sh takes them from a checkout of nvdla/hw).
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "host/inputs/memory_accesses.h"
#include "host/inputs/read_input.h"
#include "host/runner.h"
#include "host/traffic_comparison.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::HasSubstr;

fs::path vendor_folder() {
  const char* named = std::getenv("NVDLA_VENDOR");
  for (const fs::path& folder :
       {fs::path(named == nullptr ? "" : named), fs::path(NVDLA_SOURCE_DIR) / "../shared/vendor"})
    if (!folder.empty() && fs::is_directory(folder)) return folder;
  return {};
}

class VendorSet : public test::TemporaryDirectory {
 protected:
  // The folder of this name, unpacked if need be; empty: there is none.
  fs::path folder(const std::string& name) {
    const fs::path vendor = vendor_folder();
    if (vendor.empty()) return {};
    if (fs::is_directory(vendor / name)) return vendor / name;
    const fs::path archive = vendor / (name + ".tar.xz");
    if (!fs::exists(archive)) return {};
    EXPECT_TRUE(test::unpack(archive.string(), path("")));
    return path(name);
  }

  static std::vector<fs::path> files(const fs::path& folder, const std::string& extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == extension) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }

  static ReplayOptions options(const std::string& configuration) {
    ReplayOptions result;
    result.hardware = preset(configuration);
    result.dbb.bytes_per_cycle = result.hardware.dbb_width_bytes;
    if (result.hardware.cvsram) result.cvsram = result.dbb;
    return result;
  }

  // An error text, empty if it plays to its end.
  static std::string played(const fs::path& file, const ReplayOptions& options) {
    try {
      (void)run(read_input(file.string(), options.hardware.generation), options);
    } catch (const std::exception& error) {
      return error.what();
    }
    return {};
  }
};

TEST_F(VendorSet, TraceTestsPlayOnTheirConfigurations) {
  const fs::path set = folder("trace_tests");
  if (set.empty()) GTEST_SKIP() << "no trace_tests in $NVDLA_VENDOR, ../shared/vendor";
  std::size_t played_to_end = 0, missing = 0, lacking = 0;
  for (const fs::path& file : files(set, ".cfg")) {
    const std::string configuration = file.parent_path().parent_path().filename().string();
    const std::string error = played(file, options(configuration));
    if (error.empty()) {
      ++played_to_end;
    } else if (error.find("No such file") != std::string::npos) {
      ++missing;
    } else {
      ++lacking;
      EXPECT_THAT(error, HasSubstr("configuration " + configuration + " has no ")) << file;
    }
  }
  RecordProperty("played", static_cast<int>(played_to_end));
  RecordProperty("missing_inputs", static_cast<int>(missing));
  EXPECT_GT(played_to_end, 0U);
  EXPECT_LE(lacking, played_to_end / 10);
}

TEST_F(VendorSet, TracesPlayAtEveryLevel) {
  const fs::path set = folder("traceplayer");
  if (set.empty()) GTEST_SKIP() << "no traceplayer in $NVDLA_VENDOR, ../shared/vendor";
  const fs::path before = fs::current_path();
  fs::current_path(path(""));  // dump_mem writes here
  std::size_t played_to_end = 0;
  for (const fs::path& file : files(set, ".txn")) {
    ReplayOptions full = options("nv_full");
    for (const amaix::Level level :
         {amaix::Level::kDynamic, amaix::Level::kRefined, amaix::Level::kRoofline}) {
      full.level = level;
      const std::string error = played(file, full);
      EXPECT_THAT(error, AnyOf("", HasSubstr("No such file"))) << file;
      if (error.empty()) ++played_to_end;
    }
  }
  fs::current_path(before);
  EXPECT_GT(played_to_end, 0U);
}

// Every access of the virtual platform, by address and number; order and time are its own.
TEST_F(VendorSet, TrafficIsThatOfTheVirtualPlatform) {
  const fs::path set = folder("vp_logs");
  if (set.empty()) GTEST_SKIP() << "no vp_logs in $NVDLA_VENDOR, ../shared/vendor";
  std::size_t compared = 0;
  for (const fs::path& trace : files(set, ".txn")) {
    const fs::path list = trace.parent_path() / "VP_mem_rd_wr";
    if (!fs::exists(list)) continue;
    ++compared;
    for (const amaix::Level level :
         {amaix::Level::kDynamic, amaix::Level::kRefined, amaix::Level::kRoofline}) {
      ReplayOptions full = options("nv_full");
      full.level = level;
      TrafficComparison traffic(full.hardware.dbb_width_bytes);
      MemoryAccessReader accesses(list.string());
      for (MemoryAccess access; accesses.next(access);)
        traffic.expect(access.write, access.address, access.length);
      full.listeners.push_back(&traffic);
      EXPECT_EQ(played(trace, full), "") << trace;
      if (level == amaix::Level::kDynamic) {
        EXPECT_TRUE(traffic.equal()) << trace << '\n' << traffic.text();
        EXPECT_GT(traffic.direction(false).moved, 0U);
      }
    }
  }
  EXPECT_GT(compared, 0U);
}

// The logs that these were made from are cut; what is left of them plays as far as it goes.
TEST_F(VendorSet, LogsOfTheVirtualPlatformAreRead) {
  const fs::path set = folder("vp_logs");
  if (set.empty()) GTEST_SKIP() << "no vp_logs in $NVDLA_VENDOR, ../shared/vendor";
  for (const fs::path& log : files(set, ".log")) {
    EXPECT_GT(read_input(log.string(), Generation::kV1).commands().size(), 100U) << log;
    EXPECT_EQ(played(log, options("nv_full")), "") << log;
  }
}

}  // namespace
}  // namespace nvdla::host
