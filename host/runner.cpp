// SPDX-License-Identifier: Apache-2.0
#include "host/runner.h"

#include "host/collector.h"
#include "host/last_writer.h"
#include "host/output_checksums.h"
#include "host/player.h"
#include "host/refused_accesses.h"
#include "host/system_bus.h"
#include "host/tensor_files.h"
#include "host/told_bus.h"

namespace nvdla::host {

ReplayResult run(const Program& program, const ReplayOptions& options) {
  check(options);
  ReplayResult result;
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  bus.system().contents().set_pattern(options.pattern);
  engine::Accelerator& accelerator = bus.system().accelerator();
  std::optional<ToldBus> told;
  if (options.accesses != nullptr) told.emplace(bus, *options.accesses);
  RegisterBus& played_on = told ? static_cast<RegisterBus&>(*told) : bus;
  Player player(program, played_on, accelerator, player_options(options));
  Collector collector(options, result);
  collector.watch([&player] { return player.line(); }, [&player] { return player.fraction(); });
  Repetitions repetitions;
  repetitions.reset = options.reset_between;
  const RefusedAccesses refused(options, collector, bus);
  LastWriter writers;
  player.tell_writers([&writers](std::uint64_t address) { return writers.of(address); });
  std::optional<TensorFiles> tensor_files;
  if (!options.save_tensors.empty()) {
    tensor_files.emplace(options.save_tensors,
                         [&bus](std::uint64_t address, unsigned char* data, std::size_t length) {
                           return bus.store_memory(address, data, length);
                         });
    accelerator.add_listener(*tensor_files);
  }
  if (!options.golden.empty()) accelerator.add_listener(writers);
  OutputChecksums checksums([&bus](std::uint64_t address, unsigned char* data, std::size_t length) {
    return bus.store_memory(address, data, length);
  });
  accelerator.add_listener(checksums);
  accelerator.add_listener(collector);
  accelerator.add_listener(player);
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
  repetitions.at_group_1 = pointers_at_group_1(accelerator);
  if (options.repeat > 1) result.repetitions = repetitions;
  result.end_of_trace = bus.now();
  result.read_mismatches = player.mismatches();
  result.differences = player.differences();
  result.compared = player.compared();
  result.checksums = checksums.values();
  result.register_writes = player.writes();
  result.register_reads = player.reads();
  result.dma_errors = refused.count();
  collector.end(accelerator);
  return result;
}

}  // namespace nvdla::host
