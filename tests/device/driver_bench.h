// SPDX-License-Identifier: Apache-2.0
// A platform for tests: the accelerator, a memory on each port with the base-protocol checker in front, and
// a CPU that runs a program as the driver's scheduler would: program a group, enable it, wait for the
// interrupt, read and clear GLB_S_INTR_STATUS in a handler.
#pragma once

#include <gtest/gtest.h>
#include <tlm_utils/peq_with_get.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm_utils/tlm_quantumkeeper.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base_protocol_checker.h"
#include "device/nvdla.h"
#include "fresh_kernel.h"
#include "memory/sparse_store.h"
#include "tests/registers/descriptors.h"

namespace nvdla::device {

// Bit of GLB_S_INTR_STATUS (register manual of GLB).
[[nodiscard]] constexpr std::uint32_t interrupt_bit(Interrupt source, std::uint32_t group) {
  const auto index = static_cast<std::uint32_t>(source);
  return 1U << ((index < 5 ? 2 * index : 16 + 2 * (index - 5)) + group);
}

enum class Answer { kFourPhases, kAnnotate, kWait };

// Every access takes `latency`. kFourPhases answers nb_transport in all phases; the others are blocking: one
// annotates its latency, one waits for it.
class BenchMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<BenchMemory, 64> socket;
  sc_core::sc_time latency{50, sc_core::SC_NS};
  // Addresses from here on, up to there: ADDRESS_ERROR.
  std::uint64_t fail_from = UINT64_MAX, fail_end = UINT64_MAX;
  bool grant_dmi = false;
  std::uint64_t accesses = 0, reads = 0;
  // Holds bytes if it is set; a failed read then brings 0xee. `no_enables`: byte enables are refused.
  memory::SparseStore* contents = nullptr;
  bool no_enables = false;
  // Holds the bytes from 0x80000000 on if it is not empty; what DMI is granted for then.
  static constexpr std::uint64_t kDirectBase = 0x80000000;
  std::vector<unsigned char> direct;

  BenchMemory(sc_core::sc_module_name name, Answer answer)
      : sc_module(name), socket("socket"), answer_(answer), requests_("requests") {
    if (answer == Answer::kFourPhases) socket.register_nb_transport_fw(this, &BenchMemory::nb_transport_fw);
    socket.register_b_transport(this, &BenchMemory::b_transport);
    socket.register_get_direct_mem_ptr(this, &BenchMemory::get_direct_mem_ptr);
    socket.register_transport_dbg(this, &BenchMemory::transport_dbg);
    SC_METHOD(respond);
    sensitive << requests_.get_event();
    dont_initialize();
  }

 private:
  SC_HAS_PROCESS(BenchMemory);

