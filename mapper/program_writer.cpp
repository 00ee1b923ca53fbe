// SPDX-License-Identifier: Apache-2.0
#include "mapper/program_writer.h"

#include "host/driver/driver_error.h"

namespace nvdla::mapper {

using host::CommandKind;

ProgramWriter::ProgramWriter(const HardwareParameters& hardware, const std::string& path)
    : engines_(hardware),
      interrupt_status_(engines_.registers().map().offset(Unit::kGlb, "S_INTR_STATUS")),
      program_(host::Program::of(path)) {}

void ProgramWriter::add(CommandKind kind, std::uint32_t offset, std::uint32_t value) {
  host::Program::Command command;
  command.kind = kind;
  command.offset = offset;
  command.value = value;
  program_.add(command, "");
}

void ProgramWriter::check(registers::AccessStatus status, std::uint32_t offset) {
  if (status == registers::AccessStatus::kOk) return;
  const registers::RegisterMap& map = engines_.registers().map();
  const std::size_t index = map.at(offset);
  throw host::DriverError((index == registers::RegisterMap::kNone ? "register " + std::to_string(offset)
                                                                  : map[index].full_name()) +
                          ": " + std::string(registers::access_status_name(status)));
}

void ProgramWriter::write_register(std::uint32_t offset, std::uint32_t value) {
  add(CommandKind::kWriteReg, offset, value);
  check(engines_.registers().write(offset, value), offset);
}

std::uint32_t ProgramWriter::read_register(std::uint32_t offset) {
  std::uint32_t value = 0;
  check(engines_.registers().read(offset, value), offset);
  const bool wait = waited_ && offset == interrupt_status_;
  add(wait ? CommandKind::kUntil : CommandKind::kReadReg, offset, wait ? value : 0);
  if (wait) waited_ = false;
  return value;
}

bool ProgramWriter::poll_register(std::uint32_t offset, std::uint32_t mask) {
  std::uint32_t value = 0;
  check(engines_.registers().read(offset, value), offset);
  add(CommandKind::kUntil, offset, mask);
  return (value & mask) == mask;
}

bool ProgramWriter::wait_for_interrupt() {
  for (std::vector<Engine> next = engines_.candidates(); !next.empty(); next = engines_.candidates())
    engines_.complete(next.front());
  waited_ = true;
  return engines_.registers().interrupt();
}

}  // namespace nvdla::mapper
