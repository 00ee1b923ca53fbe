// SPDX-License-Identifier: Apache-2.0
#include "command/value_options.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "host/memory_commands.h"

namespace nvdla::command {

namespace po = boost::program_options;

namespace {

memory::Pattern pattern_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon),
                    seed = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool digits =
      !seed.empty() && seed.size() <= 18 && seed.find_first_not_of("0123456789") == std::string::npos;
  using Kind = memory::Pattern::Kind;
  static const std::map<std::string, Kind> kKinds = {
      {"bytes", Kind::kBytes}, {"fp16", Kind::kFp16}, {"sparse", Kind::kSparse}};
  const auto found = kKinds.find(kind);
  if (found == kKinds.end() || !digits)
    throw po::error("--memory-pattern: '" + text + "' is not bytes:SEED, fp16:SEED or sparse:SEED");
  return {found->second, std::stoull(seed)};
}

}  // namespace

void add_value_options(po::options_description& visible) {
  visible.add_options()(
      "tensors", po::value<std::string>(),
      "on or off: compute the values of all operations. Default: on when the input loads or "
      "checks memory. The cycles are the same")("jobs,j", po::value<unsigned>()->default_value(1),
                                                "threads that compute the values of a convolution")(
      "save-tensors", po::value<std::string>(),
      "write what every operation leaves in memory to this folder, as NumPy arrays (.npy)");
}

void add_dump_options(po::options_description& visible) {
  visible.add_options()(
      "output-dir", po::value<std::string>(),
      "folder that dump_mem writes to, made if it does not exist. Default: the working directory")(
      "dump-anywhere", "dump_mem may write outside of that folder (../, absolute paths)")(
      "golden", po::value<std::string>(),
      "compare what dump_mem would write with the files of this folder; a difference is a failure")(
      "memory-pattern", po::value<std::string>(),
      "bytes:SEED, fp16:SEED or sparse:SEED: what memory holds where nobody has written, instead of zeros");
}

void take_value_options(const po::variables_map& values, bool has_contents, host::ReplayOptions& options) {
  if (values.count("save-tensors") != 0) options.save_tensors = values["save-tensors"].as<std::string>();
  options.jobs = std::max(1U, values["jobs"].as<unsigned>());
  options.tensors = has_contents || !options.save_tensors.empty();
  if (values.count("tensors") == 0) return;
  const auto& choice = values["tensors"].as<std::string>();
  if (choice != "on" && choice != "off") throw po::error("--tensors: '" + choice + "' is neither on nor off");
  options.tensors = choice == "on";
  if (!options.tensors && !options.save_tensors.empty())
    throw po::error("--save-tensors needs values: leave out --tensors off");
}

void take_dump_options(const po::variables_map& values, host::ReplayOptions& options) {
  if (values.count("output-dir") != 0) {
    options.dump.directory = values["output-dir"].as<std::string>();
    std::error_code error;
    std::filesystem::create_directories(options.dump.directory, error);
    if (error) throw po::error("--output-dir " + options.dump.directory + ": " + error.message());
  }
  options.dump.anywhere = values.count("dump-anywhere") != 0;
  if (values.count("golden") != 0) options.golden = values["golden"].as<std::string>();
  options.dump.write = options.golden.empty() || values.count("output-dir") != 0;
  if (values.count("memory-pattern") != 0)
    options.pattern = pattern_of(values["memory-pattern"].as<std::string>());
}

bool has_contents(const host::Program& program) {
  const auto& commands = program.commands();
  return std::any_of(commands.begin(), commands.end(), [](const host::Program::Command& command) {
    return host::MemoryCommands::is_one(command.kind);
  });
}

bool golden_compared(std::ostream& errors, const host::ReplayOptions& options,
                     const host::ReplayResult& result) {
  if (options.golden.empty()) return true;
  const bool any = std::any_of(
      result.checks.begin(), result.checks.end(),
      [](const host::ContentCheck& check) { return check.result != host::CheckResult::kNotChecked; });
  if (!any)
    errors << "nvdla-vp: --golden: nothing was compared: the input dumps no memory, or --tensors is off\n";
  return any;
}

}  // namespace nvdla::command
