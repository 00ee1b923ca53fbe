// SPDX-License-Identifier: Apache-2.0
// Proves that the groups of a unit and of its read DMA need not be the same: the driver chooses each from the
// consumer pointer of its own, and after an operation without read DMA the pointers differ. Convolutions with
// and without bias, with a pooling behind them on the fly, and poolings from memory, in sequences that bring
// the pointers apart; at every level, on both generations: all end, each on its own record.
#include <gtest/gtest.h>

#include <array>

#include "tests/engine/accelerator_test_bench.h"

namespace nvdla::engine {
namespace {

using registers::test::Cdp;
using registers::test::Convolution;
using registers::test::Pdp;
using registers::test::Programmer;
using registers::test::Sdp;

enum class Layer : std::uint8_t { kPlain, kBias, kFused, kBiasFused, kPool, kLrn, kEltwise };
struct Case {
  const char* name;
  std::vector<Layer> layers;
};
using L = Layer;
const Case kCases[] = {
    {"without_bias", {L::kPlain, L::kPlain, L::kPlain, L::kPlain}},
    {"alternating", {L::kPlain, L::kBias, L::kBias, L::kPlain, L::kBias}},
    {"one_without_then_bias", {L::kPlain, L::kBias, L::kBias, L::kBias}},
    {"fused_then_pool", {L::kFused, L::kPool, L::kFused, L::kPool, L::kPool}},
    {"bias_fused_mix", {L::kBiasFused, L::kPool, L::kPlain, L::kBias, L::kFused, L::kPool, L::kEltwise}},
    {"lrn_between", {L::kPlain, L::kLrn, L::kBias, L::kLrn, L::kPool, L::kLrn}},
};

struct Parameter {
  const char* configuration;
  amaix::Level level;
  Case layers;
};

class GroupChoice : public testing::TestWithParam<Parameter> {
 protected:
  GroupChoice() : hardware_(preset(GetParam().configuration)), system_(hardware_, options(), {}, {}) {
    system_.accelerator().add_listener(log_);
  }

  struct Log : Listener {
    void on_done(const OperationRecord& record) override { done.push_back(record); }
    void on_fault(const std::string& text, Cycle) override { told.push_back(text); }
    void on_warning(const std::string& text, Cycle) override { told.push_back(text); }
    std::vector<OperationRecord> done;
    std::vector<std::string> told;
  };

  // As utils_get_free_group in nvdla/sw does: the group that the unit's own pointer gives, toggled with each
  // use of that unit.
  std::uint32_t take(Unit unit) { return next_[static_cast<std::size_t>(unit)]++ % 2; }

  void write(std::uint32_t offset, std::uint32_t value) {
    system_.accelerator().write(offset, value, system_.accelerator().now());
  }
  void program(const Programmer& descriptor, Unit unit, std::uint32_t group) {
    const registers::RegisterMap& map = descriptor.file().map();
    write(map.offset(unit, "S_POINTER"), group);
    for (std::size_t i = 0; i < map.size(); ++i) {
      if (map[i].unit == unit && map[i].grouped() && map[i].write_mask != 0 && map[i].name != "D_OP_ENABLE")
        write(map[i].offset, descriptor.file().value(unit, map[i].name, 0));
    }
  }
  void enable(Unit unit, std::uint32_t group) {
    const registers::RegisterMap& map = system_.accelerator().register_file().map();
    write(map.offset(unit, "S_POINTER"), group);
    write(map.offset(unit, "D_OP_ENABLE"), 1);
  }
  void start(const Programmer& descriptor, std::initializer_list<Unit> units) {
    std::vector<std::pair<Unit, std::uint32_t>> chosen;
    for (const Unit unit : units) chosen.emplace_back(unit, take(unit));
    for (const auto& [unit, group] : chosen) program(descriptor, unit, group);
    for (const auto& [unit, group] : chosen) enable(unit, group);
  }

