// SPDX-License-Identifier: Apache-2.0
// A network as an architect asks about it: the work that a driver gives the accelerator, read and decoded
// once, evaluated for many designs. Threads may share one: what it is does not
// change, and what evaluations remember of it is guarded.
#pragma once

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
};

}  // namespace nvdla::analysis
