// SPDX-License-Identifier: Apache-2.0
#include "command/modules.h"

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <filesystem>

#include "command/version.h"

namespace nvdla::command {

namespace {

// Of a program in the folder that Debian calls bin.
std::filesystem::path module_path(const std::string& name) {
  return (boost::dll::program_location().parent_path() / NVDLA_MODULES / ("nvdla-" + name + ".so"))
      .lexically_normal();
}

template <typename Module>
const Module& load(boost::dll::shared_library& library, const std::string& name) {
  const std::filesystem::path path = module_path(name);
  try {
    library.load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    const auto& module = library.get<const Module>("nvdla_" + name + "_module");
    if (std::string(module.version) != version())
      throw host::ReplayError(path.string() + ": is of version " + module.version + ", the program of " +
                              version() + ": build and install both together");
    return module;
  } catch (const std::system_error& error) {
    throw host::ReplayError(path.string() + ": cannot be loaded; build and install it together with the " +
                            "program (" + error.what() + ")");
  }
}

}  // namespace

const SystemCModule& systemc_module() {
  static boost::dll::shared_library library;
  static const SystemCModule& module = load<SystemCModule>(library, "systemc");
  return module;
}

const OnnxModule& onnx_module() {
  static boost::dll::shared_library library;
  static const OnnxModule& module = load<OnnxModule>(library, "onnx");
  return module;
}

}  // namespace nvdla::command
