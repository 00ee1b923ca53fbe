// SPDX-License-Identifier: Apache-2.0
// The commands of a program that concern memory: contents are put there and looked at through the bus,
// without time.
//
// Limits: a region to fill or to load into has at most 4 GiB; a region filled with other than zero, which
// takes as much memory of the host, at most 1 GiB.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/content_check.h"
#include "host/files/run_files.h"
#include "host/memory_dump.h"
#include "host/program.h"
#include "host/register_bus.h"

namespace nvdla::host {

// A command that cannot be done; the text has no file and line.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct MemoryCommandOptions {
  // The run computes what the accelerator writes. Without it nothing is said of contents.
  bool computed = false;
  DumpOptions dump;
  std::string golden;  // folder whose files dump_mem is compared with; empty: none
  RunFiles files;      // of the run
};

class MemoryCommands {
 public:
  // Which operation wrote an address, "SDP 3"; nothing if none has.
  using WriterText = std::function<std::optional<std::string>(std::uint64_t address)>;

  // `options` outlives this.
  MemoryCommands(const Program& program, RegisterBus& bus, MemoryCommandOptions& options)
      : program_(program), bus_(bus), options_(options) {}
  void tell_writers(WriterText writer) { writer_ = std::move(writer); }

  [[nodiscard]] static bool is_one(CommandKind kind);
  // What read_mem found other than expected. Throws CommandError, InputError, OutputError.
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
  void check_golden(const Program::Command& command, const std::string& golden);
  // The result of a comparison: bytes that differ, the first of them.
  struct Difference {
    std::uint64_t count = 0, address = 0;
    unsigned char found = 0, expected = 0;
  };
  void compare(std::uint64_t address, const std::vector<unsigned char>& expected,
               Difference& difference) const;
  void conclude(const Difference& difference, ContentCheck& check) const;

  [[nodiscard]] std::string path_of(const Program::Command& command) const;
  void require(std::uint64_t address, std::uint64_t size) const;
  ContentCheck& add_check(const Program::Command& command, const std::string& what);

  const Program& program_;
  RegisterBus& bus_;
  MemoryCommandOptions& options_;
  WriterText writer_;
  std::set<const Program::Command*> file_commands_;  // load_mem and dump_mem whose files are known
  std::vector<ContentCheck> checks_;
};

}  // namespace nvdla::host
