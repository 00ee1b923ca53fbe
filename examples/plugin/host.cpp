// SPDX-License-Identifier: Apache-2.0
// Loads the plug-in with Boost.DLL, as a platform with plug-ins does, and reads the hardware version through
// the CSB of what it made. Argument: the plug-in.
#include <tlm_utils/simple_initiator_socket.h>

#include <boost/dll/shared_library.hpp>
#include <iostream>
#include <memory>

#include "device/nvdla.h"

struct Bus : sc_core::sc_module {
  tlm_utils::simple_initiator_socket<Bus, 64> socket{"socket"};
  explicit Bus(sc_core::sc_module_name name) : sc_module(name) {}
};

int sc_main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: nvdla_plugin_host PLUGIN\n";
    return 2;
  }
  const boost::dll::shared_library library(argv[1]);
  const auto create = library.get<nvdla::Nvdla*(const char*, const char*)>("nvdla_create");
  if (create("none", "no_such_configuration") != nullptr) return 1;
  const std::unique_ptr<nvdla::Nvdla> device(create("nvdla", "nv_large"));
  Bus bus("bus");
  bus.socket.bind(device->csb64);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);

  std::uint32_t version = 0;
  tlm::tlm_generic_payload payload;
  payload.set_command(tlm::TLM_READ_COMMAND);
  payload.set_address(0x1000);  // GLB.S_NVDLA_HW_VERSION
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&version));
  payload.set_data_length(4);
  payload.set_streaming_width(4);
  sc_core::sc_time delay;
  bus.socket->b_transport(payload, delay);
  std::cout << payload.get_response_string() << ", hardware version 0x" << std::hex << version << '\n';
  return payload.is_response_ok() && version != 0 ? 0 : 1;
}
