// SPDX-License-Identifier: Apache-2.0
#include "command/program_input.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>
#include <vector>

#include "host/driver/configuration.h"
#include "host/inputs/choose_configuration.h"
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

ProgramInput compiled(const host::Loadable& loadable, const host::ReplayOptions& options) {
  host::DriverProgram driven = host::driver_program(loadable, options);
  return {std::move(driven.program), [layers = std::move(driven.run.layers)](OperationId id) {
            const auto found = layers.find(id);
            return found == layers.end() ? std::string() : found->second;
          }};
}

ProgramInput traced(const std::string& path, host::Program program, bool named) {
  const fs::path layers = fs::path(path).parent_path() / "layers.json";
  validation::LayerNames names;
  if (named && path != "-" && fs::exists(layers)) names = validation::LayerNames(layers.string());
  return {std::move(program),
          [names = std::move(names)](OperationId id) { return names.of(id.engine, id.sequence); }};
}

}  // namespace

InputFile::InputFile(std::string path)
    : path_(std::move(path)), kind_(failed_replay([&] { return host::input_kind(path_); })) {}

ProgramInput InputFile::read(const host::ReplayOptions& options, bool named) {
  return failed_replay([&] {
    if (is_loadable()) return compiled(loadable_ ? *loadable_ : host::read_loadable(path_), options);
    if (!program_) program_ = host::read_input(path_, kind_, options.hardware.generation);
    ProgramInput result = traced(path_, std::move(*program_), named);
    program_.reset();
    return result;
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

std::string InputFile::configuration(const po::variables_map& values) {
  if (!values["config"].defaulted()) return values["config"].as<std::string>();
  if (is_loadable()) return configuration_of(values, loadable_.emplace(read_loadable(path_)));
  host::ConfigurationChoice choice = failed_replay([&] { return host::choose_configuration(path_, kind_); });
  program_ = std::move(choice.program);
  if (!choice.reason.empty()) note_configuration(path_, choice.name, choice.reason);
  return choice.name;
}

}  // namespace nvdla::command
