// SPDX-License-Identifier: Apache-2.0
// nvdla-vp: the command line of the platform. Every error ends here as one message and an exit status.
#include <boost/program_options.hpp>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "command/configs.h"
#include "command/dma.h"
#include "command/estimate.h"
#include "command/explain.h"
#include "command/explore.h"
#include "command/import.h"
#include "command/options.h"
#include "command/replay.h"
#include "command/run_network.h"
#include "command/validate.h"
#include "command/version.h"
#include "host/files/byte_source.h"
#include "host/files/output_file.h"
#include "host/replay.h"

namespace po = boost::program_options;

namespace nvdla::command {
namespace {

const char* const kHelp =
    R"(nvdla-vp: how long does NVDLA take? Replays recorded driver traces on a timed model.

  nvdla-vp replay INPUT --config nv_full --dbb latency=50,bandwidth=64
      Plays the register trace of a driver (write_reg, read_reg, until, ...; plain or gzip), a trace test of
      nvdla/hw (.cfg), a log of NVIDIA's virtual platform or the driver's accesses of a compiled network on
      the model, and prints every hardware operation with its cycles and what bounds it. Several inputs: at
      once, on one memory, and what they cost each other.
  nvdla-vp run NETWORK.nvdla --input eight.pgm --top 3 --dbb latency=50,bandwidth=8
      Runs a network that NVIDIA's compiler has made, as its driver would: answer, and the same table.
  nvdla-vp estimate INPUT --config nv_full --dbb latency=50,bandwidth=64
      The same operations by the closed-form levels, side by side: roofline and refined.
  nvdla-vp explain INPUT|RECORDING --config nv_full --dbb latency=50,bandwidth=64
      Why it takes that long: every cycle by layer and cause, what other designs would bring, and advice.
  nvdla-vp explore SPECIFICATION.json | INPUT --sweep atomic_k_int8=16,32,64 --sweep dbb.bandwidth=16,32,64
      Evaluates a space of designs on all cores: points, Pareto front, what moves it. --shard I/N, and
      nvdla-vp merge POINTS.jsonl..., for many machines.
  nvdla-vp validate RECORDING...|DIRECTORY
      Replays the traces of RTL recordings and compares cycle by cycle count.
  nvdla-vp configs [NAME|FILE...|--schema]
      Prints configurations as JSON, every value written out: what --config takes.
  nvdla-vp dma DMA_TRACE --config nv_full --dbb latency=50,bandwidth=64
      Plays recorded memory bursts on the memory alone: latency and bandwidth by client.
  nvdla-vp import LOG|WAVEFORM --output DIRECTORY
      Turns a log of NVIDIA's virtual platform into a trace, memory contents and a list of accesses; a
      waveform of the accelerator's ports (VCD, FST) into a trace and a recording for validate.

Options of a command: nvdla-vp COMMAND --help
Also: --help, --version

"-" as input is standard input, as output standard output, which then has nothing else. Outputs take their
names when they are whole; an output that is an input or another output is refused.

Exit status: 0 success; 1 the replay failed (trace, register, memory, mismatch), a comparison is out of
bounds or an output could not be written; 2 wrong options or a missing file among them.
)";

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

int main(int argc, char** argv) {
  return nvdla::command::guarded(std::vector<std::string>(argv + 1, argv + argc));
}
