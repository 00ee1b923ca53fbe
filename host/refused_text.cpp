// SPDX-License-Identifier: Apache-2.0
#include "host/refused_text.h"

#include <iomanip>
#include <sstream>

namespace nvdla::host {

std::string refused_text(const engine::Burst& burst) {
  std::ostringstream text;
  text << "no memory answers the DMA " << (burst.write ? "write" : "read") << " of client "
       << client_name(burst.client) << " at 0x" << std::hex << std::setfill('0') << std::setw(8)
       << burst.address;
  return text.str();
}

}  // namespace nvdla::host
