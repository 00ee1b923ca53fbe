// SPDX-License-Identifier: Apache-2.0
#include "host/replay.h"

namespace nvdla::host {

void check(const ReplayOptions& options) {
  check(options.hardware);
  if (options.settled_reset < 0) throw std::invalid_argument("settled_reset must not be negative");
  if (options.repeat == 0) throw std::invalid_argument("repeat must be at least 1");
  check_memory_options("dbb", options.dbb);
  if (!options.cvsram) return;
  check_memory_options("cvsram", *options.cvsram);
  if (!options.hardware.cvsram) {
    throw std::invalid_argument("cvsram: configuration " + options.hardware.name +
                                " has no second memory interface");
  }
}

void check_memories(const Program& program, const ReplayOptions& options) {
  const Program::Command* const command = program.names_cvsram();
  if (options.cvsram || command == nullptr) return;
  throw ReplayError(program.path() + ":" + std::to_string(command->line) +
                    ": the second memory is not there: give --cvsram latency=..., with a configuration " +
                    "that has it: " + std::string(program.text(*command)));
}

engine::AcceleratorOptions accelerator_options(const ReplayOptions& options) {
  engine::AcceleratorOptions result;
  result.level = options.level;
  result.settled_reset = options.settled_reset;
  result.tensors = options.tensors;
  result.jobs = options.jobs;
  result.drop_illegal_accesses = true;
  result.known_work = options.known_work;
  result.known_groups = options.known_groups;
  result.nominal_memory.dbb = options.dbb;
  if (options.cvsram) result.nominal_memory.cvsram = *options.cvsram;
  return result;
}

}  // namespace nvdla::host
