// SPDX-License-Identifier: Apache-2.0
#include "command/value_options.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

namespace nvdla::command {

namespace po = boost::program_options;

namespace {

memory::Pattern pattern_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon),
                    seed = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool digits =
      !seed.empty() && seed.size() <= 18 && seed.find_first_not_of("0123456789") == std::string::npos;
  if ((kind != "bytes" && kind != "fp16") || !digits)
    throw po::error("--memory-pattern: '" + text + "' is not bytes:SEED or fp16:SEED");
  return {kind == "bytes" ? memory::Pattern::Kind::kBytes : memory::Pattern::Kind::kFp16, std::stoull(seed)};
}

}  // namespace

void add_value_options(po::options_description& visible) {
  visible.add_options()(
      "tensors", po::value<std::string>(),
      "on or off: compute the values of all operations. Default: on when the input loads or "
      "checks memory. The cycles are the same")("jobs,j", po::value<unsigned>()->default_value(1),
                                                "threads that compute the values of a convolution")(
      "output-dir", po::value<std::string>(), "folder that dump_mem writes to, made if it does not exist. Default: the working directory")(
      "golden", po::value<std::string>(),
      "compare what dump_mem would write with the files of this folder; a difference is a failure")(
      "memory-pattern", po::value<std::string>(),
      "bytes:SEED or fp16:SEED: what memory holds where nobody has written, instead of zeros")(
      "save-tensors", po::value<std::string>(),
      "write what every operation leaves in memory to this folder, as NumPy arrays (.npy)");
}

void take_value_options(const po::variables_map& values, bool has_contents, host::ReplayOptions& options) {
  const auto text = [&](const char* name) {
    return values.count(name) != 0 ? values[name].as<std::string>() : std::string();
  };
  if (values.count("output-dir") != 0) {
    options.dump.directory = text("output-dir");
    std::error_code error;
    std::filesystem::create_directories(options.dump.directory, error);
    if (error) throw po::error("--output-dir " + options.dump.directory + ": " + error.message());
  }
  options.golden = text("golden");
  options.dump.write = options.golden.empty() || values.count("output-dir") != 0;
  options.save_tensors = text("save-tensors");
  options.jobs = std::max(1U, values["jobs"].as<unsigned>());
  options.tensors = has_contents || !options.golden.empty() || !options.save_tensors.empty();
  if (values.count("memory-pattern") != 0) options.pattern = pattern_of(text("memory-pattern"));
  if (values.count("tensors") == 0) return;
  const std::string choice = text("tensors");
  if (choice != "on" && choice != "off") throw po::error("--tensors: '" + choice + "' is neither on nor off");
  options.tensors = choice == "on";
  if (!options.tensors && !options.save_tensors.empty())
    throw po::error("--save-tensors needs values: leave out --tensors off");
}

bool has_contents(const host::Program& program) {
  const auto& commands = program.commands();
  return std::any_of(commands.begin(), commands.end(), [](const host::Program::Command& command) {
    return command.kind == host::CommandKind::kLoadMem || command.kind == host::CommandKind::kDumpMem ||
           command.kind == host::CommandKind::kReadMem;
  });
}

bool report_contents(std::ostream& out, std::ostream& errors, const host::ReplayOptions& options,
                     const host::ReplayResult& result) {
  for (const std::string& difference : result.differences) errors << "difference: " << difference << '\n';
  if (options.golden.empty()) return true;
  if (result.compared == 0) {
    errors << "nvdla-vp: --golden: the input dumps no memory, nothing was compared\n";
    return false;
  }
  out << result.compared - result.differences.size() << " of " << result.compared
      << " dumps equal the files of " << options.golden << '\n';
  return result.differences.empty();
}

}  // namespace nvdla::command