  void serve(tlm::tlm_generic_payload& payload) {
    ++accesses;
    if (payload.is_read()) ++reads;
    payload.set_dmi_allowed(grant_dmi);
    payload.set_response_status((payload.get_address() >= fail_from && payload.get_address() < fail_end)
                                    ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                    : tlm::TLM_OK_RESPONSE);
    if (no_enables && payload.get_byte_enable_ptr() != nullptr)
      payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    if (contents != nullptr) move(payload);
    if (!direct.empty()) move_directly(payload);
  }
  void move_directly(tlm::tlm_generic_payload& payload) {
    unsigned char* const there = direct.data() + (payload.get_address() - kDirectBase);
    if (payload.is_read()) {
      std::copy_n(there, payload.get_data_length(), payload.get_data_ptr());
    } else {
      std::copy_n(payload.get_data_ptr(), payload.get_data_length(), there);
    }
  }
  void move(tlm::tlm_generic_payload& payload) {
    unsigned char* const data = payload.get_data_ptr();
    const unsigned char* const enable = payload.get_byte_enable_ptr();
    if (!payload.is_response_ok()) {
      if (payload.is_read()) std::fill_n(data, payload.get_data_length(), static_cast<unsigned char>(0xee));
      return;
    }
    if (payload.is_read()) contents->read(payload.get_address(), data, payload.get_data_length());
    for (unsigned i = 0; payload.is_write() && i < payload.get_data_length(); ++i)
      if (enable == nullptr || enable[i % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED)
        contents->write(payload.get_address() + i, data + i, 1);
  }
  unsigned transport_dbg(tlm::tlm_generic_payload& payload) {
    if (contents == nullptr) return 0;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    move(payload);
    return payload.get_data_length();
  }
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    serve(payload);
    delay += latency;
    if (answer_ != Answer::kWait) return;
    wait(delay);
    delay = sc_core::SC_ZERO_TIME;
  }
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) {
    if (phase == tlm::END_RESP) return tlm::TLM_COMPLETED;
    payload.acquire();
    requests_.notify(payload, delay + latency);
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  void respond() {
    while (tlm::tlm_generic_payload* payload = requests_.get_next_transaction()) {
      serve(*payload);
      tlm::tlm_phase phase = tlm::BEGIN_RESP;
      sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
      EXPECT_EQ(socket->nb_transport_bw(*payload, phase, delay), tlm::TLM_COMPLETED);
      payload->release();
    }
  }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_dmi& dmi) {
    dmi.set_start_address(direct.empty() ? 0 : kDirectBase);
    dmi.set_end_address(direct.empty() ? UINT64_MAX : kDirectBase + direct.size() - 1);
    if (!direct.empty()) dmi.set_dmi_ptr(direct.data());
    dmi.set_read_latency(latency);
    dmi.set_write_latency(latency);
    dmi.allow_read_write();
    return grant_dmi;
  }

  Answer answer_;
  tlm_utils::peq_with_get<tlm::tlm_generic_payload> requests_;
};

// The CPU. Accesses happen at local time; it synchronises at the end of a quantum and before it sleeps.
class BenchCpu : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<BenchCpu, 32> socket;
  sc_core::sc_in<bool> interrupt;
  using Program = std::function<void(BenchCpu&)>;

  BenchCpu(sc_core::sc_module_name name, const registers::RegisterMap& map)
      : sc_module(name), socket("socket"), interrupt("interrupt"), map_(map) {
    SC_THREAD(main);
  }

  Program program;
  sc_core::sc_time access_cost{5, sc_core::SC_NS};  // instructions around an access
  bool finished = false;
  std::uint32_t handled = 0;  // interrupts that the handler has seen and nobody has waited for

  // -- for programs
  void write(Unit unit, const std::string& reg, std::uint32_t value) {
    EXPECT_EQ(transfer(true, map_.offset(unit, reg), value), tlm::TLM_OK_RESPONSE) << reg;
  }
  std::uint32_t read(Unit unit, const std::string& reg) {
    std::uint32_t value = 0;
    EXPECT_EQ(transfer(false, map_.offset(unit, reg), value), tlm::TLM_OK_RESPONSE) << reg;
    return value;
  }
  // Every writable register of the group, but OP_ENABLE.
  void program_group(const registers::test::Programmer& descriptor, std::initializer_list<Unit> units,
                     std::uint32_t group) {
    for (const Unit unit : units) {
      write(unit, "S_POINTER", group);
      for (std::size_t i = 0; i < map_.size(); ++i) {
        const registers::RegisterInfo& info = map_[i];
        if (info.unit != unit || !info.grouped() || info.write_mask == 0 || info.name == "D_OP_ENABLE")
          continue;
        write(unit, std::string(info.name), descriptor.file().value(unit, info.name, 0));
      }
    }
  }
  void enable(std::initializer_list<Unit> units, std::uint32_t group) {
    for (const Unit unit : units) {
      write(unit, "S_POINTER", group);
      write(unit, "D_OP_ENABLE", 1);
    }
  }
  // Sleeps until the handler has seen all of `bits`.
  void wait_for(std::uint32_t bits) {
    while ((handled & bits) != bits) {
      keeper_.sync();
      if (!interrupt.read()) wait(interrupt.posedge_event());
      const std::uint32_t status = read(Unit::kGlb, "S_INTR_STATUS");
      EXPECT_NE(status, 0U) << "spurious interrupt";
      write(Unit::kGlb, "S_INTR_STATUS", status);
      // The line falls before the handler returns, as after the read behind the write on a real bus.
      EXPECT_EQ(read(Unit::kGlb, "S_INTR_STATUS") & status, 0U);
      handled |= status;
    }
    handled &= ~bits;
  }
  // Lets simulated time come up with local time.
  void settle() { keeper_.sync(); }
  void spend(const sc_core::sc_time& time) {
    keeper_.inc(time);
    if (keeper_.need_sync()) keeper_.sync();
  }
  [[nodiscard]] sc_core::sc_time now() const { return keeper_.get_current_time(); }

  tlm::tlm_response_status transfer(bool is_write, std::uint64_t address, std::uint32_t& value) {
    spend(access_cost);
    tlm::tlm_generic_payload payload;
    payload.set_command(is_write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay = keeper_.get_local_time();
    socket->b_transport(payload, delay);
    keeper_.set(delay);
    if (keeper_.need_sync()) keeper_.sync();
    return payload.get_response_status();
  }

 private:
  SC_HAS_PROCESS(BenchCpu);
  void main() {
    keeper_.reset();
    if (program) program(*this);
    keeper_.sync();
    finished = true;
  }

  const registers::RegisterMap& map_;
  tlm_utils::tlm_quantumkeeper keeper_;
};

