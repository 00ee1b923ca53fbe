// SPDX-License-Identifier: Apache-2.0
// Presets against the published configuration table, the checks, and configurations from files.
#include "hardware/parameters.h"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "amaix/estimate.h"
#include "hardware/parameter_table.h"
#include "hardware/parameters_file.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::amaix {

namespace {

std::uint32_t fifo(const HardwareParameters& hardware, Client client) {
  return hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)];
}

// The message of the exception that `action` throws, empty if it throws none.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

testing::AssertionResult mentions(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "\"" << text << "\" does not mention \"" << part << "\"";
}

struct Row {
  const char* name;
  std::uint32_t atomic_c, atomic_k, atom, kib, bs, bn, ew, pdp, cdp, dbb_bits, latency;
  bool second_port, lut;
};

TEST(Presets, AreTheConfigurationsOfTheSpecFiles) {
  const Row rows[] = {{"nv_small", 8, 8, 8, 128, 1, 1, 0, 1, 1, 64, 64, false, false},
                      {"nv_small_256", 32, 8, 8, 128, 1, 1, 0, 1, 1, 64, 64, false, false},
                      {"nv_small_256_full", 32, 8, 8, 128, 2, 2, 1, 1, 1, 64, 64, true, true},
                      {"nv_medium_512", 32, 16, 16, 512, 4, 4, 0, 2, 2, 128, 256, false, false},
                      {"nv_medium_1024_full", 32, 32, 32, 512, 8, 8, 2, 4, 4, 256, 1024, true, true},
                      {"nv_large", 64, 32, 32, 512, 16, 16, 4, 8, 8, 256, 1024, true, true},
                      {"nv_full", 64, 32, 32, 512, 16, 16, 4, 8, 8, 512, 1200, true, true}};
  EXPECT_EQ(presets().size(), std::size(rows));
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const HardwareParameters& p = preset(row.name);
    EXPECT_NO_THROW(check(p));
    EXPECT_EQ(p.atomic_c, row.atomic_c);
    EXPECT_EQ(p.atomic_k_int8, row.atomic_k);
    EXPECT_EQ(p.memory_atom_bytes, row.atom);
    EXPECT_EQ(p.cbuf_bytes(), std::uint64_t{row.kib} * 1024);
    EXPECT_EQ(p.sdp_bs_throughput, row.bs);
    EXPECT_EQ(p.sdp_bn_throughput, row.bn);
    EXPECT_EQ(p.sdp_ew_throughput, row.ew);
    EXPECT_EQ(p.pdp_throughput, row.pdp);
    EXPECT_EQ(p.cdp_throughput, row.cdp);
    EXPECT_EQ(p.dbb_width_bytes * 8, row.dbb_bits);
    EXPECT_EQ(p.mem_latency_primary, row.latency);
    EXPECT_EQ(p.cvsram, row.second_port);
    EXPECT_EQ(p.sdp_lut, row.lut);
    const bool full = p.name == "nv_full";
    EXPECT_EQ(p.generation, full ? Generation::kV1 : Generation::kScalable);
    EXPECT_EQ(p.master_rtl, !full && p.name != "nv_small");  // their recordings' branches
    for (const bool feature : {p.winograd, p.batch, p.weight_compression, p.bdma, p.rubik, p.int16, p.fp16}) {
      EXPECT_EQ(feature, full);
    }
  }
}

// NV_NVDLA_MCIF_define.vh as branch master's build writes it; projects.spec: 1024 cycles * min(16, 256/8/4) B
// / 32 B = 256 entries; the floor is 4.
TEST(Presets, LatencyFifosFollowTheFormulaOfTheScalableGeneration) {
  const HardwareParameters& large = preset("nv_large");
  EXPECT_EQ(fifo(large, Client::kSdp), 256U);
  EXPECT_EQ(fifo(large, Client::kPdp), 256U);
  EXPECT_EQ(fifo(large, Client::kSdpE), 256U);
  const HardwareParameters& small = preset("nv_small_256");
  EXPECT_EQ(fifo(small, Client::kPdp), 8U);
  EXPECT_EQ(fifo(small, Client::kSdpB), 16U);
  EXPECT_EQ(fifo(small, Client::kSdpE), 4U);
  const HardwareParameters& medium = preset("nv_medium_512");
  EXPECT_EQ(fifo(medium, Client::kSdp), 64U);
  EXPECT_EQ(fifo(medium, Client::kCdp), 32U);
  EXPECT_EQ(fifo(medium, Client::kSdpN), 64U);
  EXPECT_EQ(fifo(preset("nv_small_256_full"), Client::kSdp), 16U);
  EXPECT_EQ(fifo(preset("nv_full"), Client::kBdma), 245U);
  EXPECT_EQ(fifo(preset("nv_full"), Client::kCdmaWt), 0U);
}

