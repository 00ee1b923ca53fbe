// SPDX-License-Identifier: Apache-2.0
#include "command/replay.h"

#include <iostream>

#include "command/modules.h"
#include "command/program_input.h"
#include "command/progress.h"
#include "command/replay_together.h"
#include "command/simulation.h"
#include "command/value_options.h"
#include "host/files/numbers.h"
#include "host/inputs/memory_accesses.h"
#include "host/runner.h"
#include "host/traffic_comparison.h"

namespace nvdla::command {

namespace po = boost::program_options;

namespace {
constexpr std::uint64_t kMostRepetitions = 1'000'000'000;
constexpr std::size_t kMostInputs = 16;
}  // namespace

int run_replay(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  add_comparison_options(visible);
  visible.add_options()("repeat", po::value<std::string>()->default_value("1"),
                        "play the trace so often in one simulation; operations are those of the last time")(
      "reset-between",
      "with --repeat: reset the accelerator in between; without it the trace plays on, with "
      "the register groups where the time before has left them")(
      "traffic", po::value<std::string>(),
      "compare the memory accesses with this list (r|w ADDRESS, or a log of the virtual platform)");
  add_component_option(visible);
  add_value_options(visible);
  add_dump_options(visible);
  add_together_options(visible);
  const po::variables_map values = parse(arguments, visible, "INPUT", kMostInputs);
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp replay TRACE|NETWORK.nvdla... [options]\n\nSeveral inputs run at once, each on an "
                 "accelerator of its own, on the same memories.\n\n"
              << visible;
    return kOk;
  }
  if (inputs_of(values, "INPUT").size() > 1) return replay_together(values, inputs_of(values, "INPUT"));
  if (values.count("start") != 0) throw UsageError("--start is for several inputs");
  const std::string trace = input_of(values, "INPUT");
  (void)level_of(values["level"].as<std::string>());  // wrong options come before a look at the trace
  InputFile input_file(trace);
  host::ReplayOptions options = simulation_options(values, input_file.configuration(values));
  take_comparison(values, options);
  const auto repeat = host::parse_whole(values["repeat"].as<std::string>(), kMostRepetitions);
  if (!repeat || *repeat == 0) throw UsageError("--repeat must be 1 to " + std::to_string(kMostRepetitions));
  options.repeat = static_cast<std::uint32_t>(*repeat);
  options.reset_between = values.count("reset-between") != 0;
  if (options.reset_between && options.repeat == 1) throw UsageError("--reset-between is for --repeat");
  take_dump_options(values, options);
  take_value_options(values, input_file.is_loadable(), options);  // a network brings its weights
  const ProgramInput input = input_file.read(options, names_layers(values));
  const host::Program& program = input.program;
  take_value_options(values, has_contents(program) || !options.golden.empty(), options);
  if (values["settled-reset"].defaulted()) take_reset(program, options);
  host::TrafficComparison traffic(options.hardware.dbb_width_bytes);
  if (values.count("traffic") != 0) {
    host::MemoryAccessReader accesses(values["traffic"].as<std::string>());
    for (host::MemoryAccess access; accesses.next(access);)
      traffic.expect(access.write, access.address, access.length);
    options.listeners.push_back(&traffic);
  }
  const host::ReplayResult result = simulate_and_report(
      values, trace, options,
      [&](host::ReplayOptions& complete) {
        ProgressLine progress;
        complete.progress = progress.callback();
        host::ReplayResult played = values.count("systemc") != 0 ? systemc_module().replay(program, complete)
                                                                 : host::run(program, complete);
        if (names_layers(values)) name_layers(input, played);
        return played;
      },
      [&](std::ostream& out) {
        if (values.count("traffic") != 0) out << traffic.text();
      });
  const bool equal = matches(result) && golden_compared(std::cerr, options, result);
  return equal && (values.count("traffic") == 0 || traffic.equal()) ? kOk : kFailed;
}

}  // namespace nvdla::command
