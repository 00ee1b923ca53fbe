// SPDX-License-Identifier: Apache-2.0
#include "platform/program_run.h"

#include <exception>

namespace nvdla::platform {

ProgramRun::ProgramRun(const host::Program& program, const host::ReplayOptions& options,
                       host::ReplayResult& result)
    : options_(options),
      result_(result),
      machine_(options, [this] { play(0); }),
      player_(program, machine_.bus(), machine_.device().accelerator(), player_options(options)),
      collector_(options, result),
      values_(options, machine_.bus(), player_.files()) {
  listen();
}

ProgramRun::ProgramRun(const host::Program& program, const host::ReplayOptions& options,
                       host::ReplayResult& result, SharedMemories& memories, std::uint32_t master,
                       Cycle start)
    : options_(options),
      result_(result),
      machine_(
          options, [this, start] { play(start); }, memories, master),
      player_(program, machine_.bus(), machine_.device().accelerator(), player_options(options)),
      collector_(options, result),
      values_(options, machine_.bus(), player_.files()) {
  listen();
}

void ProgramRun::listen() {
  collector_.watch([this] { return player_.line(); }, [this] { return player_.fraction(); }, player_.path());
  player_.tell_writers([this](std::uint64_t address) { return values_.writer_of(address); });
  values_.listen(machine_.device());
  machine_.device().add_listener(collector_);
  machine_.device().add_listener(player_, false);
  for (engine::Listener* listener : options_.listeners) machine_.device().add_listener(*listener);
  repetitions_.reset = options_.reset_between;
}

void ProgramRun::play(Cycle start) {
  TlmBus& bus = machine_.bus();
  if (start > 0) bus.wait_until(start + 1);
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

void ProgramRun::check() const {
  if (machine_.refused()) throw host::ReplayError(player_.refused(*machine_.refused()));
  if (player_.fault()) std::rethrow_exception(player_.fault());
  if (machine_.error()) std::rethrow_exception(machine_.error());
}

void ProgramRun::finish() {
  if (!machine_.finished() || !played_) throw host::ReplayError(player_.stuck());
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

}  // namespace nvdla::platform
