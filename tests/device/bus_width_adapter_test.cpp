// SPDX-License-Identifier: Apache-2.0
// DMA behind an adapter to sockets of 32 bits: same accesses, same times, in both modes.
#include "device/bus_width_adapter.h"

#include "driver_programs.h"

namespace nvdla::device {
namespace {

class NarrowMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<NarrowMemory, 32> socket;
  std::uint64_t bytes = 0;
  explicit NarrowMemory(sc_core::sc_module_name name) : sc_module(name), socket("socket") {
    socket.register_b_transport(this, &NarrowMemory::b_transport);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    bytes += payload.get_data_length();
    delay += sc_core::sc_time(50, sc_core::SC_NS);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

class BusWidth : public FreshKernel, public testing::WithParamInterface<DmaMode> {};
INSTANTIATE_TEST_SUITE_P(Modes, BusWidth, testing::Values(DmaMode::kNonBlocking, DmaMode::kBlocking));

TEST_P(BusWidth, AdapterForwardsEverything) {
  NvdlaParameters parameters;
  parameters.hardware = preset("nv_full");
  parameters.dma_mode = GetParam();
  Nvdla device("nvdla", parameters);
  BusWidthAdapter<DmaPort::kSocketBits, 32> adapter("adapter");
  NarrowMemory memory("memory");
  BenchCpu cpu("cpu", device.accelerator().register_file().map());
  sc_core::sc_signal<bool> irq("irq");
  BenchListener listener;
  device.add_listener(listener);
  device.dbb.bind(adapter.target);
  adapter.initiator.bind(memory.socket);
  cpu.socket.bind(device.csb);
  device.interrupt.bind(irq);
  cpu.interrupt.bind(irq);
  cpu.program = [](BenchCpu& c) {
    program_pdp(c, "nv_full", 0);
    enable_pdp(c, 0);
    c.wait_for(interrupt_bit(Interrupt::kPdp, 0));
  };
  sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  sc_core::sc_start();
  EXPECT_TRUE(cpu.finished);
  ASSERT_EQ(listener.done.size(), 1U);
  const auto pdp = static_cast<std::size_t>(Client::kPdp);
  EXPECT_EQ(memory.bytes, listener.done[0].dbb.read[pdp] + listener.done[0].dbb.written[pdp]);
}

}  // namespace
}  // namespace nvdla::device