// Warnings and faults of the component.
class BenchListener : public engine::Listener {
 public:
  std::vector<std::string> warnings, faults;
  std::vector<engine::OperationRecord> done;
  void on_warning(const std::string& text, Cycle /*at*/) override { warnings.push_back(text); }
  void on_fault(const std::string& text, Cycle /*at*/) override { faults.push_back(text); }
  void on_done(const engine::OperationRecord& record) override { done.push_back(record); }
};

struct BenchOptions {
  std::string configuration = "nv_full";
  Answer answer = Answer::kFourPhases;
  NvdlaParameters parameters;  // hardware is taken from the configuration
  bool bind_cvsram = true;
};

// Platform of one simulation. `run` ends when nothing happens any more.
class Bench : public sc_core::sc_module {
 public:
  using Options = BenchOptions;

  explicit Bench(const Options& options = {}, sc_core::sc_module_name name = "bench")
      : sc_module(name),
        device("nvdla", parameters(options)),
        cpu("cpu", device.accelerator().register_file().map()),
        dbb("dbb", options.answer),
        dbb_checker("dbb_checker", device.accelerator().hardware().dbb_width_bytes),
        irq("irq"),
        reset_n("reset_n", true) {
    quiet_ = sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
    cpu.socket.bind(device.csb);
    device.dbb.bind(dbb_checker.target);
    dbb_checker.initiator.bind(dbb.socket);
    if (options.bind_cvsram && device.accelerator().hardware().cvsram) {
      cvsram = std::make_unique<BenchMemory>("cvsram", options.answer);
      device.cvsram.bind(cvsram->socket);
    }
    device.interrupt.bind(irq);
    device.reset_n.bind(reset_n);
    cpu.interrupt.bind(irq);
    device.add_listener(listener);
    SC_METHOD(watch);
    sensitive << irq.value_changed_event();
    dont_initialize();
  }

  void run(BenchCpu::Program program) {
    cpu.program = std::move(program);
    sc_core::sc_start();
  }

  Nvdla device;
  BenchCpu cpu;
  BenchMemory dbb;
  std::unique_ptr<BenchMemory> cvsram;
  BaseProtocolChecker dbb_checker;
  sc_core::sc_signal<bool> irq, reset_n;
  BenchListener listener;
  std::vector<sc_core::sc_time> edges;  // of the interrupt, rising and falling

 private:
  SC_HAS_PROCESS(Bench);
  static NvdlaParameters parameters(const Options& options) {
    NvdlaParameters result = options.parameters;
    result.hardware = preset(options.configuration);
    return result;
  }
  void watch() { edges.push_back(sc_core::sc_time_stamp()); }
  sc_core::sc_actions quiet_ = 0;
};

}  // namespace nvdla::device
