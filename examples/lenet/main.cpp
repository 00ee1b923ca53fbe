// SPDX-License-Identifier: Apache-2.0
// A LeNet on a SystemC platform: NVDLA (nv_small), and a CPU stand-in with its memory, on which the driver of
// compiled networks runs. It classifies the ten digits of the folder that is given and prints answer, time
// and interrupts; the exit status says whether all were right.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <iostream>

#include "device/nvdla.h"
#include "host/driver/driver.h"
#include "host/images/classes.h"
#include "host/images/image.h"
#include "host/images/picture_input.h"

using namespace nvdla::host;

constexpr std::uint64_t kBase = 0x80000000;  // where the driver puts networks

struct Host : sc_core::sc_module, DeviceAccess {
  tlm_utils::simple_initiator_socket<Host, 32> registers{"registers"};
  tlm_utils::simple_target_socket<Host, 64> memory{"memory"};
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  std::vector<unsigned char> bytes = std::vector<unsigned char>(1U << 20U);
  std::string folder;
  int interrupts = 0, right = 0;

  SC_HAS_PROCESS(Host);
  Host(sc_core::sc_module_name name, std::string files) : sc_module(name), folder(std::move(files)) {
    memory.register_b_transport(this, &Host::memory_access);
    SC_THREAD(classify);
  }
  void memory_access(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    delay += sc_core::sc_time(60, sc_core::SC_NS);
    const std::uint64_t from = payload.get_address() - kBase, length = payload.get_data_length();
    const bool there = from <= bytes.size() && length <= bytes.size() - from;
    payload.set_response_status(there ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (!there) return;  // else: atoms are whole beats, no byte enables come
    if (payload.is_write()) write_memory({}, kBase + from, payload.get_data_ptr(), length);
    if (payload.is_read()) read_memory({}, kBase + from, payload.get_data_ptr(), length);
  }
  std::uint32_t access(tlm::tlm_command command, std::uint32_t offset, std::uint32_t value) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(offset);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    registers->b_transport(payload, delay);
    wait(delay);
    return value;
  }
  // What the driver asks of a platform.
  void write_register(std::uint32_t offset, std::uint32_t value) override {
    access(tlm::TLM_WRITE_COMMAND, offset, value);
  }
  std::uint32_t read_register(std::uint32_t at) override { return access(tlm::TLM_READ_COMMAND, at, 0); }
  bool wait_for_interrupt() override {
    if (!interrupt.read()) wait(sc_core::sc_time(1, sc_core::SC_SEC), interrupt.posedge_event());
    return interrupt.read() && ++interrupts != 0;
  }
  void write_memory(nvdla::MemorySpace, std::uint64_t at, const unsigned char* data,
                    std::size_t length) override {
    std::copy_n(data, length, bytes.data() + (at - kBase));
  }
  void read_memory(nvdla::MemorySpace, std::uint64_t at, unsigned char* data, std::size_t length) override {
    std::copy_n(bytes.data() + (at - kBase), length, data);
  }
  void classify() {
    const Loadable network = read_loadable(folder + "/lenet_nv_small.nvdla");
    for (std::size_t digit = 0; digit < 10; ++digit) {
      Driver driver(network, nvdla::preset("nv_small"), *this, {});
      const LoadableTensor &in = *driver.inputs().at(0), &out = *driver.outputs().at(0);
      const Image picture = read_image(folder + "/digits/" + std::to_string(digit) + ".pgm");
      driver.set_input(0, encode_tensor(in, 8, picture_values(picture, in, {})));
      const double begin = sc_core::sc_time_stamp().to_seconds();
      interrupts = 0;
      driver.run();
      const std::size_t answer = top_classes(decode_tensor(out, 8, driver.output(0)), 1)[0].index;
      if (answer == digit) ++right;
      const double took = (sc_core::sc_time_stamp().to_seconds() - begin) * 1e6;
      std::cout << digit << ".pgm: " << answer << ", " << took << " us, " << interrupts << " interrupts\n";
    }
  }
};

int sc_main(int argc, char** argv) {
  nvdla::NvdlaParameters parameters;
  parameters.hardware = nvdla::preset("nv_small");
  parameters.dma_mode = nvdla::device::DmaMode::kBlocking;  // the memory has b_transport only
  nvdla::Nvdla device("nvdla", parameters);
  Host host("host", argc > 1 ? argv[1] : ".");
  host.registers.bind(device.csb);
  device.dbb.bind(host.memory);
  device.interrupt.bind(host.interrupt);
  sc_core::sc_start();
  return host.right == 10 ? 0 : 1;
}
