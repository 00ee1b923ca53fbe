// SPDX-License-Identifier: Apache-2.0
#include "platform/replay.h"

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <systemc>

#include "device/nvdla.h"
#include "host/collector.h"
#include "host/last_writer.h"
#include "host/output_checksums.h"
#include "host/player.h"
#include "host/tensor_files.h"
#include "platform/memory.h"
#include "platform/simulation_context.h"
#include "platform/tlm_bus.h"

namespace nvdla::platform {
namespace {

NvdlaParameters device_parameters(const host::ReplayOptions& options) {
  NvdlaParameters parameters;
  parameters.hardware = options.hardware;
  parameters.options = host::accelerator_options(options);
  return parameters;
}

std::vector<Memory*> present(Memory& dbb, Memory* cvsram) {
  std::vector<Memory*> memories{&dbb};
  if (cvsram != nullptr) memories.push_back(cvsram);
  return memories;
}

// All modules of one simulation.
struct Platform {
  Platform(const host::ReplayOptions& options, const host::Program& program,
           const NvdlaParameters& parameters)
      : device("nvdla", parameters),
        dbb("dbb", options.dbb, options.hardware.dbb_width_bytes, parameters.clock_period, contents),
        cvsram(options.cvsram
                   ? std::make_unique<Memory>("cvsram", *options.cvsram, options.hardware.dbb_width_bytes,
                                              parameters.clock_period, contents)
                   : nullptr),
        bus("player", device, present(dbb, cvsram.get()), [this] { play(); }),
        player(program, bus, device.accelerator(), player_options(options)),
        options(options) {
    contents.set_pattern(options.pattern);
    bus.csb.bind(device.csb);
    device.dbb.bind(dbb.socket);
    if (cvsram) device.cvsram.bind(cvsram->socket);
    device.interrupt.bind(interrupt);
    bus.interrupt.bind(interrupt);
  }

  void play() {
    try {
      finished = true;
      for (std::uint32_t time = 0; finished && time < options.repeat; ++time) {
        if (time > 0) repeat();
        if (time > 0 && options.reset_between) bus.reset(options.settled_reset);
        const Cycle begin = bus.now();
        finished = player.play();
        end_of_trace = bus.now();
        repetitions.add(end_of_trace - begin);
      }
    } catch (const sc_core::sc_unwind_exception&) {
      throw;  // the kernel ends this thread
    } catch (...) {
      error = std::current_exception();
      sc_core::sc_stop();
    }
  }

  memory::SparseStore contents;  // one address space behind both ports
  Nvdla device;
  Memory dbb;
  std::unique_ptr<Memory> cvsram;
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  TlmBus bus;
  host::Player player;
  const host::ReplayOptions& options;
  std::function<void()> repeat;  // called before every time but the first
  host::Repetitions repetitions;
  bool finished = false;
  Cycle end_of_trace = 0;
  std::exception_ptr error;
};

// Ends the simulation at the first DMA error.
class StopOnDmaError : public engine::Listener {
 public:
  explicit StopOnDmaError(const Nvdla& device) : device_(device) {}
  void on_warning(const std::string& /*text*/, Cycle /*at*/) override {
    if (device_.first_dma_error()) sc_core::sc_stop();
  }

 private:
  const Nvdla& device_;
};

// While it lives, neither the component's warnings are printed, which reach the user through the listener
// here, nor the kernel's notes, such as that of sc_stop.
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

void simulate(const host::Program& program, const host::ReplayOptions& options, host::ReplayResult& result) {
  const SimulationContext context;
  const QuietReports quiet;
  Platform platform(options, program, device_parameters(options));
  host::Player& player = platform.player;
  host::Collector collector(options, result);
  platform.repeat = [&collector] { collector.repeat(); };
  collector.watch([&player] { return player.line(); }, [&player] { return player.fraction(); });
  StopOnDmaError stop(platform.device);
  host::LastWriter writers;
  player.tell_writers([&writers](std::uint64_t address) { return writers.of(address); });
  std::optional<host::TensorFiles> tensor_files;
  if (!options.save_tensors.empty()) {
    tensor_files.emplace(options.save_tensors,
                         [&platform](std::uint64_t address, unsigned char* data, std::size_t length) {
                           return platform.bus.store_memory(address, data, length);
                         });
    platform.device.add_listener(*tensor_files);
  }
  if (!options.golden.empty()) platform.device.add_listener(writers);
  host::OutputChecksums checksums(
      [&platform](std::uint64_t address, unsigned char* data, std::size_t length) {
        return platform.bus.store_memory(address, data, length);
      });
  platform.device.add_listener(checksums);
  platform.device.add_listener(collector);
  platform.device.add_listener(player);
  if (options.stop_on_dma_error) platform.device.add_listener(stop);
  for (engine::Listener* listener : options.listeners) platform.device.add_listener(*listener);

  sc_core::sc_start();
  if (options.stop_on_dma_error && platform.device.first_dma_error()) {
    throw host::ReplayError(player.refused(*platform.device.first_dma_error()));
  }
  if (player.fault()) std::rethrow_exception(player.fault());
  if (platform.error) std::rethrow_exception(platform.error);
  if (!platform.finished) throw host::ReplayError(player.stuck());
  player.check_finished();
  collector.finish();
  platform.repetitions.reset = options.reset_between;
  platform.repetitions.at_group_1 = host::pointers_at_group_1(platform.device.accelerator());
  if (options.repeat > 1) result.repetitions = platform.repetitions;
  result.end_of_trace = platform.end_of_trace;
  result.read_mismatches = player.mismatches();
  result.differences = player.differences();
  result.compared = player.compared();
  collector.end(platform.device.accelerator());
  result.checksums = checksums.values();
  result.register_writes = player.writes();
  result.register_reads = player.reads();
  result.dma_errors = platform.device.dma_errors();
}

}  // namespace

host::ReplayResult replay(const host::Program& program, const host::ReplayOptions& options) {
  check(options);
  host::ReplayResult result;
  try {
    simulate(program, options, result);
  } catch (const sc_core::sc_report& report) {
    throw host::ReplayError(program.path() + ": " + report.get_msg());
  }
  return result;
}

}  // namespace nvdla::platform
