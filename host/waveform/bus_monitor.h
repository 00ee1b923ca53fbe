// SPDX-License-Identifier: Apache-2.0
// What passes the ports of NVDLA, out of a waveform: register accesses, the interrupt line, bursts and their
// ends. Cycles count rising edges of the core clock from the begin of the waveform; a signal's cycle is the
// one before the edge that takes it over.
//
// Limits: accesses over CSB are answered in order, as CSB has it. CSB's clock may be another; its accesses
// are dated by the core's.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "hardware/clients.h"
#include "hardware/interrupt_bits.h"
#include "hardware/types.h"
#include "hardware/units.h"
#include "host/replay.h"
#include "host/waveform/edge_sampler.h"

namespace nvdla::host {

struct CsbAccess {
  bool write = false;
  std::uint32_t offset = 0;  // bytes
  std::uint32_t value = 0;   // written or read
  Cycle offered = 0;         // the master asks
  Cycle accepted = 0;        // csb2nvdla_valid and _ready
  Cycle answered = 0;        // reads: nvdla2csb_valid; writes: as accepted
};

class BusListener {
 public:
  virtual ~BusListener() = default;
  // A read when it is answered.
  virtual void on_access(const CsbAccess& /*access*/) {}
  virtual void on_interrupt_line(bool /*high*/, Cycle /*at*/) {}
  // A unit's done register is set: groups as bits.
  virtual void on_done(Interrupt /*source*/, std::uint32_t /*groups*/, Cycle /*at*/) {}
  // The address handshake; in order of time.
  virtual void on_burst(const DmaBurst& /*burst*/) {}
  // A data beat passes. Of a burst's first read beat: when its address had passed; else kNever.
  virtual void on_beat(MemorySpace /*port*/, bool /*write*/, Cycle /*asked*/, Cycle /*at*/) {}
  virtual void on_acknowledge(MemorySpace /*port*/, Client /*client*/, Cycle /*at*/) {}
};

class BusMonitor {
 public:
  // All outlive the monitor.
  BusMonitor(EdgeSampler& sampler, const VcdReader& reader, BusListener& listener)
      : sampler_(sampler), reader_(reader), listener_(listener) {}

  // To the end of the waveform. Throws InputError for values that make no sense, with the time of the
  // waveform: unknown addresses, ids of no client, answers that nobody asked for.
  void run();
  // Cycle in which reset was released last; kNever: reset is not among the signals, or was never active.
  [[nodiscard]] Cycle released() const { return released_; }
  [[nodiscard]] Cycle cycles() const { return cycle_; }
  // Reads that the waveform does not answer any more.
  [[nodiscard]] std::size_t unanswered() const { return reads_.size(); }

 private:
  struct Port {
    std::array<std::deque<std::pair<Cycle, std::uint32_t>>, kClients> reads;  // open: asked, beats left
    std::array<bool, kClients> begun{};
  };

  void csb_edge();
  void core_edge();
  void axi_edge(MemorySpace space, Port& port);
  void burst(MemorySpace space, bool write);
  [[nodiscard]] Client client_of(Pin pin) const;
  void require_known(Pin pin) const;
  [[noreturn]] void fail(const std::string& what) const;

  EdgeSampler& sampler_;
  const VcdReader& reader_;
  BusListener& listener_;
  Cycle cycle_ = 0;
  Cycle offered_ = kNever;  // of the access that waits for csb2nvdla_ready
  Cycle released_ = kNever;
  bool in_reset_ = false;
  bool line_ = false;
  std::array<std::uint32_t, kInterrupts> done_{};
  std::deque<CsbAccess> reads_;
  std::array<Port, 2> ports_;
};

}  // namespace nvdla::host
