// SPDX-License-Identifier: Apache-2.0
// A recording and the model that disagree about what ran are a failure, never a silent gap.
#include "validation/comparison.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <iterator>

#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

const std::string kSource =
    std::string(NVDLA_SOURCE_DIR) + "/validation/recordings/u_pool_max3s1p1_nv_full_int8__L50_B64";

class Comparison : public test::TemporaryDirectory {
 protected:
  // A copy of a recording with one pooling, `from` replaced by `to` in the file that ends in `suffix`.
  std::string damaged(const std::string& suffix, const std::string& from, const std::string& to) {
    for (const char* end : {".json", ".ops.csv", ".dma.csv"}) {
      std::ifstream source(kSource + end, std::ios::binary);
      std::string text((std::istreambuf_iterator<char>(source)), std::istreambuf_iterator<char>());
      if (suffix == end) {
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos);
        text.replace(at, from.size(), to);
      }
      (void)file(std::string("r") + end, text);
    }
    return path("r");
  }
  static ComparisonOptions options() {
    ComparisonOptions result;
    result.levels = {amaix::Level::kRefined};
    return result;
  }
};

TEST_F(Comparison, IntactRecordingHasNoFailure) {
  const RecordingComparison result = compare(damaged("", "", ""), options());
  EXPECT_TRUE(result.failures.empty()) << result.failures.front();
  ASSERT_NE(result.at(amaix::Level::kRefined), nullptr);
  EXPECT_EQ(result.at(amaix::Level::kRefined)->operations.count, 1u);
  EXPECT_EQ(result.at(amaix::Level::kDynamic), nullptr);
  EXPECT_EQ(result.operations.at(0).layer, "pool");
}

TEST_F(Comparison, OperationThatTheModelDidNotRunIsAFailure) {
  std::ifstream source(kSource + ".ops.csv", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(source)), std::istreambuf_iterator<char>());
  const std::string rdma =
      "\nPDP_RDMA,1,1,6599,6600,6640,,,0,0,0,0,0,0,0,0,0,0\nPDP,1,1,6600,6601,6650,6660,,0,0,0,0,784,6640,"
      "6650,0,0,0";
  const std::string path = damaged("", "", "");
  (void)file("r.ops.csv", text.substr(0, text.size() - 1) + rdma + "\n");
  (void)file("r.dma.csv",
             "unit,sequence,port,direction,client,beats,bytes\nPDP_RDMA,0,DBB,read,pdp,784,50176\n"
             "PDP_RDMA,1,DBB,read,pdp,784,50176\n");
  const RecordingComparison result = compare(path, options());
  EXPECT_THAT(result.failures, Contains(HasSubstr("PDP 1 is recorded, but the model did not run it")));
}

TEST_F(Comparison, UnknownConfigurationIsRefused) {
  const std::string path = damaged(".json", "\"config\": \"nv_full\"", "\"config\": \"nv_huge\"");
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)compare(path, options()); }),
              AllOf(HasSubstr("r.json: config"), HasSubstr("nv_huge")));
}

TEST_F(Comparison, ConfigurationWithAnotherBusIsRefused) {
  const std::string path = damaged(".json", "\"config\": \"nv_full\"", "\"config\": \"nv_small\"");
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)compare(path, options()); }),
              HasSubstr("bus_bytes is 64"));
}

TEST_F(Comparison, UnknownTraceTellsWhereItWasLookedFor) {
  const std::string path =
      damaged(".json", "\"trace\": \"u_pool_max3s1p1_nv_full_int8\"", "\"trace\": \"none\"");
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)compare(path, options()); }),
              AllOf(HasSubstr("trace \"none\" not found"), HasSubstr("firmware_traces/none")));
}

TEST_F(Comparison, TraceOfAnotherConfigurationIsAFailureOfTheReplay) {
  const std::string path = damaged(".json", "\"trace\": \"u_pool_max3s1p1_nv_full_int8\"",
                                   "\"trace\": \"u_pool_max3s1p1_nv_small_int8\"");
  const RecordingComparison result = compare(path, options());
  EXPECT_TRUE(result.levels.empty());
  EXPECT_THAT(result.failures, Contains(HasSubstr("input.txn.gz:")));
}

TEST_F(Comparison, TraceBesideTheRecordingComesFirst) {
  const std::string own = file("u_pool_max3s1p1_nv_full_int8/input.txn", "# nothing\n");
  const Recording recording = load_recording(damaged("", "", ""));
  EXPECT_EQ(fs::path(find_trace(recording, std::nullopt)), fs::path(own));
}

}  // namespace
}  // namespace nvdla::validation
