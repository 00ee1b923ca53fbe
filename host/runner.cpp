// SPDX-License-Identifier: Apache-2.0
#include "host/runner.h"

#include "host/collector.h"
#include "host/player.h"
#include "host/refused_accesses.h"
#include "host/system_bus.h"

namespace nvdla::host {
ReplayResult run(const Program& program, const ReplayOptions& options) {
  check(options);
  check_memories(program, options);
  ReplayResult result;
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  engine::Accelerator& accelerator = bus.system().accelerator();
  Player player(program, bus, accelerator,
                {options.stop_on_mismatch, options.poll_limit, options.strict, options.contents_computed});
  Collector collector(options, result);
  collector.watch([&player] { return player.line(); }, [&player] { return player.fraction(); });
  const RefusedAccesses refused(options, collector, bus);
  accelerator.add_listener(collector);
  accelerator.add_listener(player);
  for (engine::Listener* listener : options.listeners) accelerator.add_listener(*listener);

  try {
    if (player.play()) bus.drain();
  } catch (const ReplayError&) {
    if (options.stop_on_dma_error && refused.first()) throw ReplayError(player.refused(*refused.first()));
    throw;
  }
  if (options.stop_on_dma_error && refused.first()) throw ReplayError(player.refused(*refused.first()));
  if (player.fault()) std::rethrow_exception(player.fault());
  player.check_finished();
  result.end_of_trace = bus.now();
  result.read_mismatches = player.mismatches();
  result.checks = player.checks();
  result.untimely_reads = player.untimely_reads();
  result.register_writes = player.writes();
  result.register_reads = player.reads();
  result.dma_errors = refused.count();
  return result;
}

}  // namespace nvdla::host
