// SPDX-License-Identifier: Apache-2.0
// The LeNet of examples/lenet: its compiled networks are those of its layers, and they know the ten digits.
#include <gtest/gtest.h>

#include <filesystem>

#include "host/driver/tensor_codec.h"
#include "host/files/byte_source.h"
#include "host/images/classes.h"
#include "host/images/image.h"
#include "host/images/picture_input.h"
#include "host/network/network_runner.h"
#include "tests/support/temporary_directory.h"
#include "tools/compiler/chain_file.h"

namespace nvdla::tools {
namespace {

const std::string kFolder = NVDLA_SOURCE_DIR "/examples/lenet/";

class Lenet : public ::testing::TestWithParam<const char*> {
 protected:
  static std::vector<unsigned char> committed() {
    const std::string bytes = host::read_file(kFolder + "lenet_" + GetParam() + ".nvdla", 1U << 24U);
    return {bytes.begin(), bytes.end()};
  }
};

TEST_P(Lenet, IsCompiledFromItsLayers) {
  EXPECT_EQ(compile_chain(kFolder + "lenet.json", preset(GetParam())), committed())
      << "nvdla-compile examples/lenet/lenet.json examples/lenet/lenet_" << GetParam() << ".nvdla "
      << GetParam();
}

TEST_P(Lenet, KnowsTheDigits) {
  const std::vector<unsigned char> bytes = committed();
  const host::Loadable network = host::parse_loadable(bytes.data(), bytes.size(), "lenet");
  host::ReplayOptions options;
  options.hardware = preset(GetParam());
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  options.tensors = true;
  const std::uint32_t atom = options.hardware.memory_atom_bytes;
  for (std::size_t digit = 0; digit < 10; ++digit) {
    const host::Image picture = host::read_image(kFolder + "digits/" + std::to_string(digit) + ".pgm");
    std::size_t answer = 10;
    const host::NetworkHooks hooks = {
        [&](host::Driver& driver) {
          const host::LoadableTensor& in = *driver.inputs().at(0);
          driver.set_input(0, host::encode_tensor(in, atom, host::picture_values(picture, in, {})));
        },
        [&](host::Driver& driver) {
          const auto values = host::decode_tensor(*driver.outputs().at(0), atom, driver.output(0));
          answer = host::top_classes(values, 1).at(0).index;
        }};
    const host::ReplayResult result = host::run_network(network, options, hooks);
    EXPECT_EQ(answer, digit);
    EXPECT_EQ(result.layers.at({Engine::kConv, 0}), "op 0 data, conv1");
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, Lenet, ::testing::Values("nv_full", "nv_small"));

using ChainFile = test::TemporaryDirectory;

TEST_F(ChainFile, WhatIsWrongIsNamed) {
  const std::string good = host::read_file(kFolder + "lenet.json", 1U << 20U);
  std::filesystem::copy(kFolder + "weights", path("weights"));
  const auto error = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return test::thrown_text<host::InputError>(
        [&] { (void)compile_chain(file("chain.json", text), preset("nv_small")); });
  };
  EXPECT_EQ(error("\"softmax\"", "\"softmax\""), "");
  EXPECT_EQ(error("nvdla-chain/1", "other"), path("chain.json") + ": \"schema\" must be \"nvdla-chain/1\"");
  EXPECT_EQ(error("\"kernels\": 6", "\"kernels\": 0"),
            path("chain.json") + ": layers[0]: \"kernels\" must be a whole number from 1 to 8192");
  EXPECT_EQ(error("\"kernels\": 6", "\"kernels\": 7"),
            path("chain.json") + ": conv1: needs 175 weights and 7 biases, not 150 and 6");
  EXPECT_EQ(error("\"relu\"", "\"rely\""), path("chain.json") + ": layers[0]: \"rely\" is not known");
  EXPECT_NE(error("weights/conv1_weights.npy", "weights/none.npy").find("none.npy"), std::string::npos);
}

}  // namespace
}  // namespace nvdla::tools
