// SPDX-License-Identifier: Apache-2.0
// Proves on every recorded driver trace that (a) all accesses are legal, all reads match and nothing is left
// enabled, (b) what the decoder makes of the registers is the layer that the compiler programmed.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "registers/decoder.h"
#include "trace_replay.h"

namespace nvdla::registers::test {

namespace {

using Json = nlohmann::json;

Precision precision(const Json& name) {
  if (name == "int8") return Precision::kInt8;
  return name == "int16" ? Precision::kInt16 : Precision::kFp16;
}

void expect_size(const Cube& cube, const Json& layer) {
  EXPECT_EQ(cube.width, layer.at("w"));
  EXPECT_EQ(cube.height, layer.at("h"));
  EXPECT_EQ(cube.channels, layer.at("c"));
}

void expect_surface(const Surface& surface, const Json& layer) {
  EXPECT_EQ(surface.space, layer.at("mem") == "DRAM" ? MemorySpace::kDbb : MemorySpace::kCvsram);
  EXPECT_EQ(surface.address, std::stoull(layer.at("addr").get<std::string>(), nullptr, 0));
  EXPECT_EQ(surface.line_stride, layer.at("line_stride"));
  EXPECT_EQ(surface.surface_stride, layer.at("surf_stride"));
}

class LayerChecker {
 public:
  LayerChecker(const RegisterFile& file, const HardwareParameters& hardware)
      : file_(file), hardware_(hardware) {}

  void check(const Json& layer) const {
    SCOPED_TRACE("layer " + layer.at("name").get<std::string>() + ", line " + layer.at("enable_line").dump());
    const std::uint32_t group = layer.at("group");
    const std::string engine = layer.at("engine");
    if (engine == "CONV") {
      convolution(layer, group);
    } else if (engine == "SDP") {
      sdp(layer, group);
    } else if (engine == "PDP") {
      PdpOperation op = decode_pdp(file_, group, hardware_);
      if (!op.flying) {
        const PdpFetch fetch = decode_pdp_fetch(file_, group, hardware_);
        check_consistent(file_, group, op, fetch, hardware_);
        op.source = fetch.source;
      }
      pdp(layer, op);
    } else if (engine == "CDP") {
      const CdpFetch fetch = decode_cdp_fetch(file_, group, hardware_);
      const CdpOperation op = joined(decode_cdp(file_, group, hardware_), fetch);
      check_consistent(file_, group, op, group, fetch, hardware_);
      EXPECT_EQ(op.precision, precision(layer.at("precision")));
      EXPECT_EQ(op.normalization_length, layer.at("local_size"));
      expect_size(op.cube, layer.at("src"));
      expect_surface(op.source, layer.at("src"));
      expect_surface(op.destination, layer.at("dst"));
    } else {
      ADD_FAILURE() << "unknown engine " << engine;
    }
  }

 private:
  void convolution(const Json& layer, std::uint32_t group) const {
    ConvolutionOperation op;
    op.fetch = decode_fetch(file_, group, hardware_);
    op.sequence = decode_sequence(file_, group, hardware_);
    op.accumulate = decode_accumulate(file_, group, hardware_);
    EXPECT_NO_THROW(check_consistent(file_, group, op, hardware_));
    fetch(layer, op.fetch);
    sequence(layer, op.sequence);
    EXPECT_EQ(op.accumulate.output.width, layer.at("cmac_out").at("w"));
    EXPECT_EQ(op.accumulate.output.height, layer.at("cmac_out").at("h"));
    EXPECT_EQ(op.accumulate.destination.line_stride, layer.at("dst").at("line_stride"));
    EXPECT_EQ(op.accumulate.processing_precision, precision(layer.at("precision")));
  }

