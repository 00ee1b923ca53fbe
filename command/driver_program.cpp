// SPDX-License-Identifier: Apache-2.0
#include "command/driver_program.h"

#include <vector>

#include "host/loadable/loadable.h"
#include "host/network/network_runner.h"
#include "registers/register_map.h"

namespace nvdla::command {

namespace {

using host::CommandKind;

class Writer final : public host::AccessListener {
 public:
  explicit Writer(Generation generation)
      : interrupt_status_(registers::RegisterMap::of(generation).offset(Unit::kGlb, "S_INTR_STATUS")) {}

  void on_write(std::uint32_t offset, std::uint32_t value) override {
    add(CommandKind::kWriteReg, offset, 0, value);
  }
  void on_read(std::uint32_t offset, std::uint32_t value) override {
    const std::uint32_t mask = offset == interrupt_status_ ? value : 0;
    add(CommandKind::kReadReg, offset, mask, mask);
  }
  void on_poll(std::uint32_t offset, std::uint32_t mask, std::uint32_t expected) override {
    add(CommandKind::kReadReg, offset, mask, expected);
  }
  void on_wait() override { add(CommandKind::kWait, 0, 0, 0); }

  std::vector<host::Program::Command> take() { return std::move(commands_); }

 private:
  void add(CommandKind kind, std::uint32_t offset, std::uint32_t mask, std::uint32_t value) {
    host::Program::Command command;
    command.kind = kind;
    command.offset = offset;
    command.mask = mask;
    command.value = value;
    commands_.push_back(command);
  }

  std::uint32_t interrupt_status_;
  std::vector<host::Program::Command> commands_;
};

}  // namespace

host::Program driver_program(const std::string& loadable, const host::ReplayOptions& options) {
  Writer writer(options.hardware.generation);
  host::ReplayOptions complete = options;
  complete.accesses = &writer;
  (void)host::run_network(host::read_loadable(loadable), complete);
  return {loadable, writer.take()};
}

}  // namespace nvdla::command
