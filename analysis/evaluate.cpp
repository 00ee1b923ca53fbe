// SPDX-License-Identifier: Apache-2.0
#include "analysis/evaluate.h"

#include <algorithm>
#include <memory>

#include "host/runner.h"

namespace nvdla::analysis {

Design::Design(const Network& network, const HardwareParameters& hardware, const Compression& compression)
    : hardware_(hardware), cpu_microseconds_(network.cpu_microseconds()) {
  check(hardware_);
  if (network.can_map()) mapped_ = network.mapped(hardware_);
  const Network& made = mapped_ ? *mapped_ : network;
  known_ = &made.known_work();
  own_ = &made.program();
  const auto flush = [](const HardwareParameters& h) { return static_cast<Cycle>(cbuf_flush_cycles(h)); };
  settled_reset_ += std::max<Cycle>(0, flush(hardware_) - flush(network.hardware()));
  if (compression.zeros > 0 || (!network.can_map() && needs_retarget(network.hardware(), hardware_)))
    changed_ = std::make_shared<const host::Program>(retarget(made, hardware_, compression));
}

Evaluation Design::evaluate(const memory::MemorySystem& memory, amaix::Level level,
                            const Listeners& listeners) const {
  host::ReplayOptions options;
  options.hardware = hardware_;
  options.level = level;
  static_cast<memory::MemoryDescription&>(options.dbb) = memory.dbb;
  if (memory.cvsram) {
    options.cvsram.emplace();
    static_cast<memory::MemoryDescription&>(*options.cvsram) = *memory.cvsram;
  }
  options.settled_reset = settled_reset_;
  options.known_work = known_;
  options.known_groups = groups_.get();
  options.stop_on_mismatch = false;
  options.dump.write = false;
  if (listeners.events != nullptr) options.listeners.push_back(listeners.events);
  options.accesses = listeners.accesses;
  host::ReplayResult result = host::run(program(), options);

  Evaluation evaluation;
  evaluation.cycles = result.total_cycles;
  const double hertz = hardware_.clock_mhz * 1e6;
  evaluation.milliseconds = static_cast<double>(result.total_cycles) / hertz * 1e3 + cpu_microseconds_ * 1e-3;
  evaluation.per_second = evaluation.milliseconds > 0 ? 1e3 / evaluation.milliseconds : 0;
  evaluation.operations = std::move(result.operations);
  evaluation.warnings = std::move(result.warnings);
  for (const engine::OperationRecord& operation : evaluation.operations) {
    evaluation.dbb += operation.dbb;
    evaluation.cvsram += operation.cvsram;
  }
  return evaluation;
}

Evaluation evaluate(const Network& network, const HardwareParameters& hardware,
                    const memory::MemorySystem& memory, amaix::Level level) {
  return Design(network, hardware).evaluate(memory, level);
}

}  // namespace nvdla::analysis