  static void fetch(const Json& layer, const ConvolutionFetch& op) {
    EXPECT_EQ(op.mode, ConvolutionMode::kDirect);
    EXPECT_EQ(op.processing_precision, precision(layer.at("precision")));
    const bool pixel = layer.at("data_format") != 36;  // 36: feature
    EXPECT_EQ(op.input_format, pixel ? InputFormat::kPixel : InputFormat::kFeature);
    if (pixel) {
      EXPECT_EQ(op.pixel_format, layer.at("data_format"));
    }
    expect_size(op.input, layer.at("src"));
    EXPECT_EQ(op.data.address, std::stoull(layer.at("src").at("addr").get<std::string>(), nullptr, 0));
    EXPECT_EQ(op.data.line_stride, layer.at("src").at("line_stride"));
    EXPECT_EQ(op.data.surface_stride, layer.at("src").at("surf_stride"));
    EXPECT_EQ(op.weight_address, std::stoull(layer.at("weight").at("addr").get<std::string>(), nullptr, 0));
    EXPECT_GE(op.weight_bytes, layer.at("weight").at("size"));
    EXPECT_EQ(op.bytes_per_kernel, layer.at("kernel").at("bytes_per_kernel"));
    EXPECT_EQ(op.kernels, layer.at("kernel").at("n"));
    EXPECT_EQ(op.batches, layer.at("batch"));
    EXPECT_EQ(op.fetch_grain, layer.at("fetch_grain"));
    EXPECT_EQ(op.entries_per_slice, layer.at("entry_per_slice"));
    EXPECT_EQ(op.data_banks, layer.at("data_bank"));
    EXPECT_EQ(op.weight_banks, layer.at("weight_bank"));
    EXPECT_EQ(op.weight_compressed, layer.at("weight_format") != "uncompressed");
    EXPECT_EQ(op.data_reuse, layer.at("data_reuse") != 0);
    EXPECT_EQ(op.weight_reuse, layer.at("weight_reuse") != 0);
    EXPECT_EQ(op.skip_data_release, layer.at("skip_data_rls") != 0);
    EXPECT_EQ(op.skip_weight_release, layer.at("skip_weight_rls") != 0);
    EXPECT_EQ(op.padding.left, layer.at("pad").at("left"));
    EXPECT_EQ(op.padding.right, layer.at("pad").at("right"));
    EXPECT_EQ(op.padding.top, layer.at("pad").at("top"));
    EXPECT_EQ(op.padding.bottom, layer.at("pad").at("bottom"));
  }

  static void sequence(const Json& layer, const ConvolutionSequence& op) {
    const Json& kernel = layer.at("kernel");
    const bool pixel = layer.at("data_format") != 36;
    EXPECT_EQ(op.kernel_width, kernel.at("w"));
    EXPECT_EQ(op.kernel_height, kernel.at("h"));
    EXPECT_EQ(op.kernel_channels, kernel.at("c"));
    EXPECT_EQ(op.kernels, kernel.at("n"));
    expect_size(op.input, layer.at("csc_in"));
    EXPECT_EQ(op.output.width, layer.at("cmac_out").at("w"));
    EXPECT_EQ(op.output.height, layer.at("cmac_out").at("h"));
    // Image input folds the x stride into the channels.
    if (!pixel) {
      EXPECT_EQ(op.stride_x, layer.at("stride")[0]);
    }
    EXPECT_EQ(op.stride_y, layer.at("stride")[1]);
    EXPECT_EQ(op.dilation_x, layer.at("dilation")[0]);
    EXPECT_EQ(op.dilation_y, layer.at("dilation")[1]);
    EXPECT_EQ(op.post_y_extension, 1U << layer.at("post_extension").get<unsigned>());
    EXPECT_EQ(op.padding.left, layer.at("pad").at("left"));
    EXPECT_EQ(op.padding.top, layer.at("pad").at("top"));
  }

  void sdp(const Json& layer, std::uint32_t group) const {
    auto op = decode_sdp(file_, group, hardware_);
    op.has_fetch = layer.at("rdma") != 0;
    if (op.has_fetch) op.fetch = decode_sdp_fetch(file_, group, hardware_);
    EXPECT_NO_THROW(check_consistent(file_, group, op, hardware_));
    EXPECT_EQ(op.flying, layer.at("flying"));
    EXPECT_FALSE(op.output_to_pdp);
    EXPECT_EQ(op.processing_precision, precision(layer.at("precision")));
    EXPECT_EQ(op.output_precision, precision(layer.at("out_precision")));
    expect_size(op.cube, layer.at("dst"));
    expect_surface(op.destination, layer.at("dst"));
    EXPECT_EQ(op.convert_scale, layer.at("out_cvt").at("scale"));
    EXPECT_EQ(op.convert_shift, layer.at("out_cvt").at("truncate"));
    stage(layer.at("x1"), op.x1);
    stage(layer.at("x2"), op.x2);
    stage(layer.at("y"), op.y);
    EXPECT_EQ(op.y.lut, layer.at("lut_index") != -1);
    if (!op.has_fetch) return;
    const SdpFetch& fetch = op.fetch;
    EXPECT_EQ(fetch.flying, op.flying);
    expect_size(fetch.cube, layer.at("src"));
    if (!fetch.flying) expect_surface(fetch.source, layer.at("src"));
    operand(layer.at("x1"), layer.value("x1_data", Json()), fetch.x1);
    operand(layer.at("x2"), layer.value("x2_data", Json()), fetch.x2);
    EXPECT_FALSE(fetch.y.enabled);  // the traces use Y for its table only
  }

