// SPDX-License-Identifier: Apache-2.0
// NVDLA as a SystemC/TLM-2.0 component.
//
// What it models: the timed accelerator (engine::Accelerator) behind sockets. This class binds what is around
// it: CSB target (device/csb_target.h), simulated time (device/timed_accelerator.h), interrupt line, memory
// ports. Cycle n of the accelerator is simulated time n * clock period after the first rising edge.
//
// Ports
//   csb        target, 32-bit registers, byte offsets from 0. Bind a bus, or an initiator.
//   csb64      the same registers for a bus whose sockets are 64 bits wide. At least one of the two is bound.
//   dbb        initiator, main memory. AT with many open transactions or LT (dma_mode); any TLM-2.0 target
//              will do. Unbound: the first access is warned about, accesses complete at once.
//   cvsram     initiator, second memory, as dbb. Bound where the configuration has none: an error.
//   clock      the core clock, an sc_clock: its period and its first rising edge are read at elaboration, its
//              edges cost nothing. Unbound: clock_period. See also set_clock_period().
//   interrupt  level, active high; may stay unbound.
//   reset_n    active low, like the RTL's; may stay unbound. See also reset().
//
// CSB accesses take effect at sc_time_stamp() + the delay argument, and the delay argument grows by the
// access time of the CSB master (engine/csb_timing.h). Writes never wait: one that takes effect later is
// applied later, in order. A read at a local time ahead of simulated time is answered at once when nothing
// can happen inside until then; else, called from a thread, it waits until simulated time has come there (the
// delay is consumed), so that what it reads and all later times are the same with every quantum. Where it may
// not wait (called from a method, or synchronise_reads false) the accelerator runs ahead of simulated time;
// responses of memory that come meanwhile count from there. The interrupt changes at its own time in every
// case, at most once a cycle: no glitch at a quantum's end.
//
// Response status: unmapped ADDRESS_ERROR; write to read-only, read from write-only, other commands, length
// other than 4 or 8, alignment COMMAND_ERROR; streaming BURST_ERROR; byte enables that split a register
// BYTE_ENABLE_ERROR; in reset GENERIC_ERROR. With options.drop_illegal_accesses the first three are OK, and a
// warning for each register: hardware drops such writes and reads 0. A write that hardware drops because its
// group is enabled is OK and reported as a warning. DMI is denied; transport_dbg reads without side effects.
// 64-bit accesses are split in two, low address first; a half whose bytes are all disabled is not accessed.
//
// Warnings, and faults (a descriptor that hardware cannot execute: the unit does not start), go to the
// listeners and to sc_report as SC_WARNING of message type "nvdla". What is enabled and not done, and how
// many DMA accesses failed, is said when the simulation ends (sc_stop).
//
// DMA: see device/dma_port.h. Error responses are counted, reported once for each client with the
// address, and simulation goes on as if data had come (or stops: stop_on_dma_error).
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <systemc>
#include <vector>

#include "device/clock.h"
#include "device/csb_target.h"
#include "device/dma_errors.h"
#include "device/dma_port.h"
#include "device/interrupt_line.h"
#include "device/timed_accelerator.h"
#include "hardware/parameters.h"

