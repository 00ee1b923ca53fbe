// SPDX-License-Identifier: Apache-2.0
#include "command/program_input.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>
#include <vector>

#include "host/driver/configuration.h"
#include "host/inputs/choose_configuration.h"
#include "host/inputs/input_kind.h"
#include "host/inputs/read_input.h"
#include "host/network/driver_program.h"
#include "validation/layers.h"

namespace nvdla::command {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

template <typename Read>
auto failed_replay(Read read) {
  try {
    return read();
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
}

void note_configuration(const std::string& path, const std::string& name, const std::string& reason) {
  std::cerr << "note: " << path << ": configuration " << name << ", because " << reason
            << " (--config chooses another)\n";
}

ProgramInput compiled(const std::string& path, const host::ReplayOptions& options) {
  host::DriverProgram driven = host::driver_program(host::read_loadable(path), options);
  return {std::move(driven.program), [layers = std::move(driven.run.layers)](OperationId id) {
            const auto found = layers.find(id);
            return found == layers.end() ? std::string() : found->second;
          }};
}

ProgramInput traced(const std::string& path, Generation generation) {
  const fs::path layers = fs::path(path).parent_path() / "layers.json";
  validation::LayerNames names;
  if (path != "-" && fs::exists(layers)) names = validation::LayerNames(layers.string());
  return {host::read_input(path, generation),
          [names = std::move(names)](OperationId id) { return names.of(id.engine, id.sequence); }};
}

}  // namespace

bool is_loadable(const std::string& path) {
  return failed_replay([&] { return host::input_kind(path) == host::InputKind::kLoadable; });
}

ProgramInput read_program(const std::string& path, const host::ReplayOptions& options) {
  return failed_replay([&] {
    return is_loadable(path) ? compiled(path, options) : traced(path, options.hardware.generation);
  });
}

void name_layers(const ProgramInput& input, host::ReplayResult& result) {
  for (const engine::OperationRecord& operation : result.operations) {
    const std::string name = input.name_of(operation.id);
    if (!name.empty()) result.layers[operation.id] = name;
  }
}

host::Loadable read_loadable(const std::string& path) {
  return failed_replay([&] { return host::read_loadable(path); });
}

std::string configuration_of(const po::variables_map& values, const host::Loadable& loadable) {
  if (!values["config"].defaulted()) return values["config"].as<std::string>();
  const std::vector<std::string> possible =
      failed_replay([&] { return host::possible_configurations(loadable); });
  if (possible.empty())
    throw host::ReplayError(loadable.path + ": is not compiled for any configuration that is known");
  const bool full = std::find(possible.begin(), possible.end(), "nv_full") != possible.end();
  const std::string& chosen =
      full ? *std::find(possible.begin(), possible.end(), "nv_full") : possible.front();
  std::string reason = "its descriptors fit ";
  for (std::size_t i = 0; i < possible.size(); ++i) reason += (i == 0 ? "" : ", ") + possible[i];
  if (!full || possible.size() > 1) note_configuration(loadable.path, chosen, reason);
  return chosen;
}

std::string configuration_of(const po::variables_map& values, const std::string& path) {
  if (!values["config"].defaulted()) return values["config"].as<std::string>();
  if (is_loadable(path)) return configuration_of(values, read_loadable(path));
  const host::ConfigurationChoice choice = failed_replay([&] { return host::choose_configuration(path); });
  if (!choice.reason.empty()) note_configuration(path, choice.name, choice.reason);
  return choice.name;
}

}  // namespace nvdla::command
