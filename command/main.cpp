// SPDX-License-Identifier: Apache-2.0
// nvdla-vp: the command line of the platform.
#include <algorithm>
#include <boost/program_options.hpp>
#include <exception>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <systemc>
#include <vector>

#include "command/configs.h"
#include "command/dma_report.h"
#include "command/explain.h"
#include "command/explore.h"
#include "command/options.h"
#include "command/progress.h"
#include "command/report.h"
#include "command/timeline.h"
#include "command/validate.h"
#include "command/version.h"
#include "host/dma_trace.h"
#include "host/loadable/loadable.h"
#include "host/network/network_runner.h"
#include "host/runner.h"
#include "platform/dma_replay.h"
#include "platform/replay.h"

namespace po = boost::program_options;

namespace nvdla::command {
namespace {

const char* const kHelp =
    R"(nvdla-vp: how long does NVDLA take? Replays recorded driver traces on a timed model.

  nvdla-vp replay TRACE --config nv_full --dbb latency=50,bandwidth=64
      Plays the register trace of a driver (write_reg, read_reg, until, ...; plain or gzip) on the model
      and prints every hardware operation with its cycles and what bounds it.
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

Options of a command: nvdla-vp COMMAND --help
Also: --help, --version

Exit status: 0 success; 1 the replay failed (trace, register, memory, mismatch) or a comparison is out of
bounds; 2 wrong options or a missing file among them.
)";

template <typename Options>
void take_common(const po::variables_map& values, Options& options) {
  CommonOptions common = common_of(values);
  options.hardware = std::move(common.hardware);
  options.dbb = common.dbb;
  options.cvsram = common.cvsram;
}

void print_warnings(const host::ReplayResult& result) {
  for (const std::string& warning : result.warnings) std::cerr << "warning: " << warning << '\n';
  if (result.dma_errors > 0)
    std::cerr << "warning: " << result.dma_errors << " DMA bursts were answered with an error\n";
  for (const std::string& mismatch : result.read_mismatches) std::cerr << "mismatch: " << mismatch << '\n';
}

void add_simulation_options(po::options_description& visible) {
  visible.add_options()("level,l", po::value<std::string>()->default_value("dynamic"),
                        "dynamic (simulates memory and contention), refined or roofline (closed form)")(
      "csv", po::value<std::string>(), "write the operations as CSV to this file (- is standard output)")(
      "timeline", po::value<std::string>(), "write a Chrome trace (ui.perfetto.dev) to this file")(
      "dma-trace", po::value<std::string>(), "write every bus burst to this file (gzip when it ends in .gz)")(
      "ignore-dma-errors", "go on when the memory answers with an error")(
      "poll-limit", po::value<Cycle>()->default_value(host::ReplayOptions{}.poll_limit),
      "cycles that one poll may take")("settled-reset",
                                       po::value<Cycle>()->default_value(host::kRecordedSettledReset),
                                       "cycles that reset had settled before cycle 0; 0: a driver that waits "
                                       "for CBUF's flush waits for all of "
                                       "it")("quiet,q", "no table");
}

host::ReplayOptions simulation_options(const po::variables_map& values) {
  host::ReplayOptions options;
  take_common(values, options);
  options.level = level_of(values["level"].as<std::string>());
  options.stop_on_dma_error = values.count("ignore-dma-errors") == 0;
  options.poll_limit = values["poll-limit"].as<Cycle>();
  options.settled_reset = values["settled-reset"].as<Cycle>();
  if (options.settled_reset < 0) throw UsageError("--settled-reset must not be negative");
  if (options.poll_limit < 1) throw UsageError("--poll-limit must be at least 1");
  return options;
}

// Simulates and writes what the options ask for.
template <typename Simulate>
host::ReplayResult simulate_and_report(const po::variables_map& values, const std::string& input,
                                       host::ReplayOptions options, Simulate simulate) {
  Timeline timeline(options.hardware.dbb_width_bytes);
  if (values.count("timeline") != 0) options.listeners.push_back(&timeline);
  std::unique_ptr<host::DmaTraceWriter> dma_trace;
  if (values.count("dma-trace") != 0) {
    dma_trace = std::make_unique<host::DmaTraceWriter>(values["dma-trace"].as<std::string>());
    options.dma_trace = [&](const host::DmaBurst& burst) { dma_trace->write(burst); };
  }
  host::ReplayResult result = simulate(options);
  if (dma_trace) dma_trace->close();
  write_file(values, "json", [&](std::ostream& out) { write_json(out, input, options, result); });
  write_file(values, "csv", [&](std::ostream& out) { write_csv(out, result); });
  write_file(values, "timeline", [&](std::ostream& out) { timeline.write(out); });
  if (values.count("quiet") == 0) write_table(std::cout, input, options, result);
  print_warnings(result);
  return result;
}

int run_replay(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  visible.add_options()("keep-going", "list reads that do not match instead of stopping at the first")(
      "systemc",
      "simulate with the SystemC component and TLM-2.0 transactions; the result is the same, it takes "
      "longer");
  const po::variables_map values = parse(arguments, visible, "TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp replay TRACE [options]\n\n" << visible;
    return kOk;
  }
  host::ReplayOptions options = simulation_options(values);
  options.stop_on_mismatch = values.count("keep-going") == 0;
  const host::Program program = read_program(input_of(values, "TRACE"));
  const host::ReplayResult result =
      simulate_and_report(values, program.path(), options, [&](host::ReplayOptions& complete) {
        ProgressLine progress;
        complete.progress = progress.callback();
        return values.count("systemc") != 0 ? platform::replay(program, complete)
                                            : host::run(program, complete);
      });
  return result.read_mismatches.empty() ? kOk : kFailed;
}

int run_network(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  const po::variables_map values = parse(arguments, visible, "NETWORK");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp run NETWORK.nvdla [options]\n\n" << visible;
    return kOk;
  }
  const host::ReplayOptions options = simulation_options(values);
  const std::string path = input_of(values, "NETWORK");
  host::Loadable loadable;
  try {
    loadable = host::read_loadable(path);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
  (void)simulate_and_report(values, path, options, [&](const host::ReplayOptions& complete) {
    return host::run_network(loadable, complete);
  });
  return kOk;
}

int run_estimate(const std::vector<std::string>& arguments) {
  const po::options_description visible = common_options();
  const po::variables_map values = parse(arguments, visible, "TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp estimate TRACE [options]\n\n" << visible;
    return kOk;
  }
  host::ReplayOptions options;
  take_common(values, options);
  std::map<OperationId, engine::OperationRecord> roofline;
  options.level = amaix::Level::kRoofline;
  const host::Program program = read_program(input_of(values, "TRACE"));
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
  std::cout << text.str();
  write_file(values, "json", [&](std::ostream& out) { write_json(out, program.path(), options, result); });
  print_warnings(result);
  return kOk;
}

int run_dma(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  visible.add_options()("asap", "as fast as the memory allows instead of at the recorded cycles");
  const po::variables_map values = parse(arguments, visible, "DMA_TRACE");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp dma DMA_TRACE [options]\n\n" << visible;
    return kOk;
  }
  platform::DmaReplayOptions options;
  options.trace = input_of(values, "DMA_TRACE");
  take_common(values, options);
  options.asap = values.count("asap") != 0;
  platform::DmaReplayResult result;
  {
    ProgressLine progress;
    options.progress = progress.callback();
    result = platform::replay_dma(options);
  }
  write_dma_table(std::cout, options, result);
  write_file(values, "json", [&](std::ostream& out) { write_dma_json(out, options, result); });
  return result.errors == 0 ? kOk : kFailed;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty())
    throw UsageError(
        "a command is needed (replay, run, estimate, explain, explore, merge, validate, configs, dma)");
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
  if (command == "validate") return run_validate(rest, std::cout, std::cerr);
  throw UsageError("unknown command '" + command +
                   "' (replay, run, estimate, explain, explore, merge, validate, configs, dma)");
}

// Every error ends here as one message and an exit status.
int guarded(const std::vector<std::string>& arguments) {
  try {
    return run(arguments);
  } catch (const host::ReplayError& error) {
    std::cerr << "nvdla-vp: " << error.what() << '\n';
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
