// SPDX-License-Identifier: Apache-2.0
#include "host/program_text.h"

#include <ostream>
#include <stdexcept>

#include "host/text.h"

namespace nvdla::host {
namespace {

constexpr std::uint32_t kRegisterBase = 0xffff0000U;

}  // namespace

std::string command_text(const Program::Command& command, const std::string& file) {
  const std::string reg = hex(kRegisterBase + command.offset / 4), address = hex(command.address);
  switch (command.kind) {
    case CommandKind::kWriteReg:
      return "write_reg " + reg + " " + hex(command.value);
    case CommandKind::kReadReg:
      return "read_reg " + reg + " " + hex(command.mask) + " " + hex(command.value);
    case CommandKind::kUntil:
      return "until " + reg + " " + hex(command.value);
    case CommandKind::kWait:
      return "wait";
    case CommandKind::kWriteMem:
      return "write_mem " + address + " " + hex(command.value);
    case CommandKind::kReadMem:
      return "read_mem " + address + " " + hex(command.mask) + " " + hex(command.value);
    case CommandKind::kLoadMem:
      return "load_mem " + address + " " + hex(command.size) + " " + file;
    case CommandKind::kDumpMem:
      return "dump_mem " + address + " " + hex(command.size) + " " + file;
    default:
      throw std::invalid_argument("register traces have no such command");
  }
}

void write_program(std::ostream& out, const Program& program,
                   const std::function<std::string(const std::vector<unsigned char>&)>& file_of) {
  for (const Program::Command& command : program.commands()) {
    const std::vector<unsigned char>* const held = program.contents(command);
    out << command_text(command, held != nullptr ? file_of(*held) : std::string(program.file(command)))
        << '\n';
  }
}

}  // namespace nvdla::host
