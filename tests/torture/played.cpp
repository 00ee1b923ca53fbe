// SPDX-License-Identifier: Apache-2.0
#include "tests/torture/played.h"

#include <memory>
#include <systemc>

#include "device/nvdla.h"
#include "host/output_checksums.h"
#include "host/player.h"
#include "host/runner.h"
#include "platform/simulation_context.h"
#include "platform/tlm_bus.h"
#include "tests/torture/torture_bus.h"

namespace nvdla::torture {
namespace {

// A poll that waits longer than this has hung: the slowest trace takes 60 million cycles with the slowest of
// these memories.
constexpr Cycle kPollLimit = 1'000'000'000;

engine::AcceleratorOptions options() {
  engine::AcceleratorOptions result;
  result.settled_reset = host::kRecordedSettledReset;
  result.tensors = true;
  return result;
}

memory::SparseStore patterned(const host::Program& program) {
  memory::SparseStore contents;
  contents.set_pattern(pattern_of(program.path()));
  return contents;
}

host::ReadMemory reader(const memory::SparseStore& contents) {
  return [&contents](std::uint64_t address, unsigned char* data, std::size_t length) {
    contents.read(address, data, length);
    return true;
  };
}

host::PlayerOptions player_options() {
  host::PlayerOptions result;
  result.poll_limit = kPollLimit;
  return result;
}

struct Platform {
  Platform(const host::Program& program, const NvdlaParameters& parameters, const Latencies& latencies,
           Manner manner, bool dmi)
      : contents(patterned(program)),
        device("nvdla", parameters),
        dbb("dbb", manner, latencies, dmi, parameters.clock_period, contents),
        bus("player", device, {}, [this] { play(); }),
        player(program, bus, device.accelerator(), player_options()) {
    if (parameters.hardware.cvsram) {
      cvsram = std::make_unique<Target>("cvsram", manner, latencies, dmi, parameters.clock_period, contents);
      device.cvsram.bind(cvsram->socket);
    }
    bus.csb.bind(device.csb);
    device.dbb.bind(dbb.socket);
    device.interrupt.bind(interrupt);
    bus.interrupt.bind(interrupt);
  }
  void play() {
    try {
      player.play();
    } catch (const sc_core::sc_unwind_exception&) {
      throw;
    } catch (...) {
      error = std::current_exception();
      sc_core::sc_stop();
    }
  }

  memory::SparseStore contents;
  Nvdla device;
  Target dbb;
  std::unique_ptr<Target> cvsram;
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  platform::TlmBus bus;
  host::Player player;
  std::exception_ptr error;
};

}  // namespace

Played play_in_order(const host::Program& program, const HardwareParameters& hardware,
                     std::uint32_t latency) {
  Played result;
  host::ReplayOptions options;
  options.hardware = hardware;
  options.dbb.latency = latency;
  options.dbb.bytes_per_cycle = 4096;       // never the limit: the torture memory has none
  options.dbb.max_outstanding = 1U << 20U;  // nor this
  if (hardware.cvsram) options.cvsram = options.dbb;
  options.listeners = {&result.heard};
  options.tensors = true;
  options.pattern = pattern_of(program.path());
  const host::ReplayResult replayed = host::run(program, options);
  result.checksums = replayed.checksums;
  result.early_values = replayed.early_values;
  result.idle = true;
  return result;
}

Played play(const host::Program& program, const HardwareParameters& hardware, const Latencies& latencies) {
  Played result;
  memory::SparseStore contents = patterned(program);
  Bus bus(hardware, options(), latencies, contents);
  host::OutputChecksums checksums(reader(contents));
  bus.accelerator().add_listener(checksums);
  host::Player player(program, bus, bus.accelerator(), player_options());
  bus.accelerator().add_listener(result.heard);
  bus.accelerator().add_listener(player);
  player.play();
  bus.drain();
  result.checksums = checksums.values();
  result.early_values = bus.accelerator().early_values();
  result.idle = bus.idle();
  result.unfinished = bus.accelerator().unfinished();
  return result;
}

Played play_systemc(const host::Program& program, const HardwareParameters& hardware,
                    const Latencies& latencies, Manner manner, bool dmi) {
  Played result;
  const platform::SimulationContext context;
  NvdlaParameters parameters;
  parameters.hardware = hardware;
  parameters.options = options();
  parameters.dma_mode =
      manner == Manner::kFourPhase ? device::DmaMode::kNonBlocking : device::DmaMode::kBlocking;
  parameters.use_dmi = dmi;
  Platform platform(program, parameters, latencies, manner, dmi);
  host::OutputChecksums checksums(reader(platform.contents));
  platform.device.add_listener(checksums);
  platform.device.add_listener(result.heard);
  platform.device.add_listener(platform.player);
  sc_core::sc_start();
  if (platform.error) std::rethrow_exception(platform.error);
  result.checksums = checksums.values();
  result.early_values = platform.device.accelerator().early_values();
  result.idle = platform.device.quiescent();
  result.unfinished = platform.device.unfinished();
  for (const Target* target : {&platform.dbb, platform.cvsram.get()}) {
    if (target == nullptr) continue;
    result.overtaken += target->overtaken();
    result.dmi_grants += target->grants();
    result.accesses += target->accesses();
  }
  return result;
}

}  // namespace nvdla::torture
