// SPDX-License-Identifier: Apache-2.0
// Random operations of every unit and precision, played as register traces: what they leave in memory is what
// NVIDIA's functional model left there, operation for operation (tests/values/random.json; docs/values.md
// says how many more were compared).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/runner.h"
#include "random_program.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

Precision precision_of(const std::string& name) {
  return name == "int8" ? Precision::kInt8 : (name == "int16" ? Precision::kInt16 : Precision::kFp16);
}

std::string random_trace(const nlohmann::json& group, const HardwareParameters& hardware) {
  test::RandomProgram random(hardware, precision_of(group.at("precision")), group.at("seed"));
  const std::string unit = group.at("unit");
  for (std::uint32_t i = 0; i < group.at("operations"); ++i) {
    if (unit == "conv") random.convolution();
    if (unit == "compressed") random.compressed_convolution();
    if (unit == "pooled") random.pooled_convolution();
    if (unit == "reuse") random.convolution_with_reuse();
    if (unit == "batched") random.batched_convolution();
    if (unit == "sdp") random.sdp();
    if (unit == "pdp") random.pdp();
    if (unit == "cdp") random.cdp();
    if (unit == "bdma") random.bdma();
    if (unit == "rubik") random.rubik();
  }
  return random.text();
}

// By configuration, precision, unit and memory.
std::map<std::string, nlohmann::json> groups() {
  std::ifstream file(std::filesystem::path(NVDLA_SOURCE_DIR) / "tests/values/random.json");
  std::map<std::string, nlohmann::json> result;
  const nlohmann::json all = nlohmann::json::parse(file);
  for (const auto& group : all.at("groups")) {
    std::string name;
    for (const char* key : {"configuration", "precision", "unit", "memory"})
      name += (name.empty() ? "" : "_") + group.at(key).get<std::string>();
    result[name] = group;
  }
  return result;
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& [name, group] : groups()) result.push_back(name);
  return result;
}

class RandomValues : public test::TemporaryDirectory, public ::testing::WithParamInterface<std::string> {};

TEST_P(RandomValues, AreThoseOfTheFunctionalModel) {
  const nlohmann::json group = groups().at(GetParam());
  ReplayOptions options;
  options.hardware = preset(group.at("configuration").get<std::string>());
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  options.tensors = true;
  options.pattern = {
      group.at("memory") == "fp16" ? memory::Pattern::Kind::kFp16 : memory::Pattern::Kind::kBytes, 1};
  const Program program(file("random.txn", random_trace(group, options.hardware)));
  const ReplayResult result = run(program, options);
  const auto& expected = group.at("crc32");
  ASSERT_EQ(result.checksums.size(), expected.size());
  std::size_t i = 0;
  for (const auto& [id, sum] : result.checksums) {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", sum);
    EXPECT_EQ(text, expected[i].get<std::string>()) << "operation " << i;
    ++i;
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, RandomValues, ::testing::ValuesIn(names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nvdla::host
