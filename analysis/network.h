// SPDX-License-Identifier: Apache-2.0
// A network as an architect asks about it: the work that a driver gives the accelerator, read and decoded
// once, evaluated for many designs. Threads may share one: what it is does not
// change, and what evaluations remember of it is guarded.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "amaix/known_work.h"
#include "analysis/program_reader.h"
#include "hardware/parameters.h"
#include "host/program.h"
#include "operation/identity.h"

namespace nvdla::analysis {

class Network {
 public:
  // A register trace that was made for `hardware`. Throws host::InputError and host::ReplayError, which name
  // file and line.
  Network(const std::string& trace, const HardwareParameters& hardware);

  // The same of a program at hand. Throws host::ReplayError.
  Network(const host::Program& program, const HardwareParameters& hardware);

  [[nodiscard]] const std::string& path() const { return program_->path(); }
  [[nodiscard]] const HardwareParameters& hardware() const { return hardware_; }
  [[nodiscard]] const host::Program& program() const { return *program_; }
  [[nodiscard]] const ReadOperations& operations() const { return *operations_; }

  // What evaluations have counted; threads may share it.
  [[nodiscard]] amaix::KnownWork& known_work() const { return *known_; }

  // The same network made for another design, where somebody knows how: a network of layers is mapped anew
  // (mapper/map.h). It may throw Infeasible. Without, analysis/retarget.h changes the driver's writes.
  using Mapping = std::function<Network(const HardwareParameters&)>;
  void map_with(Mapping mapping);
  [[nodiscard]] bool can_map() const { return mapped_ != nullptr; }
  // Made once for designs that do not differ in what the writes depend on; null where this one serves.
  [[nodiscard]] std::shared_ptr<const Network> mapped(const HardwareParameters& hardware) const;

  // Time of the layers that the CPU computes, one after the other, with the accelerator idle; not part of
  // cycles, but of milliseconds.
  void set_cpu_microseconds(double microseconds) { cpu_microseconds_ = microseconds; }
  [[nodiscard]] double cpu_microseconds() const { return cpu_microseconds_; }

  // Names of layers, for reports only.
  void name(OperationId operation, std::string name) { names_[operation] = std::move(name); }
  // "fc6", or "CONV 25" where no name is known.
  [[nodiscard]] std::string name_of(OperationId operation) const;

 private:
  std::shared_ptr<const host::Program> program_;
  HardwareParameters hardware_;
  std::shared_ptr<const ReadOperations> operations_;
  std::shared_ptr<amaix::KnownWork> known_;
  std::map<OperationId, std::string> names_;
  double cpu_microseconds_ = 0;
  struct Mapped;
  std::shared_ptr<Mapped> mapped_;
};

}  // namespace nvdla::analysis
