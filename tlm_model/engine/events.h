// SPDX-License-Identifier: Apache-2.0
// What the accelerator tells its listeners. Reports, timelines, statistics and D_PERF counters are
// listeners; they never touch the simulation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "amaix/clients.h"
#include "amaix/estimate.h"
#include "engine/memory_interface.h"
#include "engine/scheduler.h"

namespace nvdla::engine {

// The units whose activations are reported, in the order of reports.
enum class ReportedUnit : std::uint8_t { kConv, kSdp, kPdp, kCdp, kBdma, kRubik };
[[nodiscard]] std::string_view reported_unit_name(ReportedUnit unit);  // CONV, SDP, ...

// One activation of a unit, complete. Convolution: enable is CDMA's OP_ENABLE, start is CDMA's start, done
// is CACC's interrupt. The others: their own OP_ENABLE, start and interrupt.
struct OperationRecord {
  ReportedUnit unit = ReportedUnit::kConv;
  std::uint32_t sequence = 0;  // from 0 for each unit
  std::uint32_t group = 0;
  Cycle enable = 0, start = 0, done = 0;
  bool flying = false;  // SDP behind a convolution, PDP behind SDP
  amaix::Resource bound_by = amaix::Resource::kOverhead;
  amaix::Traffic dbb;
  amaix::Traffic cvsram;
};

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_enabled(ReportedUnit /*unit*/, std::uint32_t /*sequence*/, std::uint32_t /*group*/,
                          Cycle /*at*/) {}
  virtual void on_started(ReportedUnit /*unit*/, std::uint32_t /*sequence*/, std::uint32_t /*group*/,
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