TEST(Presets, UnknownNameListsTheKnownOnes) {
  const std::string error = error_of([] { (void)preset("nv_huge"); });
  EXPECT_TRUE(mentions(error, "nv_huge"));
  EXPECT_TRUE(mentions(error, "nv_medium_1024_full"));
}

TEST(Check, NamesTheParameterThatIsWrong) {
  const auto broken = [](auto change) {
    HardwareParameters p = preset("nv_small");
    change(p);
    return error_of([&] { check(p); });
  };
  EXPECT_TRUE(mentions(broken([](auto& p) { p.atomic_c = 12; }), "atomic_c = 12"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.atomic_c = 0; }), "atomic_c = 0"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.cbuf_banks = 64; }), "cbuf_banks = 64"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.cbuf_entry_bytes = 16; }), "cbuf_entry_bytes"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.sdp_lut = true; }), "sdp_lut"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.sdp_throughput = 0; }), "sdp_throughput"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.winograd = true; }), "winograd"));
  EXPECT_TRUE(mentions(broken([](auto& p) {
                         p = preset("nv_full");
                         p.master_rtl = true;
                       }),
                       "master_rtl"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.dbb_width_bytes = 4; }), "dbb_width_bytes"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.max_outstanding_beats = 257; }), "max_outstanding_beats"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.max_burst_beats = 4; }), "mcif_chunk_beats"));
  EXPECT_TRUE(mentions(broken([](auto& p) { p.name.clear(); }), "name"));
  EXPECT_TRUE(mentions(broken([](auto& p) {
                         p.mcif_chunk_beats = 4;
                         p.read_latency_fifo_beats[2] = 3;
                       }),
                       "read_latency_fifo_beats.pdp = 3"));
}

class HardwareFile : public test::TemporaryDirectory {
 protected:
  [[nodiscard]] HardwareParameters load(const std::string& text) const {
    return load_hardware(file("mine.json", text));
  }
  [[nodiscard]] std::string error(const std::string& text) const {
    const std::string message = error_of([&] { (void)load(text); });
    EXPECT_TRUE(mentions(message, path("mine.json")));
    return message;
  }
};

TEST_F(HardwareFile, ChangesAPreset) {
  const auto p =
      load(R"({"base": "nv_medium_512", "name": "mine", "pdp_throughput": 4, "sdp_ew_throughput": 1,
                          "sdp_lut": true, "read_latency_fifo_beats": {"sdpe": 99}})");
  EXPECT_EQ(p.name, "mine");
  EXPECT_EQ(p.atomic_k_int8, 16U);
  EXPECT_EQ(p.pdp_throughput, 4U);
  EXPECT_TRUE(p.sdp_lut);
  EXPECT_EQ(fifo(p, Client::kSdpE), 99U);
  EXPECT_EQ(fifo(p, Client::kPdp), 64U);  // 256 cycles * 4 B / 16 B
}

TEST_F(HardwareFile, IsNamedAfterTheFile) {
  EXPECT_EQ(load(R"({"base": "nv_full"})").name, "mine");
  EXPECT_EQ(load(R"({"base": "nv_full"})").read_latency_fifo_beats,
            preset("nv_full").read_latency_fifo_beats);
}

TEST_F(HardwareFile, NamesFileAndKeyOfAnError) {
  EXPECT_TRUE(mentions(error("{\n\"base\": "), "line 2"));
  EXPECT_TRUE(mentions(error("[]"), "object"));
  EXPECT_TRUE(mentions(error("{}"), "base"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_none"})"), "nv_none"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "atomic_d": 8})"), "atomic_d"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "atomic_c": "8"})"), "atomic_c"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "atomic_c": -8})"), "atomic_c"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "atomic_c": 5000000000})"), "atomic_c"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "batch": 1})"), "batch"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "name": 1})"), "name"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "atomic_c": 16})"), "cbuf_entry_bytes"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "read_latency_fifo_beats": {"dma": 1}})"), "dma"));
  EXPECT_TRUE(mentions(error_of([] { (void)load_hardware("/nowhere/x.json"); }), "/nowhere/x.json"));
}

