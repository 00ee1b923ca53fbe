// SPDX-License-Identifier: Apache-2.0
// NVDLA as a SystemC/TLM-2.0 component.
//
// What it models: the timed accelerator (engine::Accelerator) behind sockets. This class translates TLM
// transactions and sc_time into register accesses, bursts and integer clock cycles, and nothing else. Cycle n
// of the accelerator is simulated time n * clock_period; cycle 0 is the first cycle after reset has settled.
//
// Ports
//   csb        target, 32-bit registers, byte offsets from 0. Bind a bus, or an initiator.
//   dbb        initiator, main memory. AT with many open transactions; any TLM-2.0 target will do.
//   cvsram     initiator, second memory; may stay unbound (accesses to it are then warned about).
//   interrupt  level, active high; may stay unbound.
//   reset_n    active low, like the RTL's; may stay unbound. See also reset().
//
// CSB accesses never wait. Data take effect at sc_time_stamp() + the delay argument, and the delay
// argument grows by the access time of the CSB master (engine/csb_timing.h). A write that the CSB accepts
// later is applied later, in order. A read with a delay argument, or behind such a write, runs the
// accelerator ahead of simulated time up to that point; responses of memory that come meanwhile count from
// there. An initiator that synchronises before it accesses gets exact results. Response status: unmapped
// ADDRESS_ERROR; write to read-only, read from write-only and other commands COMMAND_ERROR; length other than
// 4 or 8, alignment, streaming BURST_ERROR; byte enables BYTE_ENABLE_ERROR; in reset GENERIC_ERROR. A write
// that hardware drops (its group is running) is OK. DMI is denied; transport_dbg reads without side effects.
// 64-bit accesses are split in two, low address first.
//
// Warnings go to the listeners and to sc_report, message type "nvdla".
//
// DMA: see device/dma_port.h. Error responses are counted, reported once for each client with the
// address, and simulation goes on as if data had come (or stops: stop_on_dma_error).
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <systemc>
#include <vector>

#include "amaix/hardware.h"
#include "device/dma_port.h"
#include "engine/accelerator.h"
#include "engine/csb_timing.h"

namespace nvdla {

struct NvdlaParameters {
  amaix::HardwareParameters hardware;
  engine::AcceleratorOptions options;
  sc_core::sc_time clock_period{1, sc_core::SC_NS};
  // Annotate CSB access times. False for an initiator that does so itself (the platform's player).
  bool csb_timing = true;
  // See device/dma_port.h.
  bool mask_writes = true;
  // A DMA error response ends the simulation with an SC_ERROR report.
  bool stop_on_dma_error = false;
};

class Nvdla : public sc_core::sc_module, private device::DmaOwner, private engine::Listener {
 public:
  // Throws std::invalid_argument when the parameters are inconsistent (amaix::check, clock period 0).
  Nvdla(sc_core::sc_module_name name, const NvdlaParameters& parameters);
  ~Nvdla() override;

 private:
  device::DmaPort dbb_port_;
  device::DmaPort cvsram_port_;

 public:
  tlm_utils::simple_target_socket<Nvdla, 32> csb;
  device::DmaPort::Socket& dbb;
  device::DmaPort::Socket& cvsram;
  sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> interrupt;
  sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> reset_n;

  // As a pulse on reset_n: everything in flight is dropped, registers take their reset values.
  void reset();

  // Called during simulation; not owned.
  void add_listener(engine::Listener& listener);

  // The clock cycle of the present simulated time; of a time between two clock edges, the next one.
  [[nodiscard]] engine::Cycle cycle() const;
  [[nodiscard]] sc_core::sc_time time_of(engine::Cycle cycle) const;
  // Nothing inside will change without a further register access: no internal event, no open DMA.
  [[nodiscard]] bool quiescent();
  // Operations enabled but not done, one line each.
  [[nodiscard]] std::vector<std::string> unfinished() const;
  [[nodiscard]] std::uint64_t dma_errors() const { return dma_errors_; }
  // The chunk of the first error response since construction.
  [[nodiscard]] const std::optional<engine::Burst>& first_dma_error() const { return first_dma_error_; }
  [[nodiscard]] const engine::Accelerator& accelerator() const { return *accelerator_; }

 private:
  SC_HAS_PROCESS(Nvdla);
  struct PendingWrite {
    engine::Cycle at;
    std::uint32_t offset;
    std::uint32_t value;
  };
  struct Completion {
    engine::Cycle at;
    std::uint64_t order;
    engine::MemorySpace space;
    std::uint64_t id;
    bool operator>(const Completion& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void end_of_elaboration() override;
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);
  registers::AccessStatus access(bool write, std::uint32_t offset, std::uint32_t& value,
                                 sc_core::sc_time& delay);
  registers::AccessStatus check_write(std::uint32_t offset);
  void apply_writes(engine::Cycle until);

  void on_dma_complete(const engine::Burst& burst, const sc_core::sc_time& at) override;
  void on_dma_error(const engine::Burst& burst, tlm::tlm_response_status status) override;

  void on_warning(const std::string& text, engine::Cycle at) override;  // to sc_report

  [[nodiscard]] engine::Cycle cycle_of(const sc_core::sc_time& time) const;
  void run_method();
  void run(engine::Cycle now);
  void arm();
  void drive_interrupt();
  void follow_reset();

  NvdlaParameters parameters_;
  std::unique_ptr<engine::Accelerator> accelerator_;
  std::unique_ptr<registers::RegisterFile>
      access_rules_;  // a second file, never enabled: tells what may be written
  engine::CsbTiming csb_timing_;

  std::vector<engine::Listener*> listeners_;
  sc_core::sc_event run_event_;
  sc_core::sc_event interrupt_event_;
  engine::Cycle armed_ = engine::kNever;
  bool running_ = false;  // inside the accelerator: completions must queue
  bool in_reset_ = false;
  bool interrupt_level_ = false;

  std::deque<PendingWrite> writes_;
  std::priority_queue<Completion, std::vector<Completion>, std::greater<>> completions_;
  std::uint64_t completion_order_ = 0;
  std::uint64_t dma_errors_ = 0;
  std::optional<engine::Burst> first_dma_error_;
  std::array<bool, amaix::kClients> error_reported_{};
};

}  // namespace nvdla