  // SDP behind the convolution of registers::test::Convolution.
  void behind_convolution(Sdp& sdp, bool bias, bool fused) const {
    const std::uint32_t atom = hardware_.memory_atom_bytes;
    for (const Unit unit : {Unit::kSdp, Unit::kSdpRdma}) {
      sdp.set(unit, "D_DATA_CUBE_WIDTH", 11);
      sdp.set(unit, "D_DATA_CUBE_HEIGHT", 11);
      sdp.set(unit, "D_DATA_CUBE_CHANNEL", 31);
      sdp.set(unit, "D_FEATURE_MODE_CFG", "FLYING_MODE", 1);
    }
    sdp.set(Unit::kSdp, "D_DST_LINE_STRIDE", 12 * atom);
    sdp.set(Unit::kSdp, "D_DST_SURFACE_STRIDE", 144 * atom);
    if (fused) sdp.set(Unit::kSdp, "D_FEATURE_MODE_CFG", "OUTPUT_DST", 1);
    if (bias) {
      sdp.set(Unit::kSdp, "D_DP_BS_CFG", 0x58);      // ALU only: sum
      sdp.set(Unit::kSdp, "D_DP_BS_ALU_CFG", 1);     // operand from memory
      sdp.set(Unit::kSdpRdma, "D_BRDMA_CFG", 0x2a);  // for the ALU, two bytes a channel, main memory
    }
  }
  // 2x2 pooling of the 12x12x32 that SDP gives.
  void behind_sdp(Pdp& pdp) const {
    const std::uint32_t atom = hardware_.memory_atom_bytes;
    pdp.set(Unit::kPdp, "D_DATA_CUBE_IN_WIDTH", 11);
    pdp.set(Unit::kPdp, "D_DATA_CUBE_IN_HEIGHT", 11);
    pdp.set(Unit::kPdp, "D_DATA_CUBE_IN_CHANNEL", 31);
    pdp.set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", 5);
    pdp.set(Unit::kPdp, "D_DATA_CUBE_OUT_HEIGHT", 5);
    pdp.set(Unit::kPdp, "D_DATA_CUBE_OUT_CHANNEL", 31);
    pdp.set(Unit::kPdp, "D_OPERATION_MODE_CFG", "FLYING_MODE", 0);
    pdp.set(Unit::kPdp, "D_DST_LINE_STRIDE", 6 * atom);
    pdp.set(Unit::kPdp, "D_DST_SURFACE_STRIDE", 36 * atom);
  }
  void start(Layer layer) {
    const char* const configuration = GetParam().configuration;
    const bool fused = layer == Layer::kFused || layer == Layer::kBiasFused;
    const bool bias = layer == Layer::kBias || layer == Layer::kBiasFused;
    if (layer == Layer::kPool) return start(Pdp(configuration), {Unit::kPdpRdma, Unit::kPdp});
    if (layer == Layer::kLrn) return start(Cdp(configuration), {Unit::kCdpRdma, Unit::kCdp});
    if (layer == Layer::kEltwise) return start(Sdp(configuration), {Unit::kSdpRdma, Unit::kSdp});
    if (fused) {
      Pdp pdp(configuration);
      behind_sdp(pdp);
      start(pdp, {Unit::kPdp});
    }
    Sdp sdp(configuration);
    behind_convolution(sdp, bias, fused);
    if (bias) {
      start(sdp, {Unit::kSdpRdma, Unit::kSdp});
    } else {
      start(sdp, {Unit::kSdp});
    }
    start(Convolution(configuration), {Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma});
  }
  void finish() {
    while (system_.step(system_.accelerator().now() + 10'000'000)) {
    }
    EXPECT_TRUE(system_.idle());
    for (const std::string& line : system_.accelerator().unfinished()) ADD_FAILURE() << line;
    for (const std::string& line : log_.told) ADD_FAILURE() << line;
  }

  [[nodiscard]] static AcceleratorOptions options() {
    AcceleratorOptions result;
    result.level = GetParam().level;
    result.settled_reset = 1U << 20U;
    return result;
  }

