// SPDX-License-Identifier: Apache-2.0
// A CPU stand-in for QBox that runs a driver-style program on nvdla_qbox: copies 1 MiB by BDMA as
// examples/platform does, resets the device in mid-operation, and stops the simulation. It fails with
// SC_ERROR.
#include <module_factory_registery.h>
#include <ports/initiator-signal-socket.h>
#include <ports/target-signal-socket.h>
#include <tlm_sockets_buswidth.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cci_configuration>
#include <cstdint>
#include <iostream>
#include <string>
#include <systemc>
#include <utility>

#include "registers/register_map.h"

using nvdla::Unit;

class nvdla_driver : public sc_core::sc_module {
  cci::cci_param<std::uint64_t> base_{"base", 0x10200000, "of the NVDLA's registers"};
  cci::cci_param<std::uint64_t> memory_{"memory", 0x80000000, "source; the destination is 256 MiB above"};
  const nvdla::registers::RegisterMap& map_ = nvdla::registers::RegisterMap::of(nvdla::Generation::kV1);
  sc_core::sc_event interrupt_;
  bool level_ = false;

 public:
  tlm_utils::simple_initiator_socket<nvdla_driver, DEFAULT_TLM_BUSWIDTH> mem{"mem"};
  TargetSignalSocket<bool> irq{"irq"};
  InitiatorSignalSocket<bool> reset{"reset"};

  explicit nvdla_driver(sc_core::sc_module_name name) : sc_module(name) {
    irq.register_value_changed_cb([this](bool level) {
      level_ = level;
      interrupt_.notify();
    });
    SC_HAS_PROCESS(nvdla_driver);
    SC_THREAD(program);
  }

 private:
  std::uint32_t access(tlm::tlm_command command, Unit unit, const char* reg, std::uint32_t value = 0) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(base_.get_value() + map_.offset(unit, reg));
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    mem->b_transport(payload, delay);
    expect(payload.is_response_ok(), reg);
    wait(delay);
    return value;
  }
  static void expect(bool condition, const char* what) {
    if (!condition) SC_REPORT_ERROR("nvdla_driver", what);
  }
  void start_copy() {
    const auto from = static_cast<std::uint32_t>(memory_.get_value());
    const std::pair<const char*, std::uint32_t> registers[] = {{"CFG_SRC_ADDR_LOW", from},
                                                               {"CFG_DST_ADDR_LOW", from + 0x10000000},
                                                               {"CFG_LINE", 4096 / 32 - 1},
                                                               {"CFG_LINE_REPEAT", 255},
                                                               {"CFG_SRC_LINE", 4096},
                                                               {"CFG_DST_LINE", 4096},
                                                               {"CFG_CMD", 3},
                                                               {"CFG_OP", 1},
                                                               {"CFG_LAUNCH0", 1}};
    for (const auto& [reg, value] : registers) access(tlm::TLM_WRITE_COMMAND, Unit::kBdma, reg, value);
  }

  void program() {
    wait(sc_core::sc_time(1, sc_core::SC_US));
    expect(access(tlm::TLM_READ_COMMAND, Unit::kGlb, "S_NVDLA_HW_VERSION") != 0, "hardware version");
    start_copy();
    const sc_core::sc_time begin = sc_core::sc_time_stamp();
    wait(interrupt_);
    expect(level_, "the line rises");
    std::cout << "copied 1 MiB in " << sc_core::sc_time_stamp() - begin << std::endl;
    expect(access(tlm::TLM_READ_COMMAND, Unit::kGlb, "S_INTR_STATUS") == 1U << 6, "status of BDMA");
    access(tlm::TLM_WRITE_COMMAND, Unit::kGlb, "S_INTR_STATUS", 1U << 6);
    wait(sc_core::sc_time(20, sc_core::SC_NS));
    expect(!level_, "the line falls");

    start_copy();
    wait(sc_core::sc_time(2, sc_core::SC_US));
    reset->write(true);
    reset->write(false);
    wait(sc_core::sc_time(2, sc_core::SC_MS));
    expect(!level_, "no interrupt of before reset");
    expect((access(tlm::TLM_READ_COMMAND, Unit::kBdma, "STATUS") & 0xffU) == 20,
           "all of BDMA's slots are free");
    std::cout << "passed" << std::endl;
    sc_core::sc_stop();
  }
};

extern "C" void module_register() { GSC_MODULE_REGISTER_C(nvdla_driver); }
