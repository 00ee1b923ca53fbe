// SPDX-License-Identifier: Apache-2.0
// What the accelerator tells its listeners. Reports, timelines and statistics are listeners; they never touch
// the simulation. (The D_PERF counters are hardware, not a listener: engine/perf_counters.h.)
#pragma once

#include <cstdint>
#include <string>

#include "engine/bus_port.h"
#include "engine/scheduler.h"
#include "hardware/clients.h"
#include "hardware/resource.h"
#include "hardware/units.h"
#include "operation/identity.h"
#include "operation/output_tensor.h"

namespace nvdla::engine {

// One activation of an engine, complete. Convolution: enable is CDMA's OP_ENABLE, start is CDMA's start, done
// is CACC's interrupt. The others: their own OP_ENABLE, start and interrupt.
struct OperationRecord {
  OperationId id;
  OperationId layer;  // the operation at the head of its hardware layer (operation/layer_book.h)
  std::uint32_t group = 0;
  Cycle enable = 0, start = 0, done = 0;
  Cycle begin = 0;  // max(enable, done of the engine's operation before)
  Links links;
  Account time{};  // [begin, done) by what it went to, without rest
  Resource bound_by = Resource::kProgramming;
  Traffic dbb;
  Traffic cvsram;
};

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_enabled(OperationId /*id*/, std::uint32_t /*group*/, Cycle /*at*/) {}
  virtual void on_started(OperationId /*id*/, std::uint32_t /*group*/, Cycle /*at*/) {}
  // The operation has been busy with, or has waited for, `resource` in [from, to). The intervals of one
  // operation follow each other without gap or overlap from its start to its done; those before
  // OperationRecord::begin overlap with the operation before. Told when the reason changes.
  virtual void on_stalled(OperationId /*id*/, Resource /*resource*/, Cycle /*from*/, Cycle /*to*/) {}
  virtual void on_done(const OperationRecord& /*record*/) {}
  virtual void on_burst(const Burst& /*burst*/) {}
  // burst.beats bursts of one beat each, one behind the other, a cycle apart (Burst::beat_by_beat). Who needs
  // not tell them apart may take them at once; others get an on_burst() for each.
  virtual void on_single_beats(const Burst& burst, std::uint32_t bus_bytes);
  // Where values are computed: the operation has written (or, levels roofline and refined, has changed memory
  // by) this, all of it. Told right before on_done, once for each tensor.
  virtual void on_output(OperationId /*id*/, const OutputTensor& /*output*/) {}
  // A source raises its bit of S_INTR_STATUS, which may be set already; on_interrupt follows.
  virtual void on_raised(std::uint32_t /*bit*/, Cycle /*at*/) {}
  virtual void on_interrupt(std::uint32_t /*status*/, Cycle /*at*/) {}
  // Software asked for what hardware cannot do (registers::DecodeError): the unit does not start.
  virtual void on_fault(const std::string& /*text*/, Cycle /*at*/) {}
  // A mode that the model does not cover, or a misuse by software: said once for each text.
  virtual void on_warning(const std::string& /*text*/, Cycle /*at*/) {}
};

}  // namespace nvdla::engine
