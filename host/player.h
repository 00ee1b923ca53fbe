// SPDX-License-Identifier: Apache-2.0
// Plays a program on an accelerator: a stand-in for the CPU and its driver.
//
// `read_reg` and `until` poll, one read behind the other, as the recorded driver did; a read_reg that its
// first read meets is one read, as in the recordings. A poll ends with an error when its value cannot come
// any more (nothing is pending in the accelerator) or after `poll_limit` cycles. Everything that ends the
// program early is a ReplayError "file:line: what: text of the line".
//
// The player is a listener of the accelerator that it plays on: an illegal descriptor ends the program at the
// line that enables it.
#pragma once

#include <exception>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/accelerator.h"
#include "engine/events.h"
#include "host/files/run_files.h"
#include "host/program.h"
#include "host/register_bus.h"
#include "host/replay.h"

namespace nvdla::host {

struct PlayerOptions {
  bool stop_on_mismatch = true;  // false: a read_reg or read_mem that does not match is listed
  Cycle poll_limit = kNever;
  DumpOptions dump;
  RunFiles files;
};

[[nodiscard]] PlayerOptions player_options(const ReplayOptions& options);

class Player : public engine::Listener {
 public:
  // `accelerator` names what is still running, for error texts. All references outlive the player.
  Player(const Program& program, RegisterBus& bus, const engine::Accelerator& accelerator,
         const PlayerOptions& options);

  // Plays everything; again after the first time. Throws ReplayError. Returns false when the bus was stopped
  // before the end.
  bool play();

  void on_fault(const std::string& text, Cycle at) override;
  // What the accelerator found illegal so far; null if nothing.
  [[nodiscard]] std::exception_ptr fault() const { return fault_; }

  // Of the command that is played now, or was last; 0 for an empty program.
  [[nodiscard]] std::size_t line() const { return command_ == nullptr ? 0 : command_->line; }
  // Share of the program that is played.
  [[nodiscard]] double fraction() const;
  [[nodiscard]] const std::vector<std::string>& mismatches() const { return mismatches_; }
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
  void write_register();
  bool poll(std::uint32_t mask, std::uint32_t expected);
  bool wait_for_interrupt();
  void memory_command();
  void load_memory();
  void dump_memory();
  void read_memory();

  void check(registers::AccessStatus status, bool write) const;
  void mismatch(const std::string& what);
  void remember_write();
  [[nodiscard]] std::string outside(std::uint64_t length) const;
  [[nodiscard]] std::string at_command(const std::string& what) const;
  [[nodiscard]] std::string register_text(std::uint32_t offset) const;
  [[noreturn]] void fail(const std::string& what) const;

  static constexpr std::size_t kReserve = 65536;

  const Program& program_;
  RegisterBus& bus_;
  const engine::Accelerator& accelerator_;
  PlayerOptions options_;
  std::set<const Program::Command*> file_commands_;  // load_mem and dump_mem whose files are known

  // The last writes, the oldest at last_writes_next_ when it is full. Which of them are addresses is asked
  // only when an error has to be explained.
  std::vector<const Program::Command*> last_writes_;
  std::size_t last_writes_next_ = 0;

  std::unique_ptr<char[]> reserve_{new char[kReserve]};  // given back when there is no memory for a message
  std::uint32_t times_ = 0;                              // that play() was called
  const Program::Command* command_ = nullptr;
  std::exception_ptr fault_;
  std::vector<std::string> mismatches_;
  std::uint64_t writes_ = 0, reads_ = 0;
};

}  // namespace nvdla::host
