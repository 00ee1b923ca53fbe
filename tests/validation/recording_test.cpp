// SPDX-License-Identifier: Apache-2.0
// The loader reads every recording of the repository, its latencies are those worked out by hand from one of
// them, and a damaged recording is refused with file, line and column.
#include "validation/recording.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "tests/support/temporary_directory.h"
#include "validation/comparison.h"
#include "validation/hardware_operations.h"

namespace nvdla::validation {
namespace {

using ::testing::HasSubstr;

const std::string kRecordings = std::string(NVDLA_SOURCE_DIR) + "/validation/recordings/";

// The recorded operations with the layers that the trace's registers tell, in order of unit and sequence.
std::vector<OperationComparison> layers_of(const std::string& name) {
  ComparisonOptions options;
  options.levels = {amaix::Level::kRoofline};
  std::vector<OperationComparison> operations = compare(kRecordings + name, options).operations;
  std::sort(operations.begin(), operations.end(), [](const auto& a, const auto& b) {
    return std::tie(a.unit, a.sequence) < std::tie(b.unit, b.sequence);
  });
  return operations;
}

TEST(RecordingFiles, LatenciesOfLenetWorkedOutByHand) {
  const Recording recording = load_recording(kRecordings + "lenet_nv_full_fp16__L50_B64");
  EXPECT_EQ(recording.trace, "lenet_nv_full_fp16");
  EXPECT_EQ(recording.config, "nv_full");
  EXPECT_EQ(recording.last_done, 57794);
  EXPECT_EQ(recording.bus_bytes, 64u);
  EXPECT_EQ(recording.dbb.latency, 50u);
  const auto operations = layers_of("lenet_nv_full_fp16__L50_B64");
  const std::vector<Cycle> convolutions{30228 - 760, 42491 - 35451, 57213 - 44124, 57794 - 57312};
  const std::vector<Cycle> poolings{35351 - 30576, 44029 - 42840};
  ASSERT_EQ(operations.size(), convolutions.size() + poolings.size());
  for (std::size_t i = 0; i < convolutions.size(); ++i) {
    EXPECT_EQ(operations[i].unit, Engine::kConv);
    EXPECT_EQ(operations[i].recorded, convolutions[i]) << i;
  }
  for (std::size_t i = 0; i < poolings.size(); ++i) {
    EXPECT_EQ(operations[convolutions.size() + i].unit, Engine::kPdp);
    EXPECT_EQ(operations[convolutions.size() + i].recorded, poolings[i]) << i;
  }
}

TEST(RecordingFiles, SdpFromMemoryIsToldFromSdpOnTheFly) {
  const auto operations = layers_of("u_elt_64x28_nv_full_int8__L50_B64");
  ASSERT_EQ(operations.size(), 3u);
  EXPECT_EQ(operations[2].unit, Engine::kSdp);
  EXPECT_EQ(operations[2].sequence, 2u);
  EXPECT_EQ(operations[2].recorded, 13452 - 10143);
}

TEST(RecordingFiles, BytesAreBeatsTimesTheBusWidth) {
  const Recording recording = load_recording(kRecordings + "lenet_nv_full_fp16__L50_B64");
  const auto operations = recorded_operations(recording);
  const auto read = [](const engine::OperationRecord& operation, Client client) {
    return operation.dbb.read[static_cast<std::size_t>(client)];
  };
  EXPECT_EQ(read(operations[1], Client::kCdmaDat), 144u * 64);
  EXPECT_EQ(read(operations[1], Client::kCdmaWt), 782u * 64);
  EXPECT_EQ(operations[5].id.engine, Engine::kSdp);
  EXPECT_EQ(read(operations[5], Client::kSdpB), 2u * 64);
  EXPECT_EQ(operations[5].dbb.written[static_cast<std::size_t>(Client::kSdp)], 128u * 64);
}

TEST(RecordingFiles, EveryRecordingLoadsAndMatchesItself) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRecordings)) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().filename());
    const Recording recording = load_recording(entry.path().string());
    Cycle last = 0;
    for (const HardwareOperation& operation : hardware_operations(recorded_operations(recording))) {
      EXPECT_GT(operation.latency(), 0) << operation_name(operation.unit, operation.sequence);
      last = std::max(last, operation.end);
    }
    EXPECT_EQ(last, recording.last_done);
    ++count;
  }
  EXPECT_GE(count, 145u);
}

// A recording of one pooling that a case can damage.
class RecordingErrors : public test::TemporaryDirectory {
 protected:
  std::string json_ =
      R"({"schema":"nvdla-recording/1","trace":"t","config":"nv_full","precision":"int8",
"dbb":{"latency":50,"bytes_per_cycle":64.0,"max_outstanding":256,"bus_bytes":64},"csb_gap":0,"last_done":90})";
  std::string operations_ =
      "unit,sequence,group,enable,start,done,interrupt,write_beats\n"
      "PDP_RDMA,0,0,10,20,70,,0\nPDP,0,0,11,21,80,90,4\n";
  std::string dma_ = "unit,sequence,port,direction,client,beats,bytes\nPDP_RDMA,0,DBB,read,pdp,16,1024\n";

  std::string load_error() {
    (void)file("r.json", json_);
    (void)file("r.ops.csv", operations_);
    (void)file("r.dma.csv", dma_);
    return test::thrown_text<host::InputError>([&] { (void)recorded_operations(load_recording(path("r"))); });
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
  }
};

