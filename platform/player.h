// SPDX-License-Identifier: Apache-2.0
// Plays a register trace: a stand-in for the CPU and its driver.
//
// Time: one CSB access at a time, each offered in the first cycle in which the CSB can take it, with
// the access times of engine/csb_timing.h; the first is offered in cycle 1. The component must be built
// with csb_timing = false: the player synchronises to the cycle in which an access takes effect.
// `read_reg` and `until` poll, one read behind the other, as the recorded driver did. While GLB's interrupt
// status is polled, polls that cannot see a change are counted but not simulated; the result is the same.
// A read_reg that its first read meets is one read, as in the recordings.
//
// A poll ends with an error when its value cannot come any more (nothing is pending in the accelerator) or
// after `poll_limit` cycles.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <deque>
#include <exception>
#include <string>
#include <systemc>
#include <vector>

#include "device/nvdla.h"
#include "engine/csb_timing.h"
#include "engine/events.h"
#include "host/trace_reader.h"
#include "platform/memory.h"

namespace nvdla::platform {

struct PlayerOptions {
  bool stop_on_mismatch = true;
  bool stop_on_dma_error = true;
  Cycle poll_limit = kNever;
};

class Player : public sc_core::sc_module, public engine::Listener {
 public:
  tlm_utils::simple_initiator_socket<Player, 32> csb;
  sc_core::sc_in<bool> interrupt;

  // The memories serve load_mem and its like; the first whose window holds the bytes is taken.
  Player(sc_core::sc_module_name name, host::TraceReader& trace, Nvdla& device, std::vector<Memory*> memories,
         const PlayerOptions& options);

  void on_interrupt(std::uint32_t status, Cycle at) override;
  void on_warning(const std::string& text, Cycle at) override;
  // An illegal descriptor ends the trace at the line that enables it.
  void on_fault(const std::string& text, Cycle at) override;

  [[nodiscard]] bool finished() const { return finished_; }
  // What ended the trace early; null if nothing did.
  [[nodiscard]] std::exception_ptr error() const { return error_; }
  // Error text for a command that still waits when the simulation has run dry.
  [[nodiscard]] std::string stuck() const;
  // Error text for a DMA access that memory refused: the trace's line that programmed the nearest address.
  [[nodiscard]] std::string refused(const engine::Burst& burst) const;
  [[nodiscard]] std::size_t line() const { return command_.line; }
  [[nodiscard]] Cycle end_of_trace() const { return next_; }
  [[nodiscard]] const std::vector<std::string>& mismatches() const { return mismatches_; }
  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

 private:
  SC_HAS_PROCESS(Player);
  void play();
  void execute();
  void write_register();
  void poll(std::uint32_t mask, std::uint32_t expected);
  void wait_for_interrupt();
  void memory_command();
  Memory& memory_of(std::uint64_t address, std::uint64_t length);

  void wait_until(Cycle cycle);
  std::uint32_t transfer(bool write, std::uint32_t value, Cycle entered);
  [[nodiscard]] std::string at_command(const std::string& what) const;
  [[nodiscard]] std::string register_text(std::uint32_t offset) const;
  void remember_address();
  [[noreturn]] void fail(const std::string& what) const;

  host::TraceReader& trace_;
  Nvdla& device_;
  std::vector<Memory*> memories_;
  PlayerOptions options_;
  engine::CsbTiming timing_;
  std::uint32_t interrupt_status_offset_;

  struct AddressWrite {
    std::uint32_t offset = 0;
    std::uint32_t value = 0;
    std::size_t line = 0;
  };
  std::deque<AddressWrite> addresses_;  // the last writes of *ADDR_LOW* registers

  host::TraceCommand command_;
  Cycle next_ = 1;  // the next access is offered here
  std::uint32_t last_read_ = 0;
  Cycle interrupt_at_ = 0;
  sc_core::sc_event interrupt_event_;
  bool finished_ = false;
  std::exception_ptr error_;
  bool in_access_ = false;
  std::vector<std::string> mismatches_;
  std::uint64_t writes_ = 0, reads_ = 0;
};

}  // namespace nvdla::platform
