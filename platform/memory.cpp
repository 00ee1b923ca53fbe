// SPDX-License-Identifier: Apache-2.0
#include "platform/memory.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "device/clock.h"
#include "device/dma_extension.h"

namespace nvdla::platform {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

Memory::Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
               sc_time clock_period)
    : Memory(name, options, bus_bytes, clock_period, static_cast<memory::SparseStore*>(nullptr)) {}

Memory::Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
               sc_time clock_period, memory::SparseStore& contents)
    : Memory(name, options, bus_bytes, clock_period, &contents) {}

Memory::Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
               sc_time clock_period, memory::SparseStore* contents)
    : sc_module(name),
      socket("socket"),
      options_(options),
      bus_bytes_(bus_bytes),
      clock_period_(clock_period),
      clock_(clock_period),
      own_timing_(std::in_place, options, bus_bytes, 1),
      timing_(*own_timing_),
      run_latency_(options.holds_everything() ? options.latency : 0),
      store_(contents == nullptr ? own_ : *contents) {
  serve();
}

Memory::Memory(sc_core::sc_module_name name, const host::MemoryOptions& options, std::uint32_t bus_bytes,
               sc_time clock_period, memory::SparseStore& contents, memory::SharedTiming& timing,
               std::uint32_t master)
    : sc_module(name),
      socket("socket"),
      options_(options),
      bus_bytes_(bus_bytes),
      clock_period_(clock_period),
      clock_(clock_period),
      timing_(timing),
      run_latency_(timing.alone() && options.holds_everything() ? options.latency : 0),
      master_(master),
      store_(contents) {
  serve();
}

void Memory::serve() {
  socket.register_nb_transport_fw(this, &Memory::nb_transport_fw);
  socket.register_b_transport(this, &Memory::b_transport);
  socket.register_transport_dbg(this, &Memory::transport_dbg);
  socket.register_get_direct_mem_ptr(this, &Memory::get_direct_mem_ptr);
  SC_METHOD(respond);
  sensitive << event_;
  dont_initialize();
}

bool Memory::write_bytes(std::uint64_t address, const unsigned char* data, std::size_t length) {
  if (!contains(address, length)) return false;
  store_.write(address, data, length);
  return true;
}

bool Memory::read_bytes(std::uint64_t address, unsigned char* data, std::size_t length) const {
  if (!contains(address, length)) return false;
  store_.read(address, data, length);
  return true;
}

// -- payloads ----------------------------------------------------------------------------------------

inline void Memory::check(tlm::tlm_generic_payload& payload) const {
  if (payload.get_data_length() == 0 || payload.get_streaming_width() < payload.get_data_length()) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  } else if (!contains(payload.get_address(), payload.get_data_length())) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else {
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
}

void Memory::write_data(const tlm::tlm_generic_payload& payload) {
  const unsigned char* enable = payload.get_byte_enable_ptr();
  if (enable == nullptr) {
    store_.write(payload.get_address(), payload.get_data_ptr(), payload.get_data_length());
    return;
  }
  const unsigned enables = payload.get_byte_enable_length();
  if (std::all_of(enable, enable + enables, [](unsigned char byte) { return byte == TLM_BYTE_DISABLED; }))
    return;
  for (unsigned i = 0; i < payload.get_data_length(); ++i) {
    if (enable[i % enables] == TLM_BYTE_ENABLED) {
      store_.write(payload.get_address() + i, payload.get_data_ptr() + i, 1);
    }
  }
}

inline void Memory::read_data(const tlm::tlm_generic_payload& payload) const {
  const unsigned char* enable = payload.get_byte_enable_ptr();
  if (enable == nullptr) {
    store_.read(payload.get_address(), payload.get_data_ptr(), payload.get_data_length());
    return;
  }
  const unsigned enables = payload.get_byte_enable_length();
  for (unsigned i = 0; i < payload.get_data_length(); ++i) {
    if (enable[i % enables] == TLM_BYTE_ENABLED)
      store_.read(payload.get_address() + i, payload.get_data_ptr() + i, 1);
  }
}

inline std::uint32_t Memory::beats_of(const tlm::tlm_generic_payload& payload,
                                      const device::DmaExtension* extension) const {
  if (extension != nullptr && extension->beats > 0) return extension->beats;
  return std::max(1U, (payload.get_data_length() + bus_bytes_ - 1) / bus_bytes_);
}

inline void Memory::finish(tlm::tlm_generic_payload& payload) {
  if (payload.has_mm()) payload.release();
}

// -- AT ----------------------------------------------------------------------------------------------

