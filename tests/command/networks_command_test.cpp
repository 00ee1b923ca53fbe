// SPDX-License-Identifier: Apache-2.0
// Networks of layers on the command line: what a user types, and what they are told when it is wrong.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using nlohmann::json;
using test::run_command;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kLenet = std::string(NVDLA_SOURCE_DIR) + "/examples/networks/lenet.json";

class NetworksCommand : public test::TemporaryDirectory {
 protected:
  // A model with a layer that the accelerator does not have.
  std::string odd_model() {
    test::OnnxBuilder b("x", {8, 16, 16});
    b.convolution("c1", "x", 8, 8, 3);
    b.simple("HardSwish", "odd", {"c1"});
    b.convolution("c2", "odd", 8, 8, 3);
    return file("odd.onnx", b.finish("c2"));
  }
  json result(const std::string& arguments) {
    const test::CommandResult run = run_command(arguments + " --json " + path("result.json"));
    EXPECT_EQ(run.status, 0) << run.output;
    std::ifstream in(path("result.json"));
    return json::parse(in);
  }
};

TEST_F(NetworksCommand, EstimateTellsTimeTrafficAndCauses) {
  const test::CommandResult text =
      run_command("estimate " + kLenet + " --config nv_full --dbb latency=50,bandwidth=64");
  EXPECT_EQ(text.status, 0) << text.output;
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("conv1"), HasSubstr("frames a second"), HasSubstr("MB on DBB"),
                    HasSubstr("Where the cycles go:"), HasSubstr("prob (softmax), not counted")));
  const json estimate = result("estimate " + kLenet + " --level dynamic");
  EXPECT_EQ(estimate["schema"], "nvdla-estimate/1");
  // As recorded on the RTL (validation/recordings/lenet_img_nv_full_int8__L50_B64).
  EXPECT_EQ(estimate["cycles"], 17905);
  std::int64_t causes = 0, layers = 0;
  for (const auto& each : estimate["causes"]) causes += each.get<std::int64_t>();
  for (const auto& each : estimate["layers"]) layers += each["cycles"].get<std::int64_t>();
  EXPECT_EQ(causes, 17905);
  EXPECT_EQ(layers, 17905);
  EXPECT_DOUBLE_EQ(estimate["per_second"].get<double>(), 1e3 / estimate["milliseconds"].get<double>());
}

TEST_F(NetworksCommand, OnnxIsTheSameNetwork) {
  const std::string model = file("lenet.onnx", test::onnx_lenet());
  for (const char* how : {"--precision fp16", "--input-format feature", "--config nv_small"})
    EXPECT_EQ(result("estimate " + model + " " + how)["cycles"],
              result("estimate " + kLenet + " " + how)["cycles"]);
}

TEST_F(NetworksCommand, TheCpuTakesItsTime) {
  const std::string model = odd_model();
  const test::CommandResult refused = run_command("estimate " + model);
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.output,
              AllOf(HasSubstr("odd.onnx"), HasSubstr("layer 'odd' (HardSwish)"), HasSubstr("--cpu-layer")));
  const json none = result("estimate " + model + " --cpu-layer odd=0");
  const json some = result("estimate " + model + " --cpu-layer odd=1500");
  EXPECT_EQ(none["cycles"], some["cycles"]);
  EXPECT_NEAR(some["milliseconds"].get<double>() - none["milliseconds"].get<double>(), 1.5, 1e-9);
  EXPECT_EQ(some["cpu_layers"][0]["microseconds"], 1500);
}

TEST_F(NetworksCommand, ExplainAndExploreTakeThem) {
  const test::CommandResult explained = run_command("explain " + kLenet + " --no-what-if");
  EXPECT_EQ(explained.status, 0) << explained.output;
  EXPECT_THAT(explained.output, HasSubstr("ip1"));
  const std::string specification = file("spec.json",
                                         R"({"schema": "nvdla-exploration/1", "config": "nv_full",
    "inputs": [{"file": ")" + kLenet + R"(", "precision": "int8"},
               {"file": ")" + kLenet + R"(", "precision": "fp16", "input_format": "feature"}],
    "axes": {"cbuf_banks": [8, 16], "dbb.bandwidth": [16, 64]}})");
  const test::CommandResult explored = run_command("explore " + specification);
  EXPECT_EQ(explored.status, 0) << explored.output;
  EXPECT_THAT(explored.output, HasSubstr("8 of 8 points: 8 evaluated"));
  const test::CommandResult swept = run_command("explore " + kLenet + " --sweep atomic_c=32,64");
  EXPECT_EQ(swept.status, 0) << swept.output;
}

TEST_F(NetworksCommand, ErrorsSayWhatToDo) {
  const auto fails = [](const std::string& arguments, int status, const char* what) {
    const test::CommandResult run = run_command(arguments);
    EXPECT_EQ(run.status, status) << run.output;
    EXPECT_THAT(run.output, AllOf(HasSubstr(what), Not(HasSubstr("internal error"))));
  };
  fails("estimate " + kLenet + " --precision int4", 2, "unknown precision 'int4'");
  fails("estimate " + kLenet + " --input-format rgb", 2, "unknown input format 'rgb'");
  fails("estimate " + kLenet + " --cpu-layer prob", 2, "NAME=MICROSECONDS");
  fails("estimate " + kLenet + " --cpu-layer prob=-1", 2, "NAME=MICROSECONDS");
  fails("estimate " + kLenet + " --cpu-layer no=1", 1, "there is no layer 'no'");
  fails("estimate " + kLenet + " --config nv_small --precision fp16", 1, "does not compute in fp16");
  fails("estimate " + path("missing.onnx"), 1, "missing.onnx");
  fails("estimate " + file("bad.onnx", "onnx"), 1, "bad.onnx: is not an ONNX model");
  fails("explain " + file("bad.json", R"({"schema": "nvdla-network/1", "inputs": [], "layers": []})"), 1,
        "bad.json: the network has no input");
  fails("explore " + file("spec.json", R"({"schema": "nvdla-exploration/1", "config": "nv_full",
    "inputs": [{"file": ")" + kLenet + R"(", "precision": "int4"}], "axes": {}})"),
        2, "int4");
}

}  // namespace
}  // namespace nvdla::command
