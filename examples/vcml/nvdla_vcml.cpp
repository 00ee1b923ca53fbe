// SPDX-License-Identifier: Apache-2.0
// NVDLA for VCML: a component with sockets `in` (registers), `dbb` (main memory) and `irq`, loadable by name
// as vcml_nvdla. The core clock is 1 GHz; `rst` resets. VCML speaks b_transport: DMA is blocking.
#include <vcml.h>

#include <string>

#include "device/nvdla.h"

class vcml_nvdla : public vcml::component {
 public:
  vcml::property<std::string> config;
  vcml::tlm_target_socket in;
  vcml::tlm_initiator_socket dbb;
  vcml::gpio_initiator_socket irq;

  explicit vcml_nvdla(const sc_core::sc_module_name& name)
      : vcml::component(name),
        config("config", "nv_full"),
        in("in"),
        dbb("dbb"),
        irq("irq"),
        device_("device", parameters()),
        registers_("registers"),
        memory_("memory"),
        line_("line") {
    registers_.bind(device_.csb64);
    device_.dbb.bind(memory_);
    device_.interrupt.bind(line_);
    memory_.register_b_transport(this, &vcml_nvdla::to_memory);
    SC_HAS_PROCESS(vcml_nvdla);
    SC_METHOD(drive);
    sensitive << line_;
    dont_initialize();
  }

  void reset() override {
    vcml::component::reset();
    device_.reset();
  }

  // From the bus to the CSB.
  void b_transport(vcml::tlm_target_socket& /*origin*/, tlm::tlm_generic_payload& payload,
                   sc_core::sc_time& delay) override {
    registers_->b_transport(payload, delay);
  }
  unsigned int transport_dbg(vcml::tlm_target_socket& /*origin*/,
                             tlm::tlm_generic_payload& payload) override {
    return registers_->transport_dbg(payload);
  }

 private:
  nvdla::NvdlaParameters parameters() const {
    nvdla::NvdlaParameters result;
    result.hardware = nvdla::amaix::preset(config.get());
    result.dma_mode = nvdla::device::DmaMode::kBlocking;
    return result;
  }
  void to_memory(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    dbb.b_transport(payload, delay);
  }
  void drive() { irq = line_.read(); }

  nvdla::Nvdla device_;
  tlm_utils::simple_initiator_socket<vcml_nvdla, 64> registers_;
  tlm_utils::simple_target_socket<vcml_nvdla, nvdla::device::DmaPort::kSocketBits> memory_;
  sc_core::sc_signal<bool> line_;
};

VCML_EXPORT_MODEL(vcml_nvdla, name, args) {
  (void)args;
  return new vcml_nvdla(name);
}
