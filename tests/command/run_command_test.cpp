// SPDX-License-Identifier: Apache-2.0
// `nvdla-vp run` from a compiled network to its table, trace, outputs and timeline, and to an error with an
// exit status; the other commands take the network as well.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/files/byte_source.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::command {
namespace {

using nlohmann::json;
using test::run_command;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RunCommand : public test::TemporaryDirectory {
 protected:
  std::string network() {
    tools::ChainBuilder chain(preset("nv_small"), Precision::kInt8, 12, 12, 16);
    chain.convolution(16, 3, true, true, false);
    chain.pooling(2, 2, 1);
    const std::vector<unsigned char> bytes = chain.finish();
    std::ofstream file(path("net.nvdla"), std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path("net.nvdla");
  }
  json json_of(const std::string& command) {
    const test::CommandResult result = run_command(command + " --json " + path("out.json"));
    EXPECT_EQ(result.status, 0) << result.output;
    return json::parse(std::ifstream(path("out.json")));
  }
};

TEST_F(RunCommand, PrintsEveryOperation) {
  const test::CommandResult result = test::run_command("run " + network() + " --config nv_small");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("CONV"), HasSubstr("SDP"), HasSubstr("PDP"), HasSubstr("net.nvdla")));
}

TEST_F(RunCommand, WrongConfigurationFails) {
  const test::CommandResult result = test::run_command("run " + network() + " --config nv_full");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, HasSubstr("choose with --config"));
}

// What is for the dump_mem of a trace is not taken and left undone.
TEST_F(RunCommand, OptionsOfTracesAreRefused) {
  for (const char* option :
       {" --golden .", " --output-dir .", " --dump-anywhere", " --memory-pattern bytes:1"}) {
    const test::CommandResult result = test::run_command("run " + network() + " --config nv_small" + option);
    EXPECT_EQ(result.status, 2) << option << result.output;
  }
}

TEST_F(RunCommand, WhatIsNoNetworkFails) {
  std::ofstream(path("text.nvdla")) << "not a network";
  const test::CommandResult result = test::run_command("run " + path("text.nvdla"));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, HasSubstr("text.nvdla"));
}

TEST_F(RunCommand, TheTraceTakesTheSameCyclesAndLeavesTheSameBytes) {
  const json run = json_of("run " + network() + " --trace " + path("net.txn"));
  const json replay = json_of("replay " + path("net.txn"));
  EXPECT_EQ(replay["total_cycles"], run["total_cycles"]);
  EXPECT_EQ(replay["end_of_trace"], run["end_of_trace"]);
  ASSERT_EQ(replay["operations"].size(), run["operations"].size());
  for (std::size_t i = 0; i < run["operations"].size(); ++i)
    EXPECT_EQ(replay["operations"][i].value("output_crc32", 0U),
              run["operations"][i].value("output_crc32", 0U));
  EXPECT_NE(run["operations"].back().value("output_crc32", 0U), 0U);
}

// With the run's own interrupts as recording, validate of the trace finds nothing to tell.
TEST_F(RunCommand, ValidateOfTheTraceTakesTheSameCycles) {
  std::filesystem::create_directory(path("net"));
  const json run = json_of("run " + network() + " --trace " + path("net/input.txn"));
  std::string operations = "unit,sequence,interrupt\n";
  for (const json& operation : run["operations"]) {
    operations += operation["unit"].get<std::string>() + "," + operation["sequence"].dump() + "," +
                  operation["done_cycle"].dump() + "\n";
  }
  (void)file("rec.ops.csv", operations);
  const std::string recording =
      file("rec.json", R"({"schema": "nvdla-recording/1", "trace": "net", "config": "nv_small",
 "dbb": {"latency": 50, "bytes_per_cycle": 8}})");
  const json levels = json_of("validate " + recording)["recordings"][0]["levels"];
  ASSERT_EQ(levels.back()["level"], "dynamic");
  EXPECT_EQ(levels.back()["total_cycles"], run["total_cycles"]);
  EXPECT_EQ(levels.back()["worst_error_percent"], 0.0);
}

// Only a replay writes what a trace dumps.
TEST_F(RunCommand, AnalysesOfATraceDumpNothing) {
  ASSERT_EQ(run_command("run " + network() + " -q --trace " + path("net.txn")).status, 0);
  std::ofstream(path("net.txn"), std::ios::app) << "dump_mem 0x80000000 0x00000010 dumped.bin\n";
  const std::string here = "cd " + path("") + " && nvdla_vp ", configuration = " net.txn --config nv_small";
  for (const char* command : {"estimate", "explain", "explore --sweep dbb.latency=50,100"}) {
    const test::CommandResult result = test::run_shell(here + command + configuration);
    EXPECT_EQ(result.status, 0) << command << result.output;
    EXPECT_FALSE(std::filesystem::exists(path("dumped.bin"))) << command;
  }
  EXPECT_EQ(test::run_shell(here + "replay" + configuration).status, 0);
  EXPECT_TRUE(std::filesystem::exists(path("dumped.bin")));
}