  static void stage(const Json& layer, const SdpStage& stage) {
    EXPECT_EQ(stage.bypass, layer.is_null());
    if (layer.is_null()) return;
    const std::string type = layer.at("type");
    EXPECT_EQ(stage.alu_bypass, type != "add" && type != "both");
    EXPECT_EQ(stage.mul_bypass, type != "mul" && type != "both");
    if (!stage.alu_bypass) {
      EXPECT_EQ(stage.alu_algorithm, 2U);  // sum
    }
    EXPECT_EQ(stage.relu_bypass, layer.at("act") != "relu");
    EXPECT_EQ(stage.lut, layer.at("act") == "lut");
    const bool from_memory = layer.at("mode") != "per_layer";
    EXPECT_EQ(stage.alu_from_dma, !stage.alu_bypass && from_memory);
    EXPECT_EQ(stage.mul_from_dma, !stage.mul_bypass && from_memory);
  }

  static void operand(const Json& layer, const Json& data, const SdpOperand& operand) {
    const bool enabled = !layer.is_null() && layer.at("mode") != "per_layer";
    EXPECT_EQ(operand.enabled, enabled);
    if (!enabled) return;
    EXPECT_EQ(operand.per_element, layer.at("mode") == "per_point");
    EXPECT_EQ(operand.two_bytes, layer.at("precision") != "int8");
    const std::string type = layer.at("type");
    const auto use = type == "both" ? SdpDataUse::kBoth : type == "add" ? SdpDataUse::kAlu : SdpDataUse::kMul;
    EXPECT_EQ(operand.use, use);
    expect_surface(operand.source, data);
  }

  static void pdp(const Json& layer, const PdpOperation& op) {
    EXPECT_EQ(op.flying, layer.at("flying"));
    EXPECT_EQ(op.precision, precision(layer.at("precision")));
    EXPECT_EQ(op.method, layer.at("op") == "max_pool" ? PoolingMethod::kMax : PoolingMethod::kAverage);
    EXPECT_EQ(op.kernel_width, layer.at("kernel").at("w"));
    EXPECT_EQ(op.kernel_height, layer.at("kernel").at("h"));
    EXPECT_EQ(op.stride_x, layer.at("stride")[0]);
    EXPECT_EQ(op.stride_y, layer.at("stride")[1]);
    EXPECT_EQ(op.splits, layer.at("split_num"));
    EXPECT_EQ(op.padding.left, layer.at("pad").at("left"));
    EXPECT_EQ(op.padding.right, layer.at("pad").at("right"));
    EXPECT_EQ(op.padding.top, layer.at("pad").at("top"));
    EXPECT_EQ(op.padding.bottom, layer.at("pad").at("bottom"));
    expect_size(op.input, layer.at("src"));
    expect_size(op.output, layer.at("dst"));
    expect_surface(op.source, layer.at("src"));
    expect_surface(op.destination, layer.at("dst"));
  }

  const RegisterFile& file_;
  const HardwareParameters& hardware_;
};

class EveryTrace : public testing::TestWithParam<std::string> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EveryTrace);

TEST_P(EveryTrace, ReplaysAndDecodesToTheProgrammedLayers) {
  const HardwareParameters hardware = hardware_of(GetParam());
  std::ifstream layers_file(trace_folder(GetParam()) + "/layers.json");
  const Json layers = Json::parse(layers_file).at("layers");
  std::map<std::uint32_t, const Json*> by_line;
  for (const Json& layer : layers) by_line[layer.at("enable_line").get<std::uint32_t>() - 1] = &layer;

  RegisterFile file(hardware);
  const LayerChecker checker(file, hardware);
  std::size_t checked = 0;
  replay(file, read_trace(GetParam()), [&](const TraceLine& line) {
    const auto layer = by_line.find(line.number);
    if (layer == by_line.end()) return;
    checker.check(*layer->second);
    ++checked;
  });
  EXPECT_EQ(checked, layers.size());
  for (std::size_t unit = static_cast<std::size_t>(Unit::kBdma); unit < kUnits; ++unit) {
    for (const std::uint32_t group : {0U, 1U}) {
      EXPECT_FALSE(file.enabled(static_cast<Unit>(unit), group)) << unit_name(static_cast<Unit>(unit));
    }
  }
  EXPECT_FALSE(file.interrupt());
}

INSTANTIATE_TEST_SUITE_P(Traces, EveryTrace, testing::ValuesIn(trace_names()),
                         [](const auto& info) { return info.param; });

}  // namespace

}  // namespace nvdla::registers::test
