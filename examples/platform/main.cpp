// SPDX-License-Identifier: Apache-2.0
// A complete platform: NVDLA, a memory, and a CPU stand-in that runs a driver-style program. BDMA of nv_full
// copies 1 MiB inside main memory, 256 lines of 4 KiB; the CPU sleeps until the interrupt.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <iostream>
#include <string>

#include "device/nvdla.h"

using nvdla::registers::Unit;
using sc_core::sc_time;

struct Memory : sc_core::sc_module {
  tlm_utils::simple_target_socket<Memory, 64> socket{"socket"};
  explicit Memory(sc_core::sc_module_name name) : sc_module(name) {
    socket.register_b_transport(this, &Memory::b_transport);
  }
  void b_transport(tlm::tlm_generic_payload& payload, sc_time& delay) {
    delay += sc_time(60, sc_core::SC_NS);  // the model moves no data: only time matters
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

struct Cpu : sc_core::sc_module {
  tlm_utils::simple_initiator_socket<Cpu, 32> socket{"socket"};
  sc_core::sc_in<bool> interrupt{"interrupt"};
  const nvdla::registers::RegisterMap& map;
  bool passed = false;
  SC_HAS_PROCESS(Cpu);
  Cpu(sc_core::sc_module_name name, const nvdla::registers::RegisterMap& registers)
      : sc_module(name), map(registers) {
    SC_THREAD(program);
  }
  std::uint32_t access(tlm::tlm_command command, Unit unit, const std::string& name,
                       std::uint32_t value = 0) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(map.offset(unit, name));
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_time delay;
    socket->b_transport(payload, delay);
    if (payload.is_response_error())
      SC_REPORT_ERROR("cpu", (name + ": " + payload.get_response_string()).c_str());
    wait(delay);
    return value;
  }
  void write(Unit unit, const std::string& name, std::uint32_t value) {
    access(tlm::TLM_WRITE_COMMAND, unit, name, value);
  }
  void program() {
    write(Unit::kBdma, "CFG_SRC_ADDR_LOW", 0x80000000);
    write(Unit::kBdma, "CFG_DST_ADDR_LOW", 0x90000000);
    write(Unit::kBdma, "CFG_LINE", 4096 / 32 - 1);
    write(Unit::kBdma, "CFG_LINE_REPEAT", 255);
    write(Unit::kBdma, "CFG_SRC_LINE", 4096);
    write(Unit::kBdma, "CFG_DST_LINE", 4096);
    write(Unit::kBdma, "CFG_CMD", 3);  // main memory to main memory
    write(Unit::kBdma, "CFG_OP", 1);
    write(Unit::kBdma, "CFG_LAUNCH0", 1);
    const sc_time begin = sc_core::sc_time_stamp();
    wait(interrupt.posedge_event());
    const std::uint32_t status = access(tlm::TLM_READ_COMMAND, Unit::kGlb, "S_INTR_STATUS");
    write(Unit::kGlb, "S_INTR_STATUS", status);
    std::cout << "copied 1 MiB in " << sc_core::sc_time_stamp() - begin << ", interrupt status " << status
              << '\n';
    passed = status == 1U << 6;  // BDMA, group 0
  }
};

int sc_main(int /*argc*/, char** /*argv*/) {
  nvdla::NvdlaParameters parameters;
  parameters.hardware = nvdla::amaix::preset("nv_full");
  parameters.dma_mode = nvdla::device::DmaMode::kBlocking;  // the memory has b_transport only
  nvdla::Nvdla device("nvdla", parameters);
  Cpu cpu("cpu", device.accelerator().register_file().map());
  Memory memory("memory");
  sc_core::sc_signal<bool> interrupt("interrupt");
  cpu.socket.bind(device.csb);
  device.dbb.bind(memory.socket);
  device.interrupt.bind(interrupt);
  cpu.interrupt.bind(interrupt);
  sc_core::sc_start();
  return cpu.passed ? 0 : 1;
}
