// SPDX-License-Identifier: Apache-2.0
#include "platform/simulation.h"

namespace nvdla::platform {

Simulation::Simulation() {
  sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC",
                                          sc_core::SC_DO_NOTHING);  // "simulation stopped by user"
}

Simulation::~Simulation() {
  sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_UNSPECIFIED);
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_UNSPECIFIED);
}

}  // namespace nvdla::platform