namespace nvdla {

struct NvdlaParameters {
  HardwareParameters hardware;
  // Values are computed unless `options.tensors` is set to false.
  engine::AcceleratorOptions options = [] {
    engine::AcceleratorOptions result;
    result.tensors = true;
    return result;
  }();
  // Of the core clock, which is the CSB clock as well. A clock port that is bound overrides it.
  sc_core::sc_time clock_period{1, sc_core::SC_NS};
  // CSB accesses take the times of engine/csb_timing.h. False: no time.
  bool csb_timing = true;
  // See above; false: a CSB read never waits.
  bool synchronise_reads = true;
  // See device/dma_port.h.
  device::DmaMode dma_mode = device::DmaMode::kNonBlocking;
  bool use_dmi = false;
  bool mask_writes = true;
  // A DMA error response ends the simulation with an SC_ERROR report.
  bool stop_on_dma_error = false;
};

class Nvdla : public sc_core::sc_module,
              private device::DmaOwner,
              private device::AcceleratorOwner,
              private engine::Listener {
 public:
  // Throws std::invalid_argument when the parameters are inconsistent (amaix::check, engine::Accelerator) or
  // out of range (clock period 0, an unknown DMA mode).
  Nvdla(sc_core::sc_module_name name, const NvdlaParameters& parameters);

 private:
  device::Clock clock_;
  device::DmaPort dbb_port_;
  device::DmaPort cvsram_port_;

 public:
  tlm_utils::simple_target_socket_optional<device::CsbTarget, 32> csb;
  tlm_utils::simple_target_socket_optional<device::CsbTarget, 64> csb64;
  device::DmaPort::Socket& dbb;
  device::DmaPort::Socket& cvsram;
  sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> interrupt;
  sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> reset_n;
  sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> clock;

  // As a pulse on reset_n: everything in flight is dropped, registers take their reset values.
  void reset();

  // From the next edge on; before or during simulation (frequency scaling). Throws std::invalid_argument for
  // 0.
  void set_clock_period(const sc_core::sc_time& period);

  // Called during simulation; not owned.
  void add_listener(engine::Listener& listener, bool bursts = true);

  // The clock cycle of the present simulated time; of a time between two clock edges, the next one.
  [[nodiscard]] Cycle cycle() const;
  [[nodiscard]] sc_core::sc_time time_of(Cycle cycle) const;
  // Nothing inside will change without a further register access: no internal event, no open DMA.
  [[nodiscard]] bool quiescent() { return timed_.quiescent(); }
  // Notified once after this call: at the next change of the interrupt status, when a register write takes
  // effect, at reset, or when nothing will change any more.
  [[nodiscard]] const sc_core::sc_event& changed_event() {
    timed_.watch();
    return timed_.changed();
  }
  // Operations enabled but not done, one line each.
  [[nodiscard]] std::vector<std::string> unfinished() const;
  [[nodiscard]] std::uint64_t dma_errors() const { return dma_errors_.count(); }
  [[nodiscard]] std::uint64_t dma_errors(Client client) const { return dma_errors_.count(client); }
  // The chunk of the first error response since construction.
  [[nodiscard]] const std::optional<engine::Burst>& first_dma_error() const { return dma_errors_.first(); }
  [[nodiscard]] const engine::Accelerator& accelerator() const { return timed_.accelerator(); }

 private:
  SC_HAS_PROCESS(Nvdla);

  void end_of_elaboration() override;
  void end_of_simulation() override;

  [[nodiscard]] bool dma_open() const override { return dbb_port_.open() != 0 || cvsram_port_.open() != 0; }
  void on_interrupt_line(bool level, Cycle at) override { interrupt_line_.change(level, at); }
  void on_dma_complete(const engine::Burst& burst, const sc_core::sc_time& at) override;
  void on_direct_complete(const engine::Burst& burst, const sc_core::sc_time& at,
                          unsigned char* memory) override;
  void on_direct_revoked() override { timed_.settle_direct(); }
  void on_dma_error(const engine::Burst& burst, tlm::tlm_response_status status) override;

  // To sc_report.
  void on_warning(const std::string& text, Cycle at) override;
  void on_fault(const std::string& text, Cycle at) override;

  void run_method() { timed_.run_due(); }
  void drive_interrupt();
  void follow_reset();
  void adopt_clock();

  NvdlaParameters parameters_;
  device::TimedAccelerator timed_;
  device::CsbTarget csb_target_;
  device::InterruptLine interrupt_line_;
  device::DmaErrors dma_errors_;
  std::vector<engine::Listener*> listeners_;
  bool in_reset_ = false;
};

}  // namespace nvdla
