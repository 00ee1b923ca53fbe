// SPDX-License-Identifier: Apache-2.0
// The SystemC component as a RegisterBus: one TLM transaction an access, one behind the other, with the times
// that the component annotates. Polls go as one transaction with a PollExtension. The first access is offered
// in cycle 1.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <functional>
#include <systemc>
#include <vector>

#include "device/nvdla.h"
#include "device/poll_extension.h"
#include "host/register_bus.h"
#include "platform/memory.h"
#include "registers/register_rules.h"

namespace nvdla::platform {

class TlmBus : public sc_core::sc_module, public host::RegisterBus {
 public:
  tlm_utils::simple_initiator_socket<TlmBus, 32> csb;
  sc_core::sc_in<bool> interrupt;

  // `body` runs in the thread of this module, from which all accesses must come; it must not throw. The
  // memories serve load_memory and its like; the first whose window holds the bytes is taken.
  TlmBus(sc_core::sc_module_name name, Nvdla& device, std::vector<Memory*> memories,
         std::function<void()> body);
  ~TlmBus() override;

  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) override;
  // While nothing is pending in the component: it takes them ahead of simulated time, which follows in one
  // wait.
  std::size_t store(const registers::RegisterWrite* writes, std::size_t count) override;
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) override;
  engine::PollOutcome poll(const engine::PollRequest& request) override;
  host::WaitEnd wait_for_interrupt(Cycle limit) override;
  // Ends the simulation: what waits does not come back.
  void stop() override { sc_core::sc_stop(); }
  // As SystemBus::reset.
  void reset(Cycle settled);
  // The next access is offered in this cycle, which lies ahead.
  void wait_until(Cycle cycle);
  [[nodiscard]] bool idle() override { return device_.quiescent(); }
  [[nodiscard]] Cycle now() const override { return device_.cycle(); }
  [[nodiscard]] bool load_memory(std::uint64_t address, const unsigned char* data,
                                 std::size_t length) override;
  [[nodiscard]] bool store_memory(std::uint64_t address, unsigned char* data, std::size_t length) override;
  [[nodiscard]] bool holds(std::uint64_t address, std::uint64_t length) const override;

 private:
  SC_HAS_PROCESS(TlmBus);
  void run();
  registers::AccessStatus transfer(bool write, std::uint32_t offset, std::uint32_t& value,
                                   PollExtension* extension, sc_core::sc_time& delay);
  // The same, and its time passes.
  registers::AccessStatus access(bool write, std::uint32_t offset, std::uint32_t& value,
                                 PollExtension* extension);
  [[nodiscard]] Memory* memory_of(std::uint64_t address, std::uint64_t length) const;

  Nvdla& device_;
  const registers::RegisterRules& rules_;
  std::vector<Memory*> memories_;
  std::function<void()> body_;
  tlm::tlm_generic_payload payload_;  // of the access under way: there is one at a time
};

}  // namespace nvdla::platform