// Every value of every preset survives the way through a file, and the schema knows every key.
TEST_F(HardwareFile, PresetsAsFilesAreThePresets) {
  const std::string schema = hardware_schema();
  for (const HardwareParameters& each : presets()) {
    SCOPED_TRACE(each.name);
    const HardwareParameters p = load(hardware_json(each));
    EXPECT_EQ(p.name, each.name);
    EXPECT_EQ(p.generation, each.generation);
    EXPECT_EQ(p.read_latency_fifo_beats, each.read_latency_fifo_beats);
    for (const ParameterInfo& parameter : parameter_table()) {
      EXPECT_EQ(parameter_value(p, parameter), parameter_value(each, parameter)) << parameter.name;
      EXPECT_TRUE(mentions(schema, "\"" + std::string(parameter.name) + "\""));
    }
  }
}

TEST_F(HardwareFile, HasAClock) {
  EXPECT_EQ(load(R"({"base": "nv_small", "clock_mhz": 812.5})").clock_mhz, 812.5);
  EXPECT_EQ(preset("nv_full").clock_mhz, 1000);
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "clock_mhz": 0})"), "clock_mhz"));
  EXPECT_TRUE(mentions(error(R"({"base": "nv_small", "clock_mhz": "fast"})"), "clock_mhz"));
}

TEST_F(HardwareFile, IsToldFromAPresetByItsName) {
  EXPECT_EQ(hardware_from("nv_large").name, "nv_large");
  EXPECT_EQ(hardware_from(file("own.json", R"({"base": "nv_large", "atomic_k_int8": 16})")).name, "own");
  EXPECT_TRUE(mentions(error_of([] { (void)hardware_from("nv_huge"); }), "nv_medium_512"));
  EXPECT_TRUE(mentions(error_of([] { (void)hardware_from("missing.json"); }), "missing.json"));
}

// docs/configuration.md lists every parameter with its unit and its meaning, as the schema does.
TEST(ParameterTable, IsTheOneInTheDocuments) {
  std::ifstream in(NVDLA_SOURCE_DIR "/docs/configuration.md");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  for (const ParameterInfo& parameter : parameter_table())
    EXPECT_TRUE(mentions(text, "| `" + std::string(parameter.name) + "` | " + std::string(parameter.unit) +
                                   (parameter.unit.empty() ? "| " : " | ") + std::string(parameter.meaning) +
                                   " |"));
}

// What a designer would change along: the entry is one operand, a bank keeps its bytes, the latency FIFOs of
// the scalable generation are sized anew.
TEST(Derived, LetsFollowWhatIsNotGiven) {
  const HardwareParameters wide = derived(preset("nv_full"), {{"atomic_c", 128}});
  EXPECT_EQ(wide.cbuf_entry_bytes, 256U);
  EXPECT_EQ(wide.cbuf_bytes(), preset("nv_full").cbuf_bytes());
  EXPECT_EQ(derived(preset("nv_full"), {{"dbb_width_bytes", 128}}).mcif_chunk_beats, 2U);
  EXPECT_EQ(derived(preset("nv_full"), {{"dbb_width_bytes", 32}}).mcif_chunk_beats, 8U);
  const HardwareParameters large = derived(preset("nv_large"), {{"pdp_throughput", 4}});
  EXPECT_EQ(fifo(large, Client::kPdp), 128U);
  EXPECT_EQ(derived(preset("nv_large"), {}).read_latency_fifo_beats,
            preset("nv_large").read_latency_fifo_beats);
  EXPECT_EQ(derived(preset("nv_small"), {{"sdp_bs_throughput", 4}}).sdp_throughput, 4U);
  EXPECT_TRUE(mentions(error_of([] { (void)derived(preset("nv_small"), {{"atomic_d", 4}}); }), "atomic_d"));
  EXPECT_TRUE(mentions(error_of([] { (void)derived(preset("nv_small"), {{"atomic_c", 8.5}}); }), "atomic_c"));
  EXPECT_TRUE(mentions(error_of([] { (void)derived(preset("nv_small"), {{"bdma", 2}}); }), "bdma"));
}

TEST(Names, OfLevelsClientsAndResources) {
  for (const Level level : {Level::kRoofline, Level::kRefined, Level::kDynamic}) {
    EXPECT_EQ(level_from_name(level_name(level)), level);
  }
  EXPECT_FALSE(level_from_name("exact").has_value());
  EXPECT_EQ(client_name(Client::kCdmaWt), "cdmawt");
  EXPECT_EQ(client_name(Client::kBdma), "bdma");
  EXPECT_EQ(resource_name(Resource::kProgramming), "programming");
}

}  // namespace

}  // namespace nvdla::amaix
