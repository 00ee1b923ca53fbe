// SPDX-License-Identifier: Apache-2.0
#include "command/analysed_input.h"

#include <filesystem>

#include "command/driver_program.h"
#include "host/replay.h"
#include "validation/comparison.h"
#include "validation/layers.h"
#include "validation/recording.h"

namespace nvdla::command {

namespace fs = std::filesystem;

namespace {

// A trace that cannot be read is a failed replay, not a wrong option.
analysis::Network read_network(const std::string& trace, const HardwareParameters& hardware) {
  try {
    return {trace, hardware};
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
}

bool is_loadable(const std::string& path) { return fs::path(path).extension() == ".nvdla"; }

// The driver's accesses on this design and memory, simulated.
analysis::Network compiled_network(const std::string& path, const CommonOptions& common) {
  host::ReplayOptions options;
  options.hardware = common.hardware;
  options.dbb = common.dbb;
  options.cvsram = common.cvsram;
  try {
    return {driver_program(path, options), common.hardware};
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
}

bool is_recording(const std::string& path) {
  if (fs::path(path).extension() == ".json") return true;
  return !fs::exists(path) && fs::exists(path + ".json");
}

}  // namespace

analysis::Network named_network(const std::string& trace, const HardwareParameters& hardware) {
  analysis::Network network = read_network(trace, hardware);
  const fs::path layers = fs::path(trace).parent_path() / "layers.json";
  if (!fs::exists(layers)) return network;
  const validation::LayerNames names(layers.string());
  const auto& operations = network.operations();
  const std::pair<Engine, std::size_t> counts[] = {
      {Engine::kConv, operations.convolutions.size()}, {Engine::kSdp, operations.sdp.size()},
      {Engine::kPdp, operations.pdp.size()},           {Engine::kCdp, operations.cdp.size()},
      {Engine::kBdma, operations.bdma.size()},         {Engine::kRubik, operations.rubik.size()}};
  for (const auto& [engine, count] : counts)
    for (std::uint32_t i = 0; i < count; ++i) network.name({engine, i}, names.of(engine, i));
  return network;
}

memory::MemorySystem memory_system(const host::MemoryOptions& dbb,
                                   const std::optional<host::MemoryOptions>& cvsram) {
  memory::MemorySystem memory;
  memory.dbb = dbb;
  if (cvsram) memory.cvsram = *cvsram;
  return memory;
}

AnalysedInput analysed_input(const std::string& path, const boost::program_options::variables_map& values) {
  CommonOptions common = common_of(values);
  if (is_loadable(path))
    return {compiled_network(path, common), memory_system(common.dbb, common.cvsram), std::nullopt};
  if (!is_recording(path))
    return {named_network(path, common.hardware), memory_system(common.dbb, common.cvsram), std::nullopt};

  const validation::Recording recording = validation::load_recording(path);
  const bool own_hardware = values["config"].defaulted();
  const HardwareParameters hardware = own_hardware ? preset(recording.config) : common.hardware;
  const bool own_memory = values.count("dbb") == 0 && values.count("cvsram") == 0;
  memory::MemorySystem memory =
      own_memory ? memory_system(recording.dbb, recording.cvsram) : memory_system(common.dbb, common.cvsram);
  AnalysedInput input{named_network(validation::find_trace(recording, std::nullopt), hardware), memory,
                      std::nullopt};
  if (own_hardware && own_memory) input.recorded = recording.last_done;
  return input;
}

}  // namespace nvdla::command