tlm::tlm_sync_enum Memory::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                           sc_time& delay) {
  if (phase == tlm::END_RESP) {
    if (responding_ == &payload) {
      responding_ = nullptr;
      finish(payload);
      event_.notify(delay);
      armed_ = kNever;
    }
    return tlm::TLM_COMPLETED;
  }
  if (phase != tlm::BEGIN_REQ) {
    SC_REPORT_ERROR("memory", "protocol error: the initiator sent a phase other than BEGIN_REQ and END_RESP");
    return tlm::TLM_ACCEPTED;
  }
  if (payload.has_mm()) payload.acquire();
  check(payload);
  if (payload.is_write() && payload.is_response_ok()) write_data(payload);
  auto* const extension = payload.get_extension<device::DmaExtension>();
  if (extension != nullptr) {
    extension->channels = this;
    extension->run_latency = run_latency_;
  }
  const Cycle issued = clock_.cycle_of(device::after(delay));
  const auto id = reinterpret_cast<std::uintptr_t>(&payload);
  const std::uint32_t beats = beats_of(payload, extension);
  const bool first = delay > SC_ZERO_TIME
                         ? timing_.submit_ahead(master_, id, payload.is_write(), beats, issued)
                         : timing_.submit(master_, id, payload.is_write(), beats, issued);
  if (first && !in_respond_) arm(sc_time_stamp());
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void Memory::respond() {
  // Requests of this very time compete for this cycle's beats: processes that may send one run first.
  settled_ = !settled_ && sc_core::sc_pending_activity_at_current_time();
  if (settled_) {
    event_.notify(SC_ZERO_TIME);
    return;
  }
  armed_ = kNever;
  const sc_time& present = sc_time_stamp();
  timing_.advance(static_cast<Cycle>(present.value() / clock_period_.value()));
  in_respond_ = true;
  memory::MemoryTiming::Completion completion;
  while (responding_ == nullptr && timing_.pop(master_, completion)) {
    auto& payload = *reinterpret_cast<tlm::tlm_generic_payload*>(static_cast<std::uintptr_t>(completion.id));
    if (payload.is_read() && payload.is_response_ok()) read_data(payload);
    if (auto* extension = payload.get_extension<device::DmaExtension>()) {
      extension->span = static_cast<std::uint32_t>(completion.span);
      extension->held = static_cast<std::uint32_t>(completion.held);
    }
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_time delay = SC_ZERO_TIME;
    responding_ = &payload;
    const tlm::tlm_sync_enum result = socket->nb_transport_bw(payload, phase, delay);
    const bool ended = result == tlm::TLM_COMPLETED || (result == tlm::TLM_UPDATED && phase == tlm::END_RESP);
    if (ended && responding_ == &payload) {
      responding_ = nullptr;
      finish(payload);
    }
  }
  in_respond_ = false;
  arm(present);
}

void Memory::arm(const sc_time& present) {
  if (responding_ != nullptr) return;  // END_RESP will wake us
  const Cycle next = timing_.next();
  if (next >= armed_) return;
  armed_ = next;
  const sc_time at = clock_.time_of(next);
  event_.notify(at > present ? at - present : SC_ZERO_TIME);
}

// -- LT, debug, DMI ----------------------------------------------------------------------------------

void Memory::b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
  check(payload);
  if (payload.is_response_ok() && payload.is_write()) write_data(payload);
  if (payload.is_response_ok() && payload.is_read()) read_data(payload);
  const double beat_cycles = std::max(1.0, bus_bytes_ / options_.bytes_per_cycle);
  delay += (options_.latency +
            std::ceil((beats_of(payload, payload.get_extension<device::DmaExtension>()) - 1) * beat_cycles)) *
           clock_period_;
}

unsigned Memory::transport_dbg(tlm::tlm_generic_payload& payload) {
  check(payload);
  if (payload.is_response_error()) return 0;
  if (payload.is_write()) write_data(payload);
  if (payload.is_read()) read_data(payload);
  return payload.get_data_length();
}

bool Memory::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
  const std::uint64_t first =
      payload.get_address() / memory::SparseStore::kPageBytes * memory::SparseStore::kPageBytes;
  if (!contains(first, memory::SparseStore::kPageBytes)) return false;
  dmi.allow_read_write();
  dmi.set_start_address(first);
  dmi.set_end_address(first + memory::SparseStore::kPageBytes - 1);
  dmi.set_dmi_ptr(store_.page(first).data());
  const sc_time latency = static_cast<double>(options_.latency) * clock_period_;
  dmi.set_read_latency(latency);
  dmi.set_write_latency(latency);
  return true;
}

}  // namespace nvdla::platform
