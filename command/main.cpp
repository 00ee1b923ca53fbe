// SPDX-License-Identifier: Apache-2.0
// nvdla-vp: the command line of the platform.
#include <algorithm>
#include <boost/program_options.hpp>
#include <exception>
#include <initializer_list>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <systemc>
#include <vector>

#include "command/configs.h"
#include "command/dma_report.h"
#include "command/explain.h"
#include "command/explore.h"
#include "command/import.h"
#include "command/network_io.h"
#include "command/options.h"
#include "command/outputs.h"
#include "command/progress.h"
#include "command/report.h"
#include "command/timeline.h"
#include "command/validate.h"
#include "command/value_options.h"
#include "command/version.h"
#include "host/dma_trace.h"
#include "host/files/numbers.h"
#include "host/inputs/choose_configuration.h"
#include "host/inputs/input_kind.h"
#include "host/inputs/memory_accesses.h"
#include "host/inputs/read_input.h"
#include "host/loadable/loadable.h"
#include "host/network/network_runner.h"
#include "host/reset_state.h"
#include "host/runner.h"
#include "host/traffic_comparison.h"
#include "platform/dma_replay.h"
#include "platform/replay.h"

namespace po = boost::program_options;

namespace nvdla::command {
namespace {

constexpr std::uint64_t kMostRepetitions = 1'000'000'000;

const char* const kHelp =
    R"(nvdla-vp: how long does NVDLA take? Replays recorded driver traces on a timed model.

