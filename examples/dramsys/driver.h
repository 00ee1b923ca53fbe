// SPDX-License-Identifier: Apache-2.0
// Plays a register trace over the CSB socket; the simulation stops at its end. Contents of memory are left
// out.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <systemc>

#include "device/nvdla.h"
#include "device/poll_extension.h"
#include "host/player.h"
#include "host/program.h"

namespace example {

class Driver : public sc_core::sc_module, public nvdla::host::RegisterBus {
 public:
  tlm_utils::simple_initiator_socket<Driver, 32> csb{"csb"};
  sc_core::sc_in<bool> interrupt{"interrupt"};

  Driver(sc_core::sc_module_name name, const nvdla::host::Program& program, nvdla::Nvdla& device)
      : sc_module(name), device_(device), player_(program, *this, device.accelerator(), {}) {
    SC_THREAD(run);
    device.add_listener(player_);
  }
  // Null: the trace was played.
  [[nodiscard]] const std::exception_ptr& error() const { return error_; }

  nvdla::registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) override {
    return transfer(tlm::TLM_WRITE_COMMAND, offset, value, nullptr);
  }
  nvdla::registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) override {
    return transfer(tlm::TLM_READ_COMMAND, offset, value, nullptr);
  }
  nvdla::engine::PollOutcome poll(const nvdla::engine::PollRequest& request) override {
    nvdla::PollExtension extension;
    extension.mask = request.mask;
    extension.expected = request.expected;
    extension.limit = request.limit;
    nvdla::engine::PollOutcome outcome;
    outcome.status = transfer(tlm::TLM_READ_COMMAND, request.offset, outcome.value, &extension);
    outcome.end = extension.end;
    outcome.reads = extension.reads;
    outcome.finished = now();
    return outcome;
  }
  nvdla::host::WaitEnd wait_for_interrupt(nvdla::Cycle /*limit*/) override {
    while (!interrupt.read()) {
      if (device_.quiescent()) return nvdla::host::WaitEnd::kIdle;
      wait(interrupt.posedge_event() | device_.changed_event());
    }
    return nvdla::host::WaitEnd::kRaised;
  }
  void stop() override { sc_core::sc_stop(); }
  bool idle() override { return device_.quiescent(); }
  [[nodiscard]] nvdla::Cycle now() const override { return device_.cycle(); }
  bool load_memory(std::uint64_t, const unsigned char*, std::size_t) override { return true; }
  bool store_memory(std::uint64_t, unsigned char* data, std::size_t length) override {
    std::fill_n(data, length, static_cast<unsigned char>(0));
    return true;
  }
  [[nodiscard]] bool holds(std::uint64_t, std::uint64_t) const override { return true; }

 private:
  SC_HAS_PROCESS(Driver);
  void run() {
    wait(device_.time_of(1) - sc_core::sc_time_stamp());
    try {
      (void)player_.play();
      player_.check_finished();
    } catch (const sc_core::sc_unwind_exception&) {
      throw;
    } catch (...) {
      error_ = std::current_exception();
    }
    sc_core::sc_stop();
  }
  nvdla::registers::AccessStatus transfer(tlm::tlm_command command, std::uint32_t offset,
                                          std::uint32_t& value, nvdla::PollExtension* extension) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(offset);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    payload.set_extension(extension);
    sc_core::sc_time delay;
    csb->b_transport(payload, delay);
    if (extension != nullptr) payload.clear_extension(extension);
    wait(delay);
    return payload.is_response_ok() ? nvdla::registers::AccessStatus::kOk
                                    : nvdla::registers::AccessStatus::kUnmapped;
  }
  nvdla::registers::AccessStatus transfer(tlm::tlm_command command, std::uint32_t offset,
                                          std::uint32_t&& value, nvdla::PollExtension* extension) {
    return transfer(command, offset, value, extension);
  }

  nvdla::Nvdla& device_;
  nvdla::host::Player player_;
  std::exception_ptr error_;
};

}  // namespace example
