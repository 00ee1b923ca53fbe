// SPDX-License-Identifier: Apache-2.0
// What the accelerator tells its listeners. Reports, timelines, statistics and D_PERF counters are
// listeners; they never touch the simulation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "amaix/estimate.h"
#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "hardware/clients.h"
#include "hardware/units.h"

namespace nvdla::engine {

// One activation of a unit, complete. Convolution: enable is CDMA's OP_ENABLE, start is CDMA's start, done
// is CACC's interrupt. The others: their own OP_ENABLE, start and interrupt.
struct OperationRecord {
  Engine unit = Engine::kConv;
  std::uint32_t sequence = 0;  // from 0 for each unit
  std::uint32_t group = 0;
  Cycle enable = 0, start = 0, done = 0;
  bool flying = false;  // SDP behind a convolution, PDP behind SDP
  Resource bound_by = Resource::kOverhead;
  Traffic dbb;
  Traffic cvsram;
};

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_enabled(Engine /*unit*/, std::uint32_t /*sequence*/, std::uint32_t /*group*/,
                          Cycle /*at*/) {}
  virtual void on_started(Engine /*unit*/, std::uint32_t /*sequence*/, std::uint32_t /*group*/,
                          Cycle /*at*/) {}
  virtual void on_done(const OperationRecord& /*record*/) {}
  virtual void on_burst(const Burst& /*burst*/) {}
  virtual void on_interrupt(std::uint32_t /*status*/, Cycle /*at*/) {}
  // Software asked for what hardware cannot do (registers::DecodeError): the unit does not start.
  virtual void on_fault(const std::string& /*text*/, Cycle /*at*/) {}
  // A mode that the model does not cover, or a misuse by software: said once for each text.
  virtual void on_warning(const std::string& /*text*/, Cycle /*at*/) {}
};

}  // namespace nvdla::engine
