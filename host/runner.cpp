// SPDX-License-Identifier: Apache-2.0
#include "host/runner.h"

#include "host/collector.h"
#include "host/player.h"
#include "host/refused_accesses.h"
#include "host/system_bus.h"
#include "host/told_bus.h"
#include "host/value_listeners.h"

namespace nvdla::host {

ReplayResult run(const Program& program, const ReplayOptions& options) {
  check(options);
  check_memories(program, options);
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  return run_on(bus, program, options);
}

ReplayResult run_on(SystemBus& bus, const Program& program, const ReplayOptions& options) {
  ReplayResult result;
  bus.system().contents().set_pattern(options.pattern);
  engine::Accelerator& accelerator = bus.system().accelerator();
  std::optional<ToldBus> told;
  if (options.accesses != nullptr) told.emplace(bus, *options.accesses);
  RegisterBus& played_on = told ? static_cast<RegisterBus&>(*told) : bus;
  Player player(program, played_on, accelerator, player_options(options));
  Collector collector(options, result);
  collector.watch([&player] { return player.line(); }, [&player] { return player.fraction(); },
                  program.path());
  Repetitions repetitions;
  repetitions.reset = options.reset_between;
  const RefusedAccesses refused(options, collector, bus);
  ValueListeners values(options, bus, player.files());
  player.tell_writers([&values](std::uint64_t address) { return values.writer_of(address); });
  values.listen(accelerator);
  accelerator.add_listener(collector, options.level == amaix::Level::kDynamic);  // else there are no bursts
  accelerator.add_listener(player, false);
  for (engine::Listener* listener : options.listeners) accelerator.add_listener(*listener);

  try {
    bool played = true;
    for (std::uint32_t time = 0; played && time < options.repeat; ++time) {
      if (time > 0) collector.repeat();
      if (time > 0 && options.reset_between) bus.reset(options.settled_reset);
      const Cycle begin = bus.now();
      played = player.play();
      repetitions.add(bus.now() - begin);
    }
    if (played) bus.drain();
  } catch (const ReplayError&) {
    if (options.stop_on_dma_error && refused.first()) throw ReplayError(player.refused(*refused.first()));
    throw;
  }
  if (options.stop_on_dma_error && refused.first()) throw ReplayError(player.refused(*refused.first()));
  if (player.fault()) std::rethrow_exception(player.fault());
  player.check_finished();
  collector.finish();
  if (options.repeat > 1) {
    repetitions.at_group_1 = pointers_at_group_1(accelerator);
    result.repetitions = repetitions;
  }
  result.end_of_trace = bus.now();
  result.read_mismatches = player.mismatches();
  result.checks = player.checks();
  result.untimely_reads = player.untimely_reads();
  result.checksums = values.checksums();
  result.register_writes = player.writes();
  result.register_reads = player.reads();
  result.dma_errors = refused.count();
  collector.end(accelerator);
  return result;
}

}  // namespace nvdla::host
