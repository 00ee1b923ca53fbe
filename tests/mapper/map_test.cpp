// SPDX-License-Identifier: Apache-2.0
// Proves how networks with branches map: what is fused, in which order operations run, where parts of a
// concatenation lie, how layers that do not fit are split, and that every program executes on every
// configuration. Register by register the mapper is held against the driver in driver_traces_test.cpp.
#include "mapper/map.h"

#include <gmock/gmock.h>

#include "analysis/evaluate.h"
#include "analysis/program_reader.h"
#include "host/files/byte_source.h"
#include "mapper/json_reader.h"

namespace nvdla::mapper {
namespace {

using analysis::Infeasible;
using analysis::ReadOperations;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

LayerNetwork network(const std::string& shape, const std::string& layers) {
  return parse_json_network(R"({"schema": "nvdla-network/1", "inputs": [{"name": "x", "shape": )" + shape +
                                R"(}], "layers": [)" + layers + "]}",
                            "net.json");
}

struct Mapped {
  MappedNetwork mapped;
  ReadOperations operations;
};
Mapped on(const char* configuration, const LayerNetwork& layers, Precision precision = Precision::kInt8,
          bool image = true) {
  MapOptions options;
  options.precision = precision;
  options.image = image;
  MappedNetwork mapped = map(layers, preset(configuration), options);
  ReadOperations operations = analysis::read_operations(mapped.program, preset(configuration));
  return {std::move(mapped), std::move(operations)};
}

// Names of the layers of an engine's operations, in their order.
std::vector<std::string> names(const Mapped& mapped, Engine engine) {
  std::vector<std::string> result;
  for (const auto& [id, name] : mapped.mapped.names)
    if (id.engine == engine) result.push_back(name);
  return result;
}

template <class Call>
std::string infeasible(Call call) {
  try {
    call();
  } catch (const Infeasible& error) {
    return error.what();
  }
  return "no error";
}

const char* const kResidual = R"(
  {"name": "c0", "type": "convolution", "kernels": 64, "window": 1},
  {"name": "r0", "type": "relu"},
  {"name": "c1", "type": "convolution", "kernels": 64, "window": 3, "padding": 1, "bias": false},
  {"name": "n1", "type": "batch_norm"},
  {"name": "r1", "type": "relu"},
  {"name": "c2", "type": "convolution", "kernels": 64, "window": 3, "padding": 1, "bias": false},
  {"name": "n2", "type": "batch_norm"},
  {"name": "sum", "type": "sum", "inputs": ["n2", "r0"]},
  {"name": "r2", "type": "relu"})";

TEST(Residual, SharesAPassInFp16) {
  const Mapped m = on("nv_full", network("[64, 28, 28]", kResidual), Precision::kFp16);
  EXPECT_THAT(names(m, Engine::kConv), ElementsAre("c0", "c1", "c2"));
  ASSERT_EQ(m.operations.sdp.size(), 3U);
  const SdpOperation& last = m.operations.sdp[2];
  EXPECT_TRUE(last.flying);
  EXPECT_FALSE(last.x1.bypass);  // batch norm became a bias
  EXPECT_FALSE(last.x2.bypass);  // the sum
  EXPECT_FALSE(last.x2.relu_bypass);
  EXPECT_TRUE(m.operations.sdp[1].x2.bypass);
}

TEST(Residual, IsAPassOfItsOwnInInt8) {
  const Mapped m = on("nv_small", network("[64, 28, 28]", kResidual));
  ASSERT_EQ(m.operations.sdp.size(), 4U);
  EXPECT_TRUE(m.operations.sdp[2].flying);
  EXPECT_FALSE(m.operations.sdp[3].flying);
  EXPECT_EQ(names(m, Engine::kSdp)[3], "sum");
}

// The later of two sources takes the sum along; the first branch to be written runs first.
TEST(Residual, ProjectionRunsBeforeTheBranchThatJoins) {
  const std::string layers = R"(
    {"name": "p", "type": "convolution", "kernels": 64, "window": 1},
    {"name": "a", "type": "convolution", "kernels": 64, "window": 3, "padding": 1, "inputs": ["x"]},
    {"name": "ar", "type": "relu"},
    {"name": "b", "type": "convolution", "kernels": 64, "window": 3, "padding": 1},
    {"name": "sum", "type": "sum", "inputs": ["p", "b"]})";
  const Mapped m = on("nv_full", network("[64, 28, 28]", layers), Precision::kFp16);
  EXPECT_THAT(names(m, Engine::kConv), ElementsAre("p", "a", "b"));
  ASSERT_EQ(m.operations.sdp.size(), 3U);
  EXPECT_FALSE(m.operations.sdp[2].x2.bypass);
}

