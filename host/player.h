// SPDX-License-Identifier: Apache-2.0
// Plays a program on an accelerator: a stand-in for the CPU and its driver.
//
// `read_reg` and `until` poll, one read behind the other, as the recorded driver did; a read_reg that its
// first read meets is one read, as in the recordings. A poll ends with an error when its value cannot come
// any more (nothing is pending in the accelerator) or after `poll_limit` cycles. Everything that ends the
// program early is a ReplayError "file:line: what: text of the line".
//
// Unless `strict`, waits for interrupts are "these bits must have come" (host/seen_interrupts.h), and what of
// a read_reg depends on time (host/time_rules.h) is not compared: a program recorded without time, or with
// another, plays. What it compares it polls for, as ever.
//
// The player is a listener of the accelerator that it plays on: an illegal descriptor ends the program at the
// line that enables it.
#pragma once

#include <array>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/accelerator.h"
#include "engine/events.h"
#include "host/memory_commands.h"
#include "host/program.h"
#include "host/register_bus.h"
#include "host/replay.h"
#include "host/seen_interrupts.h"

namespace nvdla::host {

struct PlayerOptions {
  bool stop_on_mismatch = true;  // false: a read_reg or read_mem that does not match is listed
  Cycle poll_limit = kNever;
  // Every bit of every read is compared, and interrupts must be set when they are waited for.
  bool strict = false;
  MemoryCommandOptions memory;
};

[[nodiscard]] PlayerOptions player_options(const ReplayOptions& options);

class Player : public engine::Listener {
 public:
  // `accelerator` names what is still running, for error texts. All references outlive the player.
  Player(const Program& program, RegisterBus& bus, const engine::Accelerator& accelerator,
         const PlayerOptions& options);

  // Who wrote an address, for texts about contents that differ.
  void tell_writers(MemoryCommands::WriterText writer) { memory_.tell_writers(std::move(writer)); }
  // What the run reads and writes, the program's own files too.
  [[nodiscard]] RunFiles& files() { return options_.memory.files; }
  // Plays everything; again after the first time. Throws ReplayError. Returns false when the bus was stopped
  // before the end.
  bool play();

  void on_fault(const std::string& text, Cycle at) override;
  void on_raised(std::uint32_t bit, Cycle /*at*/) override { interrupts_.raised(bit); }
  // What the accelerator found illegal so far; null if nothing.
  [[nodiscard]] std::exception_ptr fault() const { return fault_; }

  [[nodiscard]] const std::string& path() const { return program_.path(); }
  // Of the command that is played now, or was last; 0 for an empty program.
  [[nodiscard]] std::size_t line() const { return command_ == nullptr ? 0 : command_->line; }
  // Share of the program that is played.
  [[nodiscard]] double fraction() const;
  [[nodiscard]] const std::vector<std::string>& mismatches() const { return mismatches_; }
  // Reads that differ in what depends on time.
  [[nodiscard]] std::uint64_t untimely_reads() const { return untimely_reads_; }
  [[nodiscard]] const std::vector<ContentCheck>& checks() const { return memory_.checks(); }
  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

  // Error text for a command that still waits when the simulation has run dry.
  [[nodiscard]] std::string stuck() const;
  // Error text for a DMA access that memory refused: the line that programmed the nearest address.
  [[nodiscard]] std::string refused(const engine::Burst& burst) const;
  // Throws ReplayError when operations are still enabled: the program ended too early.
  void check_finished() const;

 private:
  bool execute();
  // Of the present command, a write, and those right behind it, as many as only store and as the bus makes at
  // once. The last one made is then the present command.
  [[nodiscard]] std::size_t store();
  void write_register();
  bool read_register();
  bool until();
  bool poll(std::uint32_t mask, std::uint32_t expected);
  bool poll_interrupts(std::uint32_t bits);
  bool wait_for_interrupt();
  bool read_once();
  void memory_command();

  void check(registers::AccessStatus status, bool write) const;
  void mismatch(const std::string& what);
  // The writes before the present command, the oldest first; those of the time before too.
  [[nodiscard]] std::vector<const Program::Command*> last_writes() const;
  void require_unit(const registers::RegisterInfo* target) const;
  [[nodiscard]] const registers::RegisterInfo* info() const {
    const std::size_t index = map_.at(command_->offset);
    return index == registers::RegisterMap::kNone ? nullptr : &map_[index];
  }
  [[nodiscard]] std::string at_command(const std::string& what) const;
  [[nodiscard]] std::string register_text(std::uint32_t offset) const;
  // "\n  its addresses are those of ...", or nothing.
  [[nodiscard]] std::string other_map() const;
  [[noreturn]] void fail(const std::string& what) const;

  static constexpr std::size_t kReserve = 32768;

  const Program& program_;
  RegisterBus& bus_;
  const engine::Accelerator& accelerator_;
  const registers::RegisterMap& map_;
  PlayerOptions options_;
  MemoryCommands memory_;

  std::unique_ptr<char[]> reserve_{new char[kReserve]};  // given back when there is no memory for a message
  std::uint32_t times_ = 0;                              // that play() was called
  const Program::Command* command_ = nullptr;
  std::exception_ptr fault_;
  std::vector<std::string> mismatches_;
  std::uint64_t writes_ = 0, reads_ = 0, untimely_reads_ = 0;
  SeenInterrupts interrupts_;
  std::uint32_t status_offset_ = 0;  // of GLB.S_INTR_STATUS
};

}  // namespace nvdla::host
