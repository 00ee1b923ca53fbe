// SPDX-License-Identifier: Apache-2.0
// A program that is played on a machine, and what it comes to.
#pragma once

#include "host/collector.h"
#include "host/player.h"
#include "host/program.h"
#include "host/replay.h"
#include "host/value_listeners.h"
#include "platform/machine.h"

namespace nvdla::platform {

class ProgramRun {
 public:
  // In a simulation of its own. All references outlive this.
  ProgramRun(const host::Program& program, const host::ReplayOptions& options, host::ReplayResult& result);
  // One of several (Machine); its first access is offered in cycle start + 1.
  ProgramRun(const host::Program& program, const host::ReplayOptions& options, host::ReplayResult& result,
             SharedMemories& memories, std::uint32_t master, Cycle start);
  ProgramRun(const ProgramRun&) = delete;
  ProgramRun& operator=(const ProgramRun&) = delete;

  // After the simulation. Throws what went wrong in this one: host::ReplayError among others.
  void check() const;
  // Completes the result. Throws host::ReplayError for a program that has not come to its end.
  void finish();

 private:
  void listen();
  void play(Cycle start);

  const host::ReplayOptions& options_;
  host::ReplayResult& result_;
  Machine machine_;
  host::Player player_;
  host::Collector collector_;
  host::ValueListeners values_;
  host::Repetitions repetitions_;
  bool played_ = false;
};

}  // namespace nvdla::platform
