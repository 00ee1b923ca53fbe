// SPDX-License-Identifier: Apache-2.0
// nvdla-compile CHAIN.json OUTPUT.nvdla CONFIGURATION: a chain of layers (tools/compiler/chain_file.h) as a
// compiled network for one configuration.
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "hardware/parameters_file.h"
#include "host/files/output_file.h"
#include "host/files/run_files.h"
#include "tools/compiler/chain_file.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 3) {
    std::cerr << "usage: nvdla-compile CHAIN.json OUTPUT.nvdla CONFIGURATION\n"
                 "CONFIGURATION: a preset or a JSON file, as for nvdla-vp --config\n";
    return 2;
  }
  try {
    nvdla::host::RunFiles files;
    files.input(arguments[0], "the chain");
    files.output(arguments[1], "the output");
    const std::vector<unsigned char> bytes =
        nvdla::tools::compile_chain(arguments[0], nvdla::hardware_from(arguments[2]));
    nvdla::host::OutputFile file(arguments[1]);
    file.stream().write(reinterpret_cast<const char*>(bytes.data()),
                        static_cast<std::streamsize>(bytes.size()));
    file.commit();
  } catch (const std::exception& error) {
    std::cerr << "nvdla-compile: " << error.what() << '\n';
    return 2;
  }
  return 0;
}
