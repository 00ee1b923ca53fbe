// SPDX-License-Identifier: Apache-2.0
// A memory of the platform: SystemC target with the timing of memory/memory_timing.h and sparse contents.
//
// nb_transport: AT with any number of open transactions; END_REQ comes at once, responses in the order of
// memory::MemoryTiming (read data in order, write acknowledges on their own). A transaction that carries a
// device::DmaExtension has that many beats, any other as many as its length needs. A request may come ahead
// of its time (annotated delay); others may follow that come before it. b_transport: latency and bandwidth
// without contention, annotated, no wait. Addresses outside [base, base + size) get
// TLM_ADDRESS_ERROR_RESPONSE, after the usual time. DMI: page by page, whole pages inside the window only.
// Debug access has no side effects but data. Byte enables are honoured. Data are written when the request
// comes and read when the response goes.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <optional>
#include <systemc>
#include <tlm>

#include "device/clock.h"
#include "device/dma_extension.h"
#include "device/target_channels.h"
#include "host/memory_options.h"
#include "memory/shared_timing.h"
#include "memory/sparse_store.h"

namespace nvdla::platform {

class Memory : public sc_core::sc_module, private device::TargetChannels {
 public:
  tlm_utils::simple_target_socket<Memory, 64> socket;

  // Throws std::invalid_argument for options out of range.
  Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
         sc_core::sc_time clock_period);
  // The same with contents that other memories show too; they must outlive this.
  Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
         sc_core::sc_time clock_period, memory::SparseStore& contents);
  // One master's way to a memory that others use as well, whose rule is `timing`; both outlive this.
  Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
         sc_core::sc_time clock_period, memory::SparseStore& contents, memory::SharedTiming& timing,
         std::uint32_t master);

  // Untimed access of the platform itself. False: some byte lies outside the window; nothing is done.
  [[nodiscard]] bool write_bytes(std::uint64_t address, const unsigned char* data, std::size_t length);
  [[nodiscard]] bool read_bytes(std::uint64_t address, unsigned char* data, std::size_t length) const;
  [[nodiscard]] bool contains(std::uint64_t address, std::uint64_t length) const {
    return address >= options_.base && length <= options_.size &&
           address - options_.base <= options_.size - length;
  }

 private:
  SC_HAS_PROCESS(Memory);
  // Null: contents of its own.
  Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
         sc_core::sc_time clock_period, memory::SparseStore* contents);
  void serve();
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);

  void check(tlm::tlm_generic_payload& payload) const;
  void write_data(const tlm::tlm_generic_payload& payload);
  void read_data(const tlm::tlm_generic_payload& payload) const;
  // `extension`: the payload's, or null.
  [[nodiscard]] std::uint32_t beats_of(const tlm::tlm_generic_payload& payload,
                                       const device::DmaExtension* extension) const;
  Cycle write_room(std::uint32_t ahead, Cycle now) override {
    return timing_.write_room(master_, ahead, now);
  }
  [[nodiscard]] std::uint32_t open_reads() const override { return timing_.open_reads(); }
  Cycle read_room(std::uint32_t ahead, Cycle from) override {
    return timing_.read_room(master_, ahead, from);
  }
  Cycle read_return(std::uint32_t ahead, Cycle from) override {
    return timing_.read_return(master_, ahead, from);
  }
  [[nodiscard]] bool spreads_beats() const override { return timing_.spreads_beats(); }
  void respond();
  void finish(tlm::tlm_generic_payload& payload);
  void arm(const sc_core::sc_time& present);

  host::MemoryOptions options_;
  std::uint32_t bus_bytes_;
  sc_core::sc_time clock_period_;
  device::Clock clock_;
  std::optional<memory::SharedTiming> own_timing_;
  memory::SharedTiming& timing_;
  const Cycle run_latency_;  // DmaExtension's
  std::uint32_t master_ = 0;
  memory::SparseStore own_;
  memory::SparseStore& store_;
  tlm::tlm_generic_payload* responding_ = nullptr;  // waits for END_RESP
  bool in_respond_ = false;
  bool settled_ = false;
  sc_core::sc_event event_;
  Cycle armed_ = kNever;
};

}  // namespace nvdla::platform