TEST_F(RecordingErrors, IntactRecordingLoads) { EXPECT_EQ(load_error(), ""); }

TEST_F(RecordingErrors, MetadataSyntaxNamesLineAndColumn) {
  replace(json_, "\"latency\":50,", "\"latency\":,");
  EXPECT_THAT(load_error(), ::testing::AllOf(HasSubstr(path("r.json")), HasSubstr("line 2, column 18")));
}

TEST_F(RecordingErrors, MetadataWithoutAKeyNamesIt) {
  replace(json_, "\"latency\":50,", "");
  EXPECT_THAT(load_error(), HasSubstr("r.json: dbb.latency is missing"));
}

TEST_F(RecordingErrors, MetadataOfTheWrongTypeNamesTheKey) {
  replace(json_, "\"last_done\":90", "\"last_done\":-1");
  EXPECT_THAT(load_error(), HasSubstr("r.json: last_done is not a whole number"));
}

// Beats that times the bus width wrap around to the bytes, a clock that no simulation reaches, a memory that
// moves nothing: each would loop or compare nonsense.
TEST_F(RecordingErrors, NumbersOutOfRangeAreNamed) {
  const auto changed = [&](std::string& text, const std::string& from, const std::string& to) {
    const std::string before = text;
    replace(text, from, to);
    const std::string error = load_error();
    text = before;
    return error;
  };
  EXPECT_THAT(changed(dma_, "16,1024", "288230376151711760,1024"), HasSubstr("r.dma.csv:2:"));
  EXPECT_THAT(changed(operations_, "80,90,4", "80,90,18446744073709551615"), HasSubstr("r.ops.csv:3:"));
  EXPECT_THAT(changed(operations_, "80,90,4", "80,9223372036854775807,4"), HasSubstr("beyond 2^50 cycles"));
  EXPECT_THAT(changed(json_, "\"last_done\":90", "\"last_done\":9223372036854775807"),
              HasSubstr("last_done"));
  EXPECT_THAT(changed(json_, "\"last_done\":90", "\"last_done\":1e999"), HasSubstr("r.json: "));
  EXPECT_THAT(changed(json_, "64.0", "0"), HasSubstr("r.json: dbb: bandwidth"));
  EXPECT_THAT(changed(json_, "64.0", "-1"), HasSubstr("r.json: dbb: bandwidth"));
  EXPECT_THAT(changed(json_, "\"bus_bytes\":64", "\"bus_bytes\":0"), HasSubstr("bus_bytes"));
  EXPECT_THAT(changed(json_, "\"latency\":50", "\"latency\":4294967295"), HasSubstr("r.json: dbb: latency"));
  EXPECT_EQ(load_error(), "");
}

TEST_F(RecordingErrors, UnknownSchemaIsRefused) {
  replace(json_, "nvdla-recording/1", "nvdla-recording/9");
  EXPECT_THAT(load_error(), HasSubstr("nvdla-recording/9"));
}

TEST_F(RecordingErrors, UnknownUnit) {
  replace(operations_, "PDP_RDMA", "PDX");
  EXPECT_THAT(load_error(), HasSubstr("r.ops.csv:2:1: unit \"PDX\""));
}

TEST_F(RecordingErrors, SequenceOutOfOrder) {
  replace(operations_, "PDP,0", "PDP,1");
  EXPECT_THAT(load_error(), HasSubstr("r.ops.csv:3:5: sequence \"1\": expected 0"));
}

TEST_F(RecordingErrors, StartBeforeEnable) {
  replace(operations_, "11,21", "11,9");
  EXPECT_THAT(load_error(), HasSubstr("r.ops.csv:3:12: start"));
}

TEST_F(RecordingErrors, MissingInterrupt) {
  replace(operations_, "80,90", "80,");
  EXPECT_THAT(load_error(), HasSubstr("PDP 0 has no interrupt"));
}

TEST_F(RecordingErrors, ReadOfAnActivationThatDoesNotExist) {
  replace(dma_, "PDP_RDMA,0", "PDP_RDMA,3");
  EXPECT_THAT(load_error(), HasSubstr("r.dma.csv:2:10: sequence"));
}

TEST_F(RecordingErrors, BytesThatAreNotBeats) {
  replace(dma_, "1024", "1000");
  EXPECT_THAT(load_error(), HasSubstr("r.dma.csv:2:28: bytes"));
}

TEST_F(RecordingErrors, UnknownClient) {
  replace(dma_, "read,pdp", "read,ppp");
  EXPECT_THAT(load_error(), HasSubstr("client \"ppp\""));
}

TEST_F(RecordingErrors, ReadDmaWithoutItsUnit) {
  replace(operations_, "PDP,0,0,11,21,80,90,4\n", "");
  EXPECT_THAT(load_error(), HasSubstr("PDP_RDMA 0 belongs to no activation"));
}

TEST_F(RecordingErrors, MissingFile) {
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)load_recording(path("none")); }),
              HasSubstr("none.json"));
}

}  // namespace
}  // namespace nvdla::validation
