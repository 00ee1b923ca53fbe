// SPDX-License-Identifier: Apache-2.0
#include "platform/replay.h"

#include <memory>
#include <systemc>

#include "device/nvdla.h"
#include "host/collector.h"
#include "host/trace_reader.h"
#include "platform/memory.h"
#include "platform/player.h"
#include "platform/simulation_context.h"

namespace nvdla::platform {
namespace {

void check(const host::ReplayOptions& options) {
  check(options.hardware);
  host::check_memory_options("dbb", options.dbb);
  if (!options.cvsram) return;
  host::check_memory_options("cvsram", *options.cvsram);
  if (!options.hardware.cvsram) {
    throw std::invalid_argument("cvsram: configuration " + options.hardware.name +
                                " has no second memory interface");
  }
}

NvdlaParameters device_parameters(const host::ReplayOptions& options) {
  NvdlaParameters parameters;
  parameters.hardware = options.hardware;
  parameters.options.level = options.level;
  parameters.options.nominal_memory.dbb = options.dbb;
  if (options.cvsram) parameters.options.nominal_memory.cvsram = *options.cvsram;
  parameters.csb_timing = false;  // the player has it
  return parameters;
}

std::vector<Memory*> present(Memory& dbb, Memory* cvsram) {
  std::vector<Memory*> memories{&dbb};
  if (cvsram != nullptr) memories.push_back(cvsram);
  return memories;
}

// All modules of one simulation.
struct Platform {
  Platform(const host::ReplayOptions& options, host::TraceReader& trace, const NvdlaParameters& parameters)
      : device("nvdla", parameters),
        dbb("dbb", options.dbb, options.hardware.dbb_width_bytes, parameters.clock_period),
        cvsram(options.cvsram
                   ? std::make_unique<Memory>("cvsram", *options.cvsram, options.hardware.dbb_width_bytes,
                                              parameters.clock_period)
                   : nullptr),
        player("player", trace, device, present(dbb, cvsram.get()),
               {options.stop_on_mismatch, options.stop_on_dma_error, options.poll_limit}) {
    player.csb.bind(device.csb);
    device.dbb.bind(dbb.socket);
    if (cvsram) device.cvsram.bind(cvsram->socket);
    device.interrupt.bind(interrupt);
    player.interrupt.bind(interrupt);
  }

  Nvdla device;
  Memory dbb;
  std::unique_ptr<Memory> cvsram;
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  Player player;
};

// Restores what reports of the component do; here they reach the user through the listener.
class QuietReports {
 public:
  QuietReports() {
    sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_actions("/OSCI/SystemC",
                                            sc_core::SC_DO_NOTHING);  // "simulation stopped by user"
  }
  ~QuietReports() {
    sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_UNSPECIFIED);
    sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_UNSPECIFIED);
  }
};

void simulate(const host::ReplayOptions& options, host::TraceReader& trace, host::ReplayResult& result) {
  const SimulationContext context;
  const QuietReports quiet;
  Platform platform(options, trace, device_parameters(options));
  Player& player = platform.player;
  host::Collector collector(options, result);
  collector.watch([&player] { return player.line(); }, [&trace] { return trace.fraction(); });
  platform.device.add_listener(collector);
  platform.device.add_listener(player);
  for (engine::Listener* listener : options.listeners) platform.device.add_listener(*listener);

  sc_core::sc_start();
  if (options.stop_on_dma_error && platform.device.first_dma_error()) {
    throw host::ReplayError(player.refused(*platform.device.first_dma_error()));
  }
  if (player.error()) std::rethrow_exception(player.error());
  if (!player.finished()) throw host::ReplayError(player.stuck());
  const std::vector<std::string> unfinished = platform.device.unfinished();
  if (!unfinished.empty()) {
    std::string text = trace.path() + ":" + std::to_string(player.line()) +
                       ": the trace ends while operations are not done (is it complete?)";
    for (const std::string& operation : unfinished) text += "\n  still running: " + operation;
    throw host::ReplayError(text);
  }
  result.end_of_trace = player.end_of_trace();
  result.read_mismatches = player.mismatches();
  result.register_writes = player.writes();
  result.register_reads = player.reads();
  result.dma_errors = platform.device.dma_errors();
}

}  // namespace

host::ReplayResult replay(const host::ReplayOptions& options) {
  check(options);
  host::ReplayResult result;
  try {
    host::TraceReader trace(options.trace);
    simulate(options, trace, result);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  } catch (const sc_core::sc_report& report) {
    throw host::ReplayError(options.trace + ": " + report.get_msg());
  }
  return result;
}

}  // namespace nvdla::platform
