// SPDX-License-Identifier: Apache-2.0
#include "host/network/driver_program.h"

#include <algorithm>

#include "host/network/network_runner.h"
#include "host/program_text.h"
#include "registers/register_map.h"

namespace nvdla::host {

ProgramRecorder::ProgramRecorder(const std::string& path, Generation generation, bool contents)
    : interrupt_status_(registers::RegisterMap::of(generation).offset(Unit::kGlb, "S_INTR_STATUS")),
      contents_(contents),
      program_(Program::of(path)) {}

void ProgramRecorder::add(Program::Command command) {
  command.line = program_.commands().size() + 1;
  program_.add(command, command_text(command));
}

void ProgramRecorder::on_write(std::uint32_t offset, std::uint32_t value) {
  Program::Command command;
  command.kind = CommandKind::kWriteReg;
  command.offset = offset;
  command.value = value;
  add(command);
}

void ProgramRecorder::on_read(std::uint32_t offset, std::uint32_t value) {
  const std::uint32_t mask = offset == interrupt_status_ ? value : 0;
  on_poll(offset, mask, mask);
}

void ProgramRecorder::on_poll(std::uint32_t offset, std::uint32_t mask, std::uint32_t expected) {
  Program::Command command;
  command.kind = CommandKind::kReadReg;
  command.offset = offset;
  command.mask = mask;
  command.value = expected;
  add(command);
}

void ProgramRecorder::on_wait() { add(Program::Command{}); }

void ProgramRecorder::on_load(std::uint64_t address, const unsigned char* data, std::size_t length) {
  if (!contents_) return;
  Program::Command command;
  command.kind = CommandKind::kLoadMem;
  command.address = address;
  command.size = length;
  command.line = program_.commands().size() + 1;
  program_.add(command, command_text(command), std::vector<unsigned char>(data, data + length));
}

DriverProgram driver_program(const Loadable& loadable, const ReplayOptions& options) {
  ProgramRecorder recorder(loadable.path, options.hardware.generation, options.tensors);
  ReplayOptions recorded = options;
  recorded.accesses = &recorder;
  // What the CPU computes is loaded by the program; without its tasks values do not matter yet.
  recorded.tensors = options.tensors &&
                     std::any_of(loadable.tasks.begin(), loadable.tasks.end(), [](const LoadableTask& task) {
                       return task.interface == TaskInterface::kCpu;
                     });
  recorded.listeners.clear();
  recorded.dma_trace = nullptr;
  recorded.save_tensors.clear();
  ReplayResult run = run_network(loadable, recorded);
  return {recorder.program(), std::move(run)};
}

}  // namespace nvdla::host
