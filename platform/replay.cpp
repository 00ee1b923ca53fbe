// SPDX-License-Identifier: Apache-2.0
#include "platform/replay.h"

#include <exception>
#include <optional>
#include <systemc>

#include "host/collector.h"
#include "host/network/network_session.h"
#include "host/player.h"
#include "host/value_listeners.h"
#include "platform/machine.h"

namespace nvdla::platform {
namespace {

// The player, and what it plays on: one refers to the other.
class Replay {
 public:
  Replay(const host::Program& program, const host::ReplayOptions& options, host::ReplayResult& result)
      : options_(options),
        result_(result),
        machine_(options, [this] { play(); }),
        player_(program, machine_.bus(), machine_.device().accelerator(), player_options(options)),
        collector_(options, result),
        values_(options, machine_.bus(), player_.files()) {
    collector_.watch([this] { return player_.line(); }, [this] { return player_.fraction(); });
    player_.tell_writers([this](std::uint64_t address) { return values_.writer_of(address); });
    values_.listen(machine_.device());
    machine_.device().add_listener(collector_);
    machine_.device().add_listener(player_, false);
    for (engine::Listener* listener : options.listeners) machine_.device().add_listener(*listener);
    repetitions_.reset = options.reset_between;
  }

  void run() {
    const bool finished = machine_.run();
    if (machine_.refused()) throw host::ReplayError(player_.refused(*machine_.refused()));
    if (player_.fault()) std::rethrow_exception(player_.fault());
    if (machine_.error()) std::rethrow_exception(machine_.error());
    if (!finished || !played_) throw host::ReplayError(player_.stuck());
    player_.check_finished();
    collector_.finish();
    repetitions_.at_group_1 = host::pointers_at_group_1(machine_.device().accelerator());
    if (options_.repeat > 1) result_.repetitions = repetitions_;
    result_.read_mismatches = player_.mismatches();
    result_.checks = player_.checks();
    result_.untimely_reads = player_.untimely_reads();
    collector_.end(machine_.device().accelerator());
    result_.checksums = values_.checksums();
    result_.register_writes = player_.writes();
    result_.register_reads = player_.reads();
    result_.dma_errors = machine_.device().dma_errors();
  }

 private:
  void play() {
    TlmBus& bus = machine_.bus();
    played_ = true;
    for (std::uint32_t time = 0; played_ && time < options_.repeat; ++time) {
      if (time > 0) collector_.repeat();
      if (time > 0 && options_.reset_between) bus.reset(options_.settled_reset);
      const Cycle begin = bus.now();
      played_ = player_.play();
      result_.end_of_trace = bus.now();
      repetitions_.add(result_.end_of_trace - begin);
    }
  }

  const host::ReplayOptions& options_;
  host::ReplayResult& result_;
  Machine machine_;
  host::Player player_;
  host::Collector collector_;
  host::ValueListeners values_;
  host::Repetitions repetitions_;
  bool played_ = false;
};

// SystemC's own errors as those of the run.
template <typename Run>
host::ReplayResult reported(const std::string& path, Run run) {
  host::ReplayResult result;
  try {
    run(result);
  } catch (const sc_core::sc_report& report) {
    throw host::ReplayError(path + ": " + report.get_msg());
  }
  return result;
}

}  // namespace

host::ReplayResult replay(const host::Program& program, const host::ReplayOptions& options) {
  check(options);
  check_memories(program, options);
  return reported(program.path(),
                  [&](host::ReplayResult& result) { Replay(program, options, result).run(); });
}

host::ReplayResult run_network(const host::Loadable& loadable, const host::ReplayOptions& options,
                               const host::NetworkHooks& hooks) {
  check(options);
  return reported(loadable.path, [&](host::ReplayResult& result) {
    std::optional<host::NetworkSession> driver;  // outlives the thread that it runs in
    Machine machine(options, [&driver] { driver->drive(); });
    host::NetworkSession& session = driver.emplace(loadable, options, hooks, machine.bus(), result);
    session.listen(machine.device());
    const bool finished = machine.run();
    const engine::Accelerator& accelerator = machine.device().accelerator();
    session.check(machine.error(), accelerator, machine.refused());
    if (!finished) throw host::ReplayError(loadable.path + ": the simulation ends while the driver waits");
    session.finish(accelerator);
    result.dma_errors = machine.device().dma_errors();
  });
}

}  // namespace nvdla::platform
