// SPDX-License-Identifier: Apache-2.0
// A complete platform: NVDLA, a memory, and a CPU stand-in that runs a driver-style program. BDMA of nv_full
// copies 1 MiB inside main memory, 256 lines of 4 KiB; the CPU sleeps until the interrupt.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <iostream>

#include "device/nvdla.h"

using nvdla::Unit;

SC_MODULE(Memory) {
  tlm_utils::simple_target_socket<Memory, 64> socket{"socket"};
  SC_CTOR(Memory) { socket.register_b_transport(this, &Memory::b_transport); }
  void b_transport(tlm::tlm_generic_payload & payload, sc_core::sc_time & delay) {
    delay += sc_core::sc_time(60, sc_core::SC_NS);  // the model moves no data: only time matters
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

SC_MODULE(Cpu) {
  tlm_utils::simple_initiator_socket<Cpu, 32> socket{"socket"};
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  const nvdla::registers::RegisterMap& map = nvdla::registers::RegisterMap::of(nvdla::Generation::kV1);
  std::uint32_t status = 0;
  SC_CTOR(Cpu) { SC_THREAD(program); }

  std::uint32_t access(tlm::tlm_command command, Unit unit, const char* reg, std::uint32_t value = 0) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(map.offset(unit, reg));
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    socket->b_transport(payload, delay);
    if (payload.is_response_error()) SC_REPORT_ERROR(reg, payload.get_response_string().c_str());
    wait(delay);
    return value;
  }
  void program() {
    static constexpr std::pair<const char*, std::uint32_t> kCopy[] = {{"CFG_SRC_ADDR_LOW", 0x80000000},
                                                                      {"CFG_DST_ADDR_LOW", 0x90000000},
                                                                      {"CFG_LINE", 4096 / 32 - 1},
                                                                      {"CFG_LINE_REPEAT", 255},
                                                                      {"CFG_SRC_LINE", 4096},
                                                                      {"CFG_DST_LINE", 4096},
                                                                      {"CFG_CMD", 3 /* both main memory */},
                                                                      {"CFG_OP", 1},
                                                                      {"CFG_LAUNCH0", 1}};
    for (const auto& [reg, value] : kCopy) access(tlm::TLM_WRITE_COMMAND, Unit::kBdma, reg, value);
    const sc_core::sc_time begin = sc_core::sc_time_stamp();
    wait(interrupt.posedge_event());
    status = access(tlm::TLM_READ_COMMAND, Unit::kGlb, "S_INTR_STATUS");
    access(tlm::TLM_WRITE_COMMAND, Unit::kGlb, "S_INTR_STATUS", status);
    std::cout << "copied 1 MiB in " << sc_core::sc_time_stamp() - begin << ", status " << status << '\n';
  }
};

int sc_main(int /*argc*/, char** /*argv*/) {
  nvdla::NvdlaParameters parameters;
  parameters.hardware = nvdla::preset("nv_full");
  parameters.dma_mode = nvdla::device::DmaMode::kBlocking;  // the memory has b_transport only
  nvdla::Nvdla device("nvdla", parameters);
  Cpu cpu("cpu");
  Memory memory("memory");
  cpu.socket.bind(device.csb);
  device.dbb.bind(memory.socket);
  device.interrupt.bind(cpu.interrupt);
  sc_core::sc_start();
  return cpu.status == 1U << 6 ? 0 : 1;  // BDMA, group 0
}