  nvdla-vp replay TRACE --config nv_full --dbb latency=50,bandwidth=64
      Plays the register trace of a driver (write_reg, read_reg, until, ...; plain or gzip), a trace test of
      nvdla/hw (.cfg) or a log of NVIDIA's virtual platform on the model, and prints every hardware operation
      with its cycles and what bounds it.
  nvdla-vp run NETWORK.nvdla --config nv_small --dbb latency=50,bandwidth=8
      Runs a network that NVIDIA's compiler has made, as its driver would, and prints the same table.
  nvdla-vp estimate TRACE --config nv_full --dbb latency=50,bandwidth=64
      The same operations by the closed-form levels, side by side: roofline and refined.
  nvdla-vp explain TRACE|NETWORK.nvdla|RECORDING --config nv_full --dbb latency=50,bandwidth=64
      Why it takes that long: every cycle by layer and cause, what other designs would bring, and advice.
  nvdla-vp explore SPECIFICATION.json | TRACE --sweep atomic_k_int8=16,32,64 --sweep dbb.bandwidth=16,32,64
      Evaluates a space of designs on all cores: points, Pareto front, what moves it. --shard I/N, and
      nvdla-vp merge POINTS.jsonl..., for many machines.
  nvdla-vp validate RECORDING...|DIRECTORY
      Replays the traces of RTL recordings and compares cycle by cycle count.
  nvdla-vp configs [NAME|FILE...|--schema]
      Prints configurations as JSON, every value written out: what --config takes.
  nvdla-vp dma DMA_TRACE --config nv_full --dbb latency=50,bandwidth=64
      Plays recorded memory bursts on the memory alone: latency and bandwidth by client.
  nvdla-vp import LOG --output DIRECTORY
      Turns a log of NVIDIA's virtual platform into a trace, memory contents and a list of accesses.

Options of a command: nvdla-vp COMMAND --help
Also: --help, --version

"-" as input is standard input, as output standard output, which then has nothing else. Outputs take their
names when they are whole; an output that is an input or another output is refused.

Exit status: 0 success; 1 the replay failed (trace, register, memory, mismatch), a comparison is out of
bounds or an output could not be written; 2 wrong options or a missing file among them.
)";

// A trace that cannot be read is a failed replay, not a wrong option.
host::Program read_program(const std::string& path, Generation generation) {
  try {
    return host::read_input(path, generation);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
}

// Without --config, the one whose register map the trace was made for.
std::string configuration_of(const po::variables_map& values, const std::string& trace) {
  if (!values["config"].defaulted()) return values["config"].as<std::string>();
  try {
    const host::ConfigurationChoice choice = host::choose_configuration(trace);
    if (!choice.reason.empty()) {
      std::cerr << "note: " << trace << ": configuration " << choice.name << ", because " << choice.reason
                << " (--config chooses another)\n";
    }
    return choice.name;
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
}

template <typename Options>
void take_common(const po::variables_map& values, const std::string& configuration, Options& options) {
  CommonOptions common = common_of(values, configuration);
  options.hardware = std::move(common.hardware);
  options.dbb = common.dbb;
  options.cvsram = common.cvsram;
}

// Opens the files of those of these options that are given.
void open_outputs(const po::variables_map& values, std::initializer_list<const char*> options,
                  Outputs& outputs) {
  for (const char* const option : options) {
    if (values.count(option) != 0) outputs.open(option, values[option].as<std::string>());
  }
}

void print_warnings(const host::ReplayResult& result) {
  for (const std::string& warning : result.warnings) std::cerr << "warning: " << warning << '\n';
  if (result.dma_errors > 0)
    std::cerr << "warning: " << result.dma_errors << " DMA bursts were answered with an error\n";
  if (result.untimely_reads > 0) {
    std::cerr << "note: " << result.untimely_reads
              << " reads differ from the trace in what depends on time (--strict compares it)\n";
  }
  for (const std::string& mismatch : result.read_mismatches) std::cerr << "mismatch: " << mismatch << '\n';
  for (const host::ContentCheck& check : result.checks) {
    if (check.result != host::CheckResult::kDifferent) continue;
    std::cerr << "mismatch: " << check.where << ": " << check.what << ": " << check.got << ", expected "
              << check.expected << '\n';
  }
}

void add_comparison_options(po::options_description& visible) {
  visible.add_options()("keep-going", "list reads that do not match instead of stopping at the first")(
      "strict",
      "compare also what of a read depends on time (consumer pointers, status of groups, counters), and want "
      "interrupts set when the trace waits for them, not before");
}

void take_comparison(const po::variables_map& values, host::ReplayOptions& options) {
  options.stop_on_mismatch = values.count("keep-going") == 0;
  options.strict = values.count("strict") != 0;
}

// A trace that wants to see the flush of reset begins with it.
void take_reset(const host::Program& program, host::ReplayOptions& options) {
  if (!host::begins_at_reset(program, options.hardware.generation)) return;
  options.settled_reset = 0;
  std::cerr << "note: " << program.path()
            << " begins right behind reset: it expects CBUF's flush under way\n";
}

bool matches(const host::ReplayResult& result) {
  return result.read_mismatches.empty() &&
         std::none_of(result.checks.begin(), result.checks.end(), [](const host::ContentCheck& check) {
           return check.result == host::CheckResult::kDifferent;
         });
}

void add_simulation_options(po::options_description& visible) {
  visible.add_options()("level,l", po::value<std::string>()->default_value("dynamic"),
                        "dynamic (simulates memory and contention), refined or roofline (closed form)")(
      "csv", po::value<std::string>(), "write the operations as CSV to this file (- is standard output)")(
      "timeline", po::value<std::string>(), "write a Chrome trace (ui.perfetto.dev) to this file")(
      "dma-trace", po::value<std::string>(), "write every bus burst to this file (gzip when it ends in .gz)")(
      "ignore-dma-errors", "go on when the memory answers with an error")(
      "poll-limit", po::value<std::string>()->default_value(std::to_string(host::kDefaultPollLimit)),
      "cycles that one poll may take")(
      "settled-reset", po::value<std::string>()->default_value(std::to_string(host::kRecordedSettledReset)),
      "cycles that reset had settled before cycle 0; 0: a driver that waits "
      "for CBUF's flush waits for all of it. A trace that expects the flush "
      "under way gets 0")("quiet,q", "no table");
}

host::ReplayOptions simulation_options(const po::variables_map& values, const std::string& configuration) {
  host::ReplayOptions options;
  take_common(values, configuration, options);
  options.level = level_of(values["level"].as<std::string>());
  options.stop_on_dma_error = values.count("ignore-dma-errors") == 0;
  options.poll_limit = host::parse_cycles("--poll-limit", values["poll-limit"].as<std::string>(), 1);
  options.settled_reset = host::parse_cycles("--settled-reset", values["settled-reset"].as<std::string>(), 0);
  return options;
}

// Simulates and writes what the options ask for.
template <typename Simulate>
host::ReplayResult simulate_and_report(const po::variables_map& values, const std::string& input,
                                       host::ReplayOptions options, Simulate simulate) {
  options.files.input(input, "the input");
  Outputs outputs(options.files);
  open_outputs(values, {"json", "csv", "timeline"}, outputs);
  Timeline timeline(options.hardware.dbb_width_bytes);
  if (values.count("timeline") != 0) options.listeners.push_back(&timeline);
  std::unique_ptr<host::DmaTraceWriter> dma_trace;
  if (values.count("dma-trace") != 0) {
    const std::string path = values["dma-trace"].as<std::string>();
    options.files.output(path, "--dma-trace");
    dma_trace = std::make_unique<host::DmaTraceWriter>(path);
    options.dma_trace = [&](const host::DmaBurst& burst) { dma_trace->write(burst); };
  }
  const bool table = values.count("quiet") == 0 && !outputs.on_standard_output() &&
                     (!dma_trace || values["dma-trace"].as<std::string>() != "-");
  host::ReplayResult result = simulate(options);
  if (dma_trace) dma_trace->close();
  outputs.write("json", [&](std::ostream& out) { write_json(out, input, options, result); });
  outputs.write("csv", [&](std::ostream& out) { write_csv(out, result); });
  outputs.write("timeline", [&](std::ostream& out) { timeline.write(out); });
  if (table) write_table(std::cout, input, options, result);
  print_warnings(result);
  return result;
}

int run_replay(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  add_comparison_options(visible);
  visible.add_options()("repeat", po::value<std::string>()->default_value("1"),
                        "play the trace so often in one simulation; operations are those of the last time")(
      "reset-between",
      "with --repeat: reset the accelerator in between; without it the trace plays on, with "
      "the register groups where the time before has left them")(
      "dump-anywhere", "dump_mem may write outside of that folder (../, absolute paths)")(
      "traffic", po::value<std::string>(),
      "compare the memory accesses with this list (r|w ADDRESS, or a log of the virtual platform)")(
      "systemc",
      "simulate with the SystemC component and TLM-2.0 transactions; the result is the same, it takes "
      "longer");
  add_value_options(visible);
  const po::variables_map values = parse(arguments, visible, "TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp replay TRACE [options]\n\n" << visible;
    return kOk;
  }
  const std::string trace = input_of(values, "TRACE");
  (void)level_of(values["level"].as<std::string>());  // wrong options come before a look at the trace
  host::ReplayOptions options = simulation_options(values, configuration_of(values, trace));
  take_comparison(values, options);
  const auto repeat = host::parse_whole(values["repeat"].as<std::string>(), kMostRepetitions);
  if (!repeat || *repeat == 0) throw UsageError("--repeat must be 1 to " + std::to_string(kMostRepetitions));
  options.repeat = static_cast<std::uint32_t>(*repeat);
  options.reset_between = values.count("reset-between") != 0;
  if (options.reset_between && options.repeat == 1) throw UsageError("--reset-between is for --repeat");
  options.dump.anywhere = values.count("dump-anywhere") != 0;
  const host::Program program = read_program(trace, options.hardware.generation);
  take_value_options(values, has_contents(program), options);
  if (values["settled-reset"].defaulted()) take_reset(program, options);
  host::TrafficComparison traffic(options.hardware.dbb_width_bytes);
  if (values.count("traffic") != 0) {
    host::MemoryAccessReader accesses(values["traffic"].as<std::string>());
    for (host::MemoryAccess access; accesses.next(access);)
      traffic.expect(access.write, access.address, access.length);
    options.listeners.push_back(&traffic);
  }
  const host::ReplayResult result =
      simulate_and_report(values, input_of(values, "TRACE"), options, [&](host::ReplayOptions& complete) {
        ProgressLine progress;
        complete.progress = progress.callback();
        return values.count("systemc") != 0 ? platform::replay(program, complete)
                                            : host::run(program, complete);
      });
  const bool equal = matches(result) && golden_compared(std::cerr, options, result);
  if (values.count("traffic") == 0) return equal ? kOk : kFailed;
  std::cout << traffic.text();
  return equal && traffic.equal() ? kOk : kFailed;
}

int run_network(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  NetworkIo::add_options(visible);
  add_value_options(visible);
  const po::variables_map values = parse(arguments, visible, "NETWORK");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp run NETWORK.nvdla [options]\n\n" << visible;
    return kOk;
  }
  host::ReplayOptions options = simulation_options(values, values["config"].as<std::string>());
  take_value_options(values, true, options);  // a network brings its weights
  NetworkIo io(values, options.hardware.memory_atom_bytes);
  const std::string path = input_of(values, "NETWORK");
  host::Loadable loadable;
  try {
    loadable = host::read_loadable(path);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
  (void)simulate_and_report(values, path, options, [&](const host::ReplayOptions& complete) {
    return host::run_network(loadable, complete, io.hooks());
  });
  io.print(std::cout);
  return kOk;
}

int run_estimate(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_comparison_options(visible);
  const po::variables_map values = parse(arguments, visible, "TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp estimate TRACE [options]\n\n" << visible;
    return kOk;
  }
  const std::string trace = input_of(values, "TRACE");
  host::ReplayOptions options;
  take_common(values, configuration_of(values, trace), options);
  take_comparison(values, options);
  options.files.input(trace, "the trace");
  Outputs outputs(options.files);
  open_outputs(values, {"json"}, outputs);
  std::map<OperationId, engine::OperationRecord> roofline;
  options.level = amaix::Level::kRoofline;
  const host::Program program = read_program(trace, options.hardware.generation);
  take_reset(program, options);
  const host::ReplayResult lower = host::run(program, options);
  for (const engine::OperationRecord& operation : lower.operations) {
    roofline[operation.id] = operation;
  }
  options.level = amaix::Level::kRefined;
  const host::ReplayResult result = host::run(program, options);

  std::ostringstream text;
  text << std::left << std::setw(7) << "unit" << std::right << std::setw(4) << "seq" << std::setw(12)
       << "roofline" << std::setw(12) << "refined"
       << "  bound by (roofline; refined)\n";
  for (const engine::OperationRecord& operation : result.operations) {
    const engine::OperationRecord& bound = roofline[operation.id];
    text << std::left << std::setw(7) << engine_name(operation.id.engine) << std::right << std::setw(4)
         << operation.id.sequence << std::setw(12) << bound.done - bound.start << std::setw(12)
         << operation.done - operation.start << "  " << resource_name(bound.bound_by) << "; "
         << resource_name(operation.bound_by) << '\n';
  }
  text << "\nCycles from start to interrupt. Whole trace: " << lower.total_cycles << " (roofline), "
       << result.total_cycles << " (refined)\n";
  if (!outputs.on_standard_output()) std::cout << text.str();
  outputs.write("json", [&](std::ostream& out) { write_json(out, program.path(), options, result); });
  print_warnings(result);
  return matches(lower) && matches(result) ? kOk : kFailed;
}

int run_dma(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  visible.add_options()("asap",
                        "as fast as the memory allows instead of at the recorded cycles; so is a list of "
                        "accesses (r|w ADDRESS, or a log of the virtual platform), which has none");
  const po::variables_map values = parse(arguments, visible, "DMA_TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp dma DMA_TRACE [options]\n\n" << visible;
    return kOk;
  }
  platform::DmaReplayOptions options;
  options.trace = input_of(values, "DMA_TRACE");
  take_common(values, values["config"].as<std::string>(), options);
  const host::InputKind kind = host::input_kind(options.trace);
  const bool listed = kind == host::InputKind::kMemoryList || kind == host::InputKind::kVpLog;
  options.asap = values.count("asap") != 0 || listed;
  options.named_clients = !listed;
  host::RunFiles files;
  files.input(options.trace, "the trace");
  Outputs outputs(files);
  open_outputs(values, {"json"}, outputs);
  platform::DmaReplayResult result;
  {
    ProgressLine progress;
    options.progress = progress.callback();
    if (listed) {
      host::MemoryAccessBursts bursts(options.trace, options.hardware.dbb_width_bytes);
      result = platform::replay_dma(options, bursts);
    } else {
      result = platform::replay_dma(options);
    }
  }
  if (!outputs.on_standard_output()) write_dma_table(std::cout, options, result);
  outputs.write("json", [&](std::ostream& out) { write_dma_json(out, options, result); });
  return result.errors == 0 ? kOk : kFailed;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty())
    throw UsageError(
        "a command is needed (replay, run, estimate, explain, explore, merge, validate, configs, dma, "
        "import)");
  const std::string& command = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (command == "--help" || command == "-h" || command == "help") {
    std::cout << kHelp;
    return kOk;
  }
  if (command == "--version") {
    std::cout << "nvdla-vp " << version() << '\n';
    return kOk;
  }
  if (command == "replay") return run_replay(rest);
  if (command == "run") return run_network(rest);
  if (command == "estimate") return run_estimate(rest);
  if (command == "dma") return run_dma(rest);
  if (command == "explain") return run_explain(rest, std::cout);
  if (command == "explore") return run_explore(rest, std::cout);
  if (command == "merge") return run_merge(rest, std::cout);
  if (command == "configs") return run_configs(rest, std::cout);
  if (command == "import") return run_import(rest, std::cout);
  if (command == "validate") return run_validate(rest, std::cout, std::cerr);
  throw UsageError("unknown command '" + command +
                   "' (replay, run, estimate, explain, explore, merge, validate, configs, dma, import)");
}

// Every error ends here as one message and an exit status.
int guarded(const std::vector<std::string>& arguments) {
  try {
    const int status = run(arguments);
    host::check_standard_output();
    return status;
  } catch (const host::ReplayError& error) {
    std::cerr << "nvdla-vp: " << error.what() << '\n';
    return kFailed;
  } catch (const host::OutputError& error) {
    std::cerr << "nvdla-vp: " << error.what() << '\n';
    return kFailed;
  } catch (const std::bad_alloc&) {
    std::cerr << "nvdla-vp: out of memory: the input, or what it asks for, is too large for this machine\n";
    return kFailed;
  } catch (const host::InputError& error) {
    std::cerr << "nvdla-vp: " << error.what() << '\n';
  } catch (const po::error& error) {
    std::cerr << "nvdla-vp: " << error.what() << "\nTry: nvdla-vp --help\n";
  } catch (const UsageError& error) {
    std::cerr << "nvdla-vp: " << error.what() << "\nTry: nvdla-vp --help\n";
  } catch (const std::invalid_argument& error) {
    std::cerr << "nvdla-vp: " << error.what() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "nvdla-vp: internal error: " << error.what() << '\n';
    return kFailed;
  }
  return kUsage;
}

}  // namespace
}  // namespace nvdla::command

// SystemC's library asks for it; this program has a main() of its own and builds a kernel for each replay.
int sc_main(int /*argc*/, char* /*argv*/[]) { return 0; }

int main(int argc, char** argv) {
  return nvdla::command::guarded(std::vector<std::string>(argv + 1, argv + argc));
}
