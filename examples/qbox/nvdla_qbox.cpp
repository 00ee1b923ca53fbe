// SPDX-License-Identifier: Apache-2.0
// NVDLA for QBox: a shared object that QBox's module factory loads, configured by CCI parameters.
//
//   nvdla = { moduletype = "nvdla_qbox", config = "nv_full", period_ps = 1000,
//             target_socket = { address = 0x10200000, size = 0x20000, bind = "&router.initiator_socket" },
//             dbb = { bind = "&router.target_socket" },
//             irq = { bind = "&gic.spi_in_176" } }
//
// config is a preset, or a JSON file of hardware parameters; level is dynamic, refined or roofline. Further
// parameters: use_dmi, stop_on_dma_error, with_cvsram (makes the socket cvsram, to be bound as dbb). `reset`
// is a target signal socket, active high. QBox's router and memories speak b_transport: DMA is blocking. Its
// sockets are DEFAULT_TLM_BUSWIDTH wide.
#include <module_factory_registery.h>
#include <ports/initiator-signal-socket.h>
#include <ports/target-signal-socket.h>
#include <tlm_sockets_buswidth.h>

#include <cci_configuration>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <systemc>

#include "amaix/estimate.h"
#include "device/bus_width_adapter.h"
#include "device/nvdla.h"
#include "hardware/parameters_file.h"

class nvdla_qbox : public sc_core::sc_module {
  static constexpr unsigned kWidth = DEFAULT_TLM_BUSWIDTH;
  using DmaAdapter = nvdla::device::BusWidthAdapter<nvdla::device::DmaPort::kSocketBits, kWidth>;
  using DmaSocket = tlm::tlm_initiator_socket<kWidth>;

  cci::cci_param<std::string> config_{"config", "nv_full", "preset, or JSON file of hardware parameters"};
  cci::cci_param<std::string> level_{"level", "dynamic", "level of timing: dynamic, refined, roofline"};
  cci::cci_param<std::uint64_t> period_{"period_ps", 1000, "period of the core clock in picoseconds"};
  cci::cci_param<bool> dmi_{"use_dmi", false, "complete DMA by DMI where the target grants it"};
  cci::cci_param<bool> stop_{"stop_on_dma_error", false, "end the simulation at an error response to DMA"};
  cci::cci_param<bool> with_cvsram_{"with_cvsram", false, "the platform has a second memory"};

  // QBox's factory takes any exception for wrong argument types: the reason is said before.
  nvdla::NvdlaParameters parameters() const try {
    const std::string config = config_.get_value();
    const bool file = config.size() > 5 && config.compare(config.size() - 5, 5, ".json") == 0;
    const auto level = nvdla::amaix::level_from_name(level_.get_value());
    if (!level) throw std::invalid_argument("no level \"" + level_.get_value() + "\"");
    if (period_.get_value() == 0) throw std::invalid_argument("period_ps must not be 0");
    nvdla::NvdlaParameters result;
    result.hardware = file ? nvdla::load_hardware(config) : nvdla::preset(config);
    result.options.level = *level;
    result.clock_period = sc_core::sc_time(static_cast<double>(period_.get_value()), sc_core::SC_PS);
    result.use_dmi = dmi_.get_value();
    result.stop_on_dma_error = stop_.get_value();
    result.dma_mode = nvdla::device::DmaMode::kBlocking;
    return result;
  } catch (const std::exception& error) {
    SC_REPORT_WARNING("nvdla", (std::string(name()) + ": " + error.what()).c_str());
    throw;
  }

  nvdla::Nvdla device_{"device", parameters()};
  nvdla::device::BusWidthAdapter<kWidth, 64> csb_adapter_{"csb_adapter"};
  DmaAdapter dbb_adapter_{"dbb_adapter"};
  std::unique_ptr<DmaAdapter> cvsram_adapter_;

 public:
  tlm::tlm_target_socket<kWidth> target_socket{"target_socket"};
  DmaSocket dbb{"dbb"};
  std::unique_ptr<DmaSocket> cvsram;
  InitiatorSignalSocket<bool> irq{"irq"};
  TargetSignalSocket<bool> reset{"reset"};

  explicit nvdla_qbox(sc_core::sc_module_name name) : sc_module(name) {
    target_socket.bind(csb_adapter_.target);
    csb_adapter_.initiator.bind(device_.csb64);
    device_.dbb.bind(dbb_adapter_.target);
    dbb_adapter_.initiator.bind(dbb);
    if (with_cvsram_.get_value()) {
      cvsram_adapter_ = std::make_unique<DmaAdapter>("cvsram_adapter");
      cvsram = std::make_unique<DmaSocket>("cvsram");
      device_.cvsram.bind(cvsram_adapter_->target);
      cvsram_adapter_->initiator.bind(*cvsram);
    }
    device_.interrupt.bind(irq);
    reset.register_value_changed_cb([this](bool active) {
      if (active) device_.reset();
    });
  }
};

extern "C" void module_register() { GSC_MODULE_REGISTER_C(nvdla_qbox); }