  HardwareParameters hardware_;
  System system_;
  Log log_;
  std::array<std::uint32_t, kUnits> next_{};
};

// Engines that a layer ends, and whether each reads operands or input of its own.
std::vector<Engine> engines(Layer layer) {
  switch (layer) {
    case Layer::kPool:
      return {Engine::kPdp};
    case Layer::kLrn:
      return {Engine::kCdp};
    case Layer::kEltwise:
      return {Engine::kSdp};
    case Layer::kFused:
    case Layer::kBiasFused:
      return {Engine::kConv, Engine::kSdp, Engine::kPdp};
    default:
      return {Engine::kConv, Engine::kSdp};
  }
}

// One layer behind the other.
TEST_P(GroupChoice, LayersOneByOne) {
  std::array<std::uint32_t, kEngines> count{};
  for (const Layer layer : GetParam().layers.layers) {
    log_.done.clear();
    start(layer);
    finish();
    std::vector<Engine> expected = engines(layer), seen;
    for (const OperationRecord& record : log_.done) seen.push_back(record.id.engine);
    std::sort(seen.begin(), seen.end());
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(seen, expected);
    for (const OperationRecord& record : log_.done) {
      const std::uint32_t number = count[static_cast<std::size_t>(record.id.engine)]++;
      EXPECT_EQ(record.id.sequence, number);
      EXPECT_EQ(record.group, number % 2);
      EXPECT_GE(record.start, record.enable);
      EXPECT_GT(record.done, record.start);
      if (record.id.engine != Engine::kSdp || layer == Layer::kEltwise) continue;
      const bool bias = layer == Layer::kBias || layer == Layer::kBiasFused;
      EXPECT_EQ(record.dbb.read[static_cast<std::size_t>(Client::kSdpB)] > 0, bias);
    }
  }
}

// Two layers programmed at a time, as the driver does while there are free groups.
TEST_P(GroupChoice, TwoLayersAhead) {
  std::array<std::vector<Cycle>, kEngines> ends;
  std::size_t operations = 0;
  const std::vector<Layer>& layers = GetParam().layers.layers;
  for (std::size_t i = 0; i < layers.size(); i += 2) {
    for (std::size_t k = i; k < std::min(i + 2, layers.size()); ++k) {
      start(layers[k]);
      operations += engines(layers[k]).size();
    }
    finish();
  }
  EXPECT_EQ(log_.done.size(), operations);
  for (const OperationRecord& record : log_.done) {
    std::vector<Cycle>& own = ends[static_cast<std::size_t>(record.id.engine)];
    EXPECT_EQ(record.id.sequence, own.size());
    if (!own.empty()) {
      EXPECT_GT(record.done, own.back());
    }
    own.push_back(record.done);
  }
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> result;
  for (const char* configuration : {"nv_full", "nv_small"})
    for (const amaix::Level level : {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic})
      for (const Case& layers : kCases) result.push_back({configuration, level, layers});
  return result;
}
INSTANTIATE_TEST_SUITE_P(All, GroupChoice, testing::ValuesIn(parameters()), [](const auto& info) {
  return std::string(info.param.configuration) + "_" + std::string(amaix::level_name(info.param.level)) +
         "_" + info.param.layers.name;
});

// Legal: hardware takes group 0 first all the same, and each completion is logged on its own record.
TEST(GroupOrder, GroupOneEnabledBeforeGroupZero) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    accelerator_test::Bench b(configuration);
    b.program_convolution(0);
    b.program_convolution(1);
    b.enable_convolution(1);
    b.advance(b.accelerator.now() + 50);
    EXPECT_TRUE(b.done.empty());
    const Cycle second = b.accelerator.now();
    b.enable_convolution(0);
    ASSERT_TRUE(b.finish());
    const std::vector<OperationRecord> done = b.of(Engine::kConv);
    ASSERT_EQ(done.size(), 2U);
    EXPECT_EQ(done[0].group, 0U);
    EXPECT_EQ(done[0].id.sequence, 0U);
    EXPECT_GE(done[0].enable, second);
    EXPECT_EQ(done[1].group, 1U);
    EXPECT_EQ(done[1].id.sequence, 1U);
    EXPECT_LT(done[1].enable, second);
    EXPECT_LT(done[0].done, done[1].done);
  }
}

}  // namespace
}  // namespace nvdla::engine
