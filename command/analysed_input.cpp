// SPDX-License-Identifier: Apache-2.0
#include "command/analysed_input.h"

#include <filesystem>

#include "command/layer_network.h"
#include "command/program_input.h"
#include "host/replay.h"
#include "validation/comparison.h"
#include "validation/recording.h"

namespace nvdla::command {

namespace fs = std::filesystem;

namespace {

bool is_recording(const std::string& path) {
  if (fs::path(path).extension() == ".json") return true;
  return !fs::exists(path) && fs::exists(path + ".json");
}

host::ReplayOptions replay_options(const HardwareParameters& hardware, const host::MemoryOptions& dbb,
                                   const std::optional<host::MemoryOptions>& cvsram) {
  host::ReplayOptions options;
  options.hardware = hardware;
  options.dbb = dbb;
  options.cvsram = cvsram;
  return options;
}

analysis::Network named_network(InputFile& file, const host::ReplayOptions& options) {
  const ProgramInput input = file.read(options);
  analysis::Network network(input.program, options.hardware);
  const auto& operations = network.operations();
  const std::pair<Engine, std::size_t> counts[] = {
      {Engine::kConv, operations.convolutions.size()}, {Engine::kSdp, operations.sdp.size()},
      {Engine::kPdp, operations.pdp.size()},           {Engine::kCdp, operations.cdp.size()},
      {Engine::kBdma, operations.bdma.size()},         {Engine::kRubik, operations.rubik.size()}};
  for (const auto& [engine, count] : counts)
    for (std::uint32_t i = 0; i < count; ++i) network.name({engine, i}, input.name_of({engine, i}));
  return network;
}

}  // namespace

analysis::Network named_network(const std::string& path, const host::ReplayOptions& options) {
  InputFile file(path);
  return named_network(file, options);
}

memory::MemorySystem memory_system(const host::MemoryOptions& dbb,
                                   const std::optional<host::MemoryOptions>& cvsram) {
  memory::MemorySystem memory;
  memory.dbb = dbb;
  if (cvsram) memory.cvsram = *cvsram;
  return memory;
}

AnalysedInput analysed_input(const std::string& path, const boost::program_options::variables_map& values) {
  if (is_layer_network(path)) {
    const CommonOptions common = common_of(values);
    return {layer_network(path, mapping_of(values), common.hardware).network,
            memory_system(common.dbb, common.cvsram), std::nullopt};
  }
  if (!is_recording(path)) {
    InputFile file(path);
    const CommonOptions common = common_of(values, file.configuration(values));
    return {named_network(file, replay_options(common.hardware, common.dbb, common.cvsram)),
            memory_system(common.dbb, common.cvsram), std::nullopt};
  }
  const CommonOptions common = common_of(values);
  const validation::Recording recording = validation::load_recording(path);
  const bool own_hardware = values["config"].defaulted();
  const HardwareParameters hardware = own_hardware ? preset(recording.config) : common.hardware;
  const bool own_memory = values.count("dbb") == 0 && values.count("cvsram") == 0;
  const auto& dbb = own_memory ? recording.dbb : common.dbb;
  const auto& cvsram = own_memory ? recording.cvsram : common.cvsram;
  AnalysedInput input{
      named_network(validation::find_trace(recording, std::nullopt), replay_options(hardware, dbb, cvsram)),
      memory_system(dbb, cvsram), std::nullopt};
  if (own_hardware && own_memory) input.recorded = recording.last_done;
  return input;
}

}  // namespace nvdla::command