TEST(Inception, BranchesWriteIntoOneCube) {
  const std::string layers = R"(
    {"name": "a", "type": "convolution", "kernels": 64, "window": 1},
    {"name": "b1", "type": "convolution", "kernels": 32, "window": 1, "inputs": ["x"]},
    {"name": "b2", "type": "convolution", "kernels": 96, "window": 3, "padding": 1},
    {"name": "p", "type": "max_pool", "window": 3, "padding": 1, "inputs": ["x"]},
    {"name": "c", "type": "convolution", "kernels": 32, "window": 1},
    {"name": "all", "type": "concatenation", "inputs": ["a", "b2", "c"]},
    {"name": "next", "type": "convolution", "kernels": 16, "window": 1})";
  const Mapped m = on("nv_full", network("[192, 28, 28]", layers));
  EXPECT_THAT(names(m, Engine::kConv), ElementsAre("a", "b1", "b2", "c", "next"));
  ASSERT_EQ(m.operations.sdp.size(), 5U);
  const auto& sdp = m.operations.sdp;
  const std::uint32_t surface = 28 * 28 * 32;
  EXPECT_EQ(sdp[2].destination.address - sdp[0].destination.address, 2U * surface);
  EXPECT_EQ(sdp[3].destination.address - sdp[2].destination.address, 3U * surface);
  EXPECT_EQ(m.operations.convolutions[4].fetch.data.address, sdp[0].destination.address);
  EXPECT_EQ(m.operations.convolutions[4].fetch.input.channels, 192U);
}

TEST(Depthwise, IsFilledUpToADenseConvolution) {
  const Mapped m = on("nv_small", network("[64, 28, 28]",
                                          R"({"name": "d", "type": "convolution", "kernels": 64, "window": 3,
                                              "padding": 1, "groups": 64})"));
  EXPECT_EQ(m.operations.convolutions[0].fetch.bytes_per_kernel, 64U * 9);
}

TEST(Split, PartsCoverTheOutputOnce) {
  const Mapped m =
      on("nv_small",
         network("[64, 112, 112]",
                 R"({"name": "c", "type": "convolution", "kernels": 64, "window": 3, "padding": 1})"));
  ASSERT_GT(m.operations.convolutions.size(), 2U);
  std::uint32_t lines = 0, address = 0;
  for (std::size_t i = 0; i < m.operations.convolutions.size(); ++i) {
    const auto& conv = m.operations.convolutions[i];
    EXPECT_EQ(conv.sequence.padding.top, i == 0 ? 1U : 0U);
    if (i == 0) address = static_cast<std::uint32_t>(m.operations.sdp[i].destination.address);
    EXPECT_EQ(m.operations.sdp[i].destination.address, address + lines * 112 * 8);
    lines += conv.sequence.output.height;
    EXPECT_LE(conv.fetch.entries_per_slice * conv.fetch.input.height, conv.fetch.data_banks * 512);
    EXPECT_EQ(conv.fetch.data_banks + conv.fetch.weight_banks, 32U);
  }
  EXPECT_EQ(lines, 112U);
}

TEST(Activation, WithoutAConvolutionIsAPassThroughMemory) {
  const std::string layers = R"({"name": "p", "type": "max_pool", "window": 2, "stride": 2},
                                {"name": "r", "type": "relu"})";
  EXPECT_EQ(on("nv_full", network("[32, 8, 8]", layers)).operations.sdp.size(), 1U);
  EXPECT_EQ(on("nv_full", network("[32, 8, 8]", layers), Precision::kFp16).operations.sdp.size(), 1U);
}

TEST(Cpu, LayersNeedATimeAndDivideTheNetwork) {
  const LayerNetwork layers = network("[8, 8, 8]", R"(
    {"name": "a", "type": "convolution", "kernels": 8, "window": 1},
    {"name": "odd", "type": "cpu"},
    {"name": "b", "type": "convolution", "kernels": 8, "window": 1},
    {"name": "prob", "type": "softmax"})");
  MapOptions options;
  try {
    (void)map(layers, preset("nv_small"), options);
    FAIL();
  } catch (const host::InputError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("net.json: "), HasSubstr("layer 'odd' (cpu)"), HasSubstr("--cpu-layer")));
  }
  options.cpu_microseconds = {{"odd", 12.5}};
  const MappedNetwork mapped = map(layers, preset("nv_small"), options);
  ASSERT_EQ(mapped.cpu_layers.size(), 2U);
  EXPECT_EQ(mapped.cpu_layers[0].name, "odd");
  EXPECT_FALSE(mapped.cpu_layers[1].microseconds);
  EXPECT_DOUBLE_EQ(mapped.cpu_microseconds(), 12.5);
  // The second task begins when the first has ended.
  const ReadOperations operations = analysis::read_operations(mapped.program, preset("nv_small"));
  EXPECT_EQ(operations.convolutions.size(), 2U);
  options.cpu_microseconds = {{"nobody", 1}};
  EXPECT_THROW((void)map(layers, preset("nv_small"), options), host::InputError);
}

