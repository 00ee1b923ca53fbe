// SPDX-License-Identifier: Apache-2.0
// The commands of a program that concern memory: contents are put there and looked at through the bus,
// without time.
//
// Limits: a region to fill or to load into has at most 4 GiB; a region filled with other than zero, which
// takes as much memory of the host, at most 1 GiB.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/content_check.h"
#include "host/program.h"
#include "host/register_bus.h"

namespace nvdla::host {

// A command that cannot be done; the text has no file and line.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class MemoryCommands {
 public:
  // `computed`: the run computes what the accelerator writes. Without it nothing is said of contents.
  MemoryCommands(const Program& program, RegisterBus& bus, bool computed)
      : program_(program), bus_(bus), computed_(computed) {}

  [[nodiscard]] static bool is_one(CommandKind kind);
  // What read_mem found other than expected. Throws CommandError, InputError.
  std::optional<std::string> execute(const Program::Command& command);

  [[nodiscard]] const std::vector<ContentCheck>& checks() const { return checks_; }

 private:
  void write(const Program::Command& command);
  std::optional<std::string> read(const Program::Command& command);
  void load(const Program::Command& command);
  void load_surface(const Program::Command& command);
  void dump(const Program::Command& command);
  void fill(const Program::Command& command);
  void clear(std::uint64_t address, std::uint64_t size);
  void check_crc(const Program::Command& command);
  void check_file(const Program::Command& command);

  [[nodiscard]] std::string path_of(const Program::Command& command) const;
  void require(std::uint64_t address, std::uint64_t size) const;
  ContentCheck& add_check(const Program::Command& command, const std::string& what);

  const Program& program_;
  RegisterBus& bus_;
  bool computed_;
  std::vector<ContentCheck> checks_;
};

}  // namespace nvdla::host
