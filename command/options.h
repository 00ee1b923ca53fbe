// SPDX-License-Identifier: Apache-2.0
// What the commands of nvdla-vp have in common on the command line.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "hardware/parameters.h"
#include "host/memory_options.h"

namespace nvdla::command {

// Exit status. kFailed: the input was understood, but a replay failed or found a difference; kUsage: wrong
// options, configuration or file among them.
inline constexpr int kOk = 0, kFailed = 1, kUsage = 2;

// Wrong options: exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// --help, --config, --dbb, --cvsram, --json.
[[nodiscard]] boost::program_options::options_description common_options();

// One positional argument, called `input`, at most `most`. Throws UsageError and
// boost::program_options::error.
[[nodiscard]] boost::program_options::variables_map parse(
    const std::vector<std::string>& arguments, const boost::program_options::options_description& visible,
    const std::string& input, std::size_t most = 1);
[[nodiscard]] std::vector<std::string> inputs_of(const boost::program_options::variables_map& values,
                                                 const char* input);
[[nodiscard]] std::string input_of(const boost::program_options::variables_map& values, const char* input);

struct CommonOptions {
  HardwareParameters hardware;
  host::MemoryOptions dbb;
  std::optional<host::MemoryOptions> cvsram;
};
// --config, --dbb, --cvsram. Throws UsageError and std::invalid_argument that name the option.
[[nodiscard]] CommonOptions common_of(const boost::program_options::variables_map& values);
// The same with this configuration instead of --config's.
[[nodiscard]] CommonOptions common_of(const boost::program_options::variables_map& values,
                                      const std::string& configuration);

// Throws UsageError for an unknown name.
[[nodiscard]] amaix::Level level_of(const std::string& name);

}  // namespace nvdla::command
