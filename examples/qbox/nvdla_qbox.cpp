// SPDX-License-Identifier: Apache-2.0
// NVDLA for QBox: a shared object that QBox's module factory loads, configured by CCI parameters.
//
//   nvdla = { moduletype = "nvdla_qbox", config = "nv_full", period_ps = 1000,
//             target_socket = { address = 0x10200000, size = 0x20000, bind = "&router.initiator_socket" },
//             dbb = { bind = "&router.target_socket" },
//             irq = { bind = "&gic.spi_in_176" } }
//
// QBox's router and memories speak b_transport: DMA is blocking. Its sockets are DEFAULT_TLM_BUSWIDTH wide.
#include <module_factory_registery.h>
#include <ports/initiator-signal-socket.h>
#include <tlm_sockets_buswidth.h>

#include <cci_configuration>
#include <cstdint>
#include <string>
#include <systemc>

#include "device/bus_width_adapter.h"
#include "device/nvdla.h"

class nvdla_qbox : public sc_core::sc_module {
  static constexpr unsigned kWidth = DEFAULT_TLM_BUSWIDTH;
  using Adapter = nvdla::device::BusWidthAdapter<nvdla::device::DmaPort::kSocketBits, kWidth>;

  cci::cci_param<std::string> config_{"config", "nv_full", "hardware configuration, a preset"};
  cci::cci_param<std::uint64_t> period_{"period_ps", 1000, "period of the core clock in picoseconds"};
  cci::cci_param<bool> stop_{"stop_on_dma_error", false, "end the simulation at an error response to DMA"};

  nvdla::NvdlaParameters parameters() const {
    nvdla::NvdlaParameters result;
    result.hardware = nvdla::amaix::preset(config_.get_value());
    result.clock_period = sc_core::sc_time(static_cast<double>(period_.get_value()), sc_core::SC_PS);
    result.stop_on_dma_error = stop_.get_value();
    result.dma_mode = nvdla::device::DmaMode::kBlocking;
    return result;
  }

  nvdla::Nvdla device_{"device", parameters()};
  nvdla::device::BusWidthAdapter<kWidth, 64> csb_adapter_{"csb_adapter"};
  Adapter dbb_adapter_{"dbb_adapter"};

 public:
  tlm::tlm_target_socket<kWidth> target_socket{"target_socket"};
  tlm::tlm_initiator_socket<kWidth> dbb{"dbb"};
  InitiatorSignalSocket<bool> irq{"irq"};

  explicit nvdla_qbox(sc_core::sc_module_name name) : sc_module(name) {
    target_socket.bind(csb_adapter_.target);
    csb_adapter_.initiator.bind(device_.csb64);
    device_.dbb.bind(dbb_adapter_.target);
    dbb_adapter_.initiator.bind(dbb);
    device_.interrupt.bind(irq);
  }
};

void module_register() { GSC_MODULE_REGISTER_C(nvdla_qbox); }