TEST_F(RunCommand, TheComponentIsThatOfTheRunner) {
  EXPECT_EQ(json_of("run " + network() + " --systemc --trace " + path("a.txn")),
            json_of("run " + network() + " --trace " + path("b.txn")));
  std::string trace = host::read_file(path("b.txn"), 1 << 20);
  for (std::size_t at = 0; (at = trace.find(" b.txn", at)) != std::string::npos;) trace[at + 1] = 'a';
  EXPECT_EQ(host::read_file(path("a.txn"), 1 << 20), trace);
}

TEST_F(RunCommand, ReplayAndEstimateTakeNetworks) {
  const json run = json_of("run " + network());
  const json replay = json_of("replay " + network());
  EXPECT_EQ(replay["total_cycles"], run["total_cycles"]);
  EXPECT_EQ(replay["operations"], run["operations"]);
  EXPECT_EQ(json_of("estimate " + network())["total_cycles"],
            json_of("run " + network() + " --level refined")["total_cycles"]);
}

TEST_F(RunCommand, LayersHaveNames) {
  const test::CommandResult table = run_command("run " + network() + " --timeline " + path("t.json"));
  EXPECT_THAT(table.output, AllOf(HasSubstr("[op 0 data, tb-2]"), HasSubstr("[op 2 prob]")));
  EXPECT_EQ(json_of("run " + network())["operations"][0]["layer"], "op 0 data, tb-2");
  EXPECT_THAT(host::read_file(path("t.json"), 1 << 20), HasSubstr("\"CONV 0: op 0 data, tb-2\""));
}

// Without --config the network is asked; what it does not tell is said.
TEST_F(RunCommand, TheConfigurationIsThatOfTheNetwork) {
  const test::CommandResult result = run_command("run " + network());
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("(nv_small, level dynamic"), HasSubstr("note: ")));
}

TEST_F(RunCommand, InputsAndOutputs) {
  // 16 channels of 12 x 12 bytes: surfaces of 8 channels.
  const std::string raw = file("data.bin", std::string(12 * 12 * 16, '\x05'));
  const test::CommandResult first =
      run_command("run " + network() + " -q --top 2 --input " + raw + " --output " + path("out"));
  EXPECT_EQ(first.status, 0) << first.output;
  EXPECT_THAT(first.output, HasSubstr("output prob: 16 x 5 x 5; greatest:\n  "));
  EXPECT_TRUE(std::filesystem::exists(path("out/prob.npy")));
  EXPECT_TRUE(std::filesystem::exists(path("out/prob.dimg")));
  // The same numbers as an array, by name.
  std::string header = "{'descr': '|i1', 'fortran_order': False, 'shape': (16, 12, 12), }";
  header.resize(128 - 10 - 1, ' ');
  const std::string npy = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(118) + '\0' + header +
                          "\n" + std::string(12 * 12 * 16, '\x05');
  const test::CommandResult second =
      run_command("run " + network() + " -q --top 2 --input data=" + file("data.npy", npy));
  EXPECT_EQ(second.output, first.output);
  const test::CommandResult zeros = run_command("run " + network() + " -q --top 2");
  EXPECT_NE(zeros.output, first.output);
  EXPECT_THAT(run_command("run " + network() + " --input nobody=" + raw).output,
              HasSubstr("the network has no such input; it has data"));
  EXPECT_THAT(run_command("run " + network() + " --input " + file("a.pgm", "P2 2 2 1 0 1 0 1")).output,
              HasSubstr("tensor 'data': is 12x12, the picture 2x2: scale it first"));
}

TEST_F(RunCommand, AnOutputIsNeitherAnInputNorAnotherOutput) {
  const std::string npy = file("out/prob.npy", "kept");
  const std::string net = network();
  for (const std::string& options :
       {"--input " + npy + " --output " + path("out"), "--json " + npy + " --output " + path("out"),
        "--trace " + npy + " --output " + path("out"), "--trace " + net,
        "--json " + path("out/0000_sdp_0.npy") + " --save-tensors " + path("out")}) {
    const test::CommandResult result = run_command("run " + net + " -q " + options);
    EXPECT_NE(result.status, 0) << options << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr("nvdla-vp: "), Not(HasSubstr("internal")))) << options;
  }
  EXPECT_EQ(host::read_file(npy, 100), "kept");
}

TEST_F(RunCommand, ATraceNeedsAFileAndValues) {
  for (const std::string options : {"--trace -", "--trace 'a b.txn'", "--trace a.txn --tensors off"})
    EXPECT_EQ(run_command("run " + network() + " " + options).status, 2) << options;
}

}  // namespace
}  // namespace nvdla::command
