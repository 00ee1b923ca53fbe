// SPDX-License-Identifier: Apache-2.0
// NVDLA for VCML: a component with wired ports.
//
//   in      target: the registers          irq     level, active high
//   dbb     initiator: main memory         clk     core clock; a change of its frequency is followed
//   cvsram  initiator: second memory,      rst     resets
//           where the configuration has it
//
// Properties: config (a preset, or a JSON file of hardware parameters), level (dynamic, refined, roofline)
// and stop_on_dma_error. VCML speaks b_transport: DMA is blocking, and many calls are open at once.
#pragma once

#include <vcml.h>

#include <memory>
#include <optional>
#include <string>

#include "amaix/estimate.h"
#include "device/nvdla.h"
#include "hardware/parameters_file.h"

class vcml_nvdla : public vcml::component {
 public:
  vcml::property<std::string> config{"config", "nv_full"};
  vcml::property<std::string> level{"level", "dynamic"};
  vcml::property<bool> stop_on_dma_error{"stop_on_dma_error", false};
  vcml::tlm_target_socket in{"in"};
  vcml::tlm_initiator_socket dbb{"dbb"};
  std::unique_ptr<vcml::tlm_initiator_socket> cvsram;
  vcml::gpio_initiator_socket irq{"irq"};

  explicit vcml_nvdla(const sc_core::sc_module_name& name)
      : vcml::component(name), device_("device", parameters()) {
    registers_.bind(device_.csb64);
    device_.dbb.bind(main_memory_);
    main_memory_.register_b_transport(this, &vcml_nvdla::to_dbb);
    main_memory_.register_transport_dbg(this, &vcml_nvdla::debug_dbb);
    if (device_.accelerator().hardware().cvsram) {
      cvsram = std::make_unique<vcml::tlm_initiator_socket>("cvsram");
      device_.cvsram.bind(second_memory_.emplace("second_memory"));
      second_memory_->register_b_transport(this, &vcml_nvdla::to_cvsram);
      second_memory_->register_transport_dbg(this, &vcml_nvdla::debug_cvsram);
    }
    device_.interrupt.bind(line_);
    SC_HAS_PROCESS(vcml_nvdla);
    SC_METHOD(drive);
    sensitive << line_;
    dont_initialize();
  }

  const char* kind() const override { return "vcml_nvdla"; }
  const nvdla::Nvdla& device() const { return device_; }

  void reset() override {
    vcml::component::reset();
    device_.reset();
  }
  void start_of_simulation() override {
    vcml::component::start_of_simulation();
    handle_clock_update(0, clk.get_hz());
  }
  void handle_clock_update(vcml::hz_t /*before*/, vcml::hz_t now) override {
    if (now == 0) VCML_ERROR("%s: the clock of NVDLA cannot be stopped", this->name());
    device_.set_clock_period(sc_core::sc_time(1.0 / static_cast<double>(now), sc_core::SC_SEC));
  }

  void b_transport(vcml::tlm_target_socket& /*in*/, tlm::tlm_generic_payload& payload,
                   sc_core::sc_time& delay) override {
    registers_->b_transport(payload, delay);
  }
  unsigned int transport_dbg(vcml::tlm_target_socket& /*in*/, tlm::tlm_generic_payload& payload) override {
    return registers_->transport_dbg(payload);
  }

 private:
  using Memory = tlm_utils::simple_target_socket<vcml_nvdla, nvdla::device::DmaPort::kSocketBits>;

  nvdla::NvdlaParameters parameters() const {
    const std::string& from = config.get();
    const std::optional<nvdla::amaix::Level> timing = nvdla::amaix::level_from_name(level.get());
    if (!timing) VCML_ERROR("%s: no level '%s'", this->name(), level.get().c_str());
    nvdla::NvdlaParameters result;
    result.hardware = mwr::ends_with(from, ".json") ? nvdla::load_hardware(from) : nvdla::preset(from);
    result.options.level = *timing;
    result.dma_mode = nvdla::device::DmaMode::kBlocking;
    result.mask_writes = false;  // a peripheral of VCML refuses a write that enables no byte
    result.stop_on_dma_error = stop_on_dma_error;
    return result;
  }
  void to_dbb(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) { dbb.b_transport(payload, delay); }
  unsigned debug_dbb(tlm::tlm_generic_payload& payload) { return dbb->transport_dbg(payload); }
  void to_cvsram(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    cvsram->b_transport(payload, delay);
  }
  unsigned debug_cvsram(tlm::tlm_generic_payload& payload) { return (*cvsram)->transport_dbg(payload); }
  void drive() { irq = line_.read(); }

  nvdla::Nvdla device_;
  tlm_utils::simple_initiator_socket<vcml_nvdla, 64> registers_{"registers"};
  Memory main_memory_{"main_memory"};
  std::optional<Memory> second_memory_;
  sc_core::sc_signal<bool> line_{"line"};
};
