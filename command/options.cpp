// SPDX-License-Identifier: Apache-2.0
#include "command/options.h"

#include "hardware/parameters_file.h"

namespace nvdla::command {

namespace po = boost::program_options;

po::options_description common_options() {
  std::string configurations;
  for (const HardwareParameters& hardware : presets()) {
    configurations += (configurations.empty() ? "" : ", ") + hardware.name;
  }
  po::options_description options("Options");
  options.add_options()("help,h", "this text")(
      "config,c", po::value<std::string>()->default_value("nv_full"),
      ("configuration of the hardware: a JSON file (nvdla-vp configs), or " + configurations).c_str())(
      "dbb", po::value<std::string>(),
      "main memory: "
      "latency=CYCLES,bandwidth=BYTES_PER_CYCLE[,max_outstanding=BURSTS][,base=ADDRESS,size=BYTES]. "
      "Default: latency 50, one bus width a cycle, 256 bursts, every address")(
      "cvsram", po::value<std::string>(), "second memory, same form; without it the port is not connected")(
      "json", po::value<std::string>(), "write the result as JSON to this file (- is standard output)");
  return options;
}

po::variables_map parse(const std::vector<std::string>& arguments, const po::options_description& visible,
                        const std::string& input, std::size_t most) {
  po::options_description all;
  all.add(visible).add_options()(input.c_str(), po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add(input.c_str(), -1);
  po::variables_map values;
  // Long options must be written out: an abbreviation would change its meaning when options are added.
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::store(po::command_line_parser(arguments).options(all).positional(positional).style(style).run(),
            values);
  po::notify(values);
  const std::size_t given =
      values.count(input) == 0 ? 0 : values[input].as<std::vector<std::string>>().size();
  if (values.count("help") == 0 && (given == 0 || given > most)) {
    throw UsageError(most == 1 ? "exactly one " + input + " is needed"
                               : "one to " + std::to_string(most) + " of " + input + " are needed");
  }
  return values;
}

std::vector<std::string> inputs_of(const po::variables_map& values, const char* input) {
  return values[input].as<std::vector<std::string>>();
}

std::string input_of(const po::variables_map& values, const char* input) {
  return values[input].as<std::vector<std::string>>().front();
}

CommonOptions common_of(const po::variables_map& values) {
  return common_of(values, values["config"].as<std::string>());
}

CommonOptions common_of(const po::variables_map& values, const std::string& configuration) {
  CommonOptions options;
  try {
    options.hardware = hardware_from(configuration);
  } catch (const std::exception& error) {
    throw UsageError(std::string("--config: ") + error.what());
  }
  host::MemoryOptions defaults;
  defaults.bytes_per_cycle = options.hardware.dbb_width_bytes;
  options.dbb = values.count("dbb") != 0
                    ? host::parse_memory_options("--dbb", values["dbb"].as<std::string>(), defaults)
                    : defaults;
  if (values.count("cvsram") == 0) return options;
  if (!options.hardware.cvsram) {
    throw UsageError("--cvsram: configuration " + options.hardware.name + " has no second memory interface");
  }
  options.cvsram = host::parse_memory_options("--cvsram", values["cvsram"].as<std::string>(), defaults);
  return options;
}

amaix::Level level_of(const std::string& name) {
  const auto level = amaix::level_from_name(name);
  if (!level) throw UsageError("--level: unknown level '" + name + "' (known: roofline, refined, dynamic)");
  return *level;
}

}  // namespace nvdla::command
