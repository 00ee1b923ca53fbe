// SPDX-License-Identifier: Apache-2.0
// Whole networks and single layers on a memory of known contents: what every operation leaves in memory is
// what NVIDIA's functional model left there, bit for bit (tests/values/networks.json says where the numbers
// come from). At the dynamic level, where values travel with the requests of the units; LeNet at every level.
// The int8 networks also with every operation on fresh memory: as recorded, their look-up tables are empty
// and their scales small, so that little is left of a picture behind the first layers.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/output_checksums.h"
#include "host/player.h"
#include "host/runner.h"
#include "host/system_bus.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = NVDLA_SOURCE_DIR;

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

nlohmann::json values_file() {
  std::ifstream file(kSource / "tests/values/networks.json");
  return nlohmann::json::parse(file);
}

nlohmann::json expected() { return values_file().at("traces"); }

// Names of the file's traces with the prefix and the ending.
std::vector<std::string> traces(const std::string& prefix, const std::string& ending) {
  std::vector<std::string> names;
  const nlohmann::json all = expected();
  for (const auto& [name, values] : all.items()) {
    const bool ends =
        name.size() >= ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
    if (name.compare(0, prefix.size(), prefix) == 0 && ends) names.push_back(name);
  }
  return names;
}

// As networks.json has them: by engine, in hexadecimal.
nlohmann::json by_engine(const std::map<OperationId, std::uint32_t>& sums) {
  nlohmann::json found = nlohmann::json::object();
  for (const auto& [id, sum] : sums) {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", sum);
    found[std::string(engine_name(id.engine))].push_back(text);
  }
  return found;
}

std::string path_of(const std::string& trace) {
  return (kSource / "firmware_traces" / trace / "input.txn.gz").string();
}

ReplayOptions options_for(const std::string& trace, amaix::Level level) {
  ReplayOptions options;
  options.hardware = preset(has(trace, "nv_small") ? "nv_small" : "nv_full");
  options.level = level;
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  options.tensors = true;
  options.jobs = 2;
  // The status that the recorded driver read while it waited depends on the time.
  options.stop_on_mismatch = false;
  options.pattern = {has(trace, "fp16") ? memory::Pattern::Kind::kFp16 : memory::Pattern::Kind::kBytes, 1};
  return options;
}

nlohmann::json computed(const std::string& trace, amaix::Level level) {
  const Program program(path_of(trace));
  return by_engine(run(program, options_for(trace, level)).checksums);
}

// Takes away what an operation has written, once it is summed up.
class FreshMemory : public engine::Listener {
 public:
  FreshMemory(SystemBus& bus, const memory::Pattern& pattern) : bus_(bus), pattern_(pattern) {}
  void on_output(OperationId /*id*/, const OutputTensor& output) override {
    const std::uint32_t lanes = output.atom_bytes / bytes_per_element(output.precision);
    std::vector<unsigned char> line(std::size_t{output.cube.width} * output.atom_bytes);
    for (std::uint32_t c = 0; c < output.cube.channels; c += lanes) {
      for (std::uint32_t y = 0; y < output.cube.height; ++y) {
        const std::uint64_t address = output.address_of(0, c, y, 0);
        pattern_.fill(address, line.data(), line.size());
        EXPECT_TRUE(bus_.load_memory(address, line.data(), line.size()));
      }
    }
  }

 private:
  SystemBus& bus_;
  const memory::Pattern pattern_;
};

nlohmann::json computed_on_fresh_memory(const std::string& trace) {
  const Program program(path_of(trace));
  ReplayOptions options = options_for(trace, amaix::Level::kDynamic);
  options.pattern = {memory::Pattern::Kind::kSparse, 1};
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  bus.system().contents().set_pattern(options.pattern);
  OutputChecksums sums([&](std::uint64_t address, unsigned char* data, std::size_t length) {
    return bus.store_memory(address, data, length);
  });
  FreshMemory fresh(bus, options.pattern);
  engine::Accelerator& accelerator = bus.system().accelerator();
  Player player(program, bus, accelerator, player_options(options));
  accelerator.add_listener(sums);
  accelerator.add_listener(fresh);
  accelerator.add_listener(player);
  player.play();
  bus.drain();
  return by_engine(sums.values());
}

void expect_same(const std::vector<std::string>& names, amaix::Level level) {
  const nlohmann::json known = expected();
  for (const std::string& name : names) {
    SCOPED_TRACE(name + ", " + std::string(amaix::level_name(level)));
    EXPECT_EQ(computed(name, level), known.at(name));
  }
}

TEST(NetworkValues, LeNetAtEveryLevel) {
  const std::vector<std::string> names = traces("lenet", "");
  EXPECT_EQ(names.size(), 5U);
  for (const amaix::Level level : {amaix::Level::kDynamic, amaix::Level::kRefined, amaix::Level::kRoofline})
    expect_same(names, level);
}

TEST(NetworkValues, EveryOperationOnFreshMemory) {
  const nlohmann::json known = values_file().at("fresh memory");
  EXPECT_GE(known.size(), 6U);
  for (const auto& [name, sums] : known.items()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(computed_on_fresh_memory(name), sums);
  }
}

class AlexNetValues : public ::testing::TestWithParam<std::string> {};

TEST_P(AlexNetValues, AreThoseOfTheFunctionalModel) { expect_same({GetParam()}, amaix::Level::kDynamic); }

INSTANTIATE_TEST_SUITE_P(Traces, AlexNetValues, ::testing::ValuesIn(traces("alexnet", "")),
                         [](const auto& test) { return test.param; });

TEST(LayerValues, NvFullInt8) {
  const std::vector<std::string> names = traces("u_", "_nv_full_int8");
  EXPECT_GT(names.size(), 35U);
  expect_same(names, amaix::Level::kDynamic);
}

TEST(LayerValues, NvFullFp16) {
  const std::vector<std::string> names = traces("u_", "_nv_full_fp16");
  EXPECT_GT(names.size(), 15U);
  expect_same(names, amaix::Level::kDynamic);
}

TEST(LayerValues, NvSmall) {
  const std::vector<std::string> names = traces("u_", "_nv_small_int8");
  EXPECT_GT(names.size(), 30U);
  expect_same(names, amaix::Level::kDynamic);
}

}  // namespace
}  // namespace nvdla::host