TEST(Infeasible, NamesTheLayer) {
  const auto mapped = [](const char* shape, const char* layer) {
    return infeasible([&] { (void)on("nv_small", network(shape, layer)); });
  };
  EXPECT_THAT(mapped("[8, 13, 13]", R"({"name": "p", "type": "global_average_pool"})"),
              AllOf(HasSubstr("layer 'p': its window of 13x13"), HasSubstr("--cpu-layer p=")));
  EXPECT_THAT(mapped("[8, 64, 64]", R"({"name": "c", "type": "convolution", "kernels": 8, "window": 33})"),
              HasSubstr("layer 'c': the height of its kernels is 33"));
  EXPECT_THAT(mapped("[8, 64, 64]",
                     R"({"name": "c", "type": "convolution", "kernels": 8, "window": 1, "stride": 9})"),
              HasSubstr("layer 'c': its vertical stride is 9"));
  EXPECT_THAT(mapped("[8192, 31, 31]", R"({"name": "f", "type": "fully_connected", "kernels": 8})"),
              HasSubstr("layer 'f': "));
  EXPECT_THAT(infeasible([&] {
                (void)on("nv_small", network("[8, 8, 8]", R"({"name": "r", "type": "relu"})"),
                         Precision::kFp16);
              }),
              HasSubstr("nv_small does not compute in fp16"));
}

std::vector<std::string> configurations() {
  std::vector<std::string> result;
  for (const HardwareParameters& hardware : presets()) result.push_back(hardware.name);
  return result;
}

class Everywhere : public ::testing::TestWithParam<std::string> {};

TEST_P(Everywhere, ProgramsEndWithAllOperations) {
  const HardwareParameters& hardware = preset(GetParam());
  const std::string fire = R"(
    {"name": "conv1", "type": "convolution", "kernels": 64, "window": 3, "stride": 2},
    {"name": "relu1", "type": "relu"},
    {"name": "pool1", "type": "max_pool", "window": 3, "stride": 2},
    {"name": "squeeze", "type": "convolution", "kernels": 16, "window": 1},
    {"name": "squeeze_relu", "type": "relu"},
    {"name": "e1", "type": "convolution", "kernels": 64, "window": 1, "inputs": ["squeeze_relu"]},
    {"name": "e1_relu", "type": "relu"},
    {"name": "e3", "type": "convolution", "kernels": 64, "window": 3, "padding": 1, "inputs": ["squeeze_relu"]},
    {"name": "e3_relu", "type": "relu"},
    {"name": "fire", "type": "concatenation", "inputs": ["e1_relu", "e3_relu"]},
    {"name": "tanh", "type": "tanh"},
    {"name": "bypass", "type": "sum", "inputs": ["tanh", "fire"]},
    {"name": "norm", "type": "lrn"},
    {"name": "conv10", "type": "convolution", "kernels": 10, "window": 1},
    {"name": "pool10", "type": "average_pool", "window": 7, "stride": 7})";
  const LayerNetwork layers = network("[3, 64, 64]", fire);
  memory::MemorySystem memory;
  memory.dbb.latency = 50;
  memory.dbb.bytes_per_cycle = hardware.dbb_width_bytes;
  for (const Precision precision : {Precision::kInt8, Precision::kFp16}) {
    if (precision == Precision::kInt8 ? !hardware.int8 : !hardware.fp16) continue;
    MapOptions options;
    options.precision = precision;
    const MappedNetwork mapped = map(layers, hardware, options);
    const analysis::Network network(mapped.program, hardware);
    const analysis::Evaluation dynamic = evaluate(network, hardware, memory, amaix::Level::kDynamic);
    EXPECT_EQ(dynamic.operations.size(), mapped.names.size());
    EXPECT_THAT(dynamic.warnings, ::testing::IsEmpty());
    const analysis::Evaluation refined = evaluate(network, hardware, memory, amaix::Level::kRefined);
    EXPECT_NEAR(static_cast<double>(refined.cycles), static_cast<double>(dynamic.cycles),
                0.1 * static_cast<double>(dynamic.cycles));
    EXPECT_EQ(refined.dbb.total(), dynamic.dbb.total());
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, Everywhere, ::testing::ValuesIn(configurations()),
                         [](const auto& info) { return info.param; });

TEST(Design, NetworksAreMappedAnewWhereTheRegistersDiffer) {
  const auto layers = std::make_shared<LayerNetwork>(network(
      "[64, 112, 112]", R"({"name": "c", "type": "convolution", "kernels": 64, "window": 3, "padding": 1})"));
  const auto make = [layers](const HardwareParameters& hardware) {
    return analysis::Network(map(*layers, hardware, {}).program, hardware);
  };
  analysis::Network network = make(preset("nv_small"));
  network.map_with(make);
  memory::MemorySystem memory;
  memory.dbb.bytes_per_cycle = 8;
  HardwareParameters larger = preset("nv_small");
  larger.cbuf_entries_per_bank = 4096;
  const analysis::Design design(network, larger);
  // All of the input fits: no split is left.
  EXPECT_EQ(analysis::read_operations(design.program(), larger).convolutions.size(), 1U);
  EXPECT_GT(network.operations().convolutions.size(), 1U);
  // Another generation, too.
  const analysis::Design full(network, preset("nv_full"));
  EXPECT_GT(full.evaluate(memory, amaix::Level::kRefined).cycles, 0);
  EXPECT_EQ(network.mapped(preset("nv_small")), nullptr);
  EXPECT_EQ(network.mapped(larger), network.mapped(larger));
}

}  // namespace
}  // namespace nvdla::mapper
