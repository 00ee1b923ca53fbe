// SPDX-License-Identifier: Apache-2.0
// A complete platform: NVDLA, a memory, and a CPU stand-in that runs a driver-style program. BDMA of nv_full
// copies 1 MiB inside main memory, 256 lines of 4 KiB; the CPU sleeps until the interrupt, then looks at the
// copy.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "device/nvdla.h"

using nvdla::Unit;

constexpr std::uint32_t kFrom = 0x80000000, kTo = kFrom + (1U << 20U), kBytes = 1U << 20U;

SC_MODULE(Memory) {
  tlm_utils::simple_target_socket<Memory, 64> socket{"socket"};
  std::vector<unsigned char> bytes = std::vector<unsigned char>(2 * std::size_t{kBytes});
  SC_CTOR(Memory) { socket.register_b_transport(this, &Memory::b_transport); }
  void b_transport(tlm::tlm_generic_payload & payload, sc_core::sc_time & delay) {
    delay += sc_core::sc_time(60, sc_core::SC_NS);
    const std::uint64_t offset = payload.get_address() - kFrom;
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (offset > bytes.size() || payload.get_data_length() > bytes.size() - offset) return;
    // Lines are whole beats: no byte enables come.
    unsigned char* const there = bytes.data() + offset;
    if (payload.is_write()) std::copy_n(payload.get_data_ptr(), payload.get_data_length(), there);
    if (payload.is_read()) std::copy_n(there, payload.get_data_length(), payload.get_data_ptr());
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
    static constexpr std::pair<const char*, std::uint32_t> kCopy[] = {{"CFG_SRC_ADDR_LOW", kFrom},
                                                                      {"CFG_DST_ADDR_LOW", kTo},
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
  for (std::uint32_t i = 0; i < kBytes; ++i)
    memory.bytes[i] = static_cast<unsigned char>(i * 2654435761U >> 24U);
  sc_core::sc_start();
  const bool equal =
      std::equal(memory.bytes.begin(), memory.bytes.begin() + kBytes, memory.bytes.begin() + kBytes);
  std::cout << (equal ? "the copy equals its source\n" : "the copy differs from its source\n");
  return equal && cpu.status == 1U << 6 ? 0 : 1;  // BDMA, group 0
}
