// SPDX-License-Identifier: Apache-2.0
#include "device/dma_errors.h"

#include <sstream>

namespace nvdla::device {

bool DmaErrors::add(const engine::Burst& burst) {
  ++count_;
  if (!first_) first_ = burst;
  return ++by_client_[static_cast<std::size_t>(burst.client)] == 1;
}

std::string DmaErrors::text(const engine::Burst& burst, tlm::tlm_response_status status) {
  tlm::tlm_generic_payload named;
  named.set_response_status(status);
  std::ostringstream text;
  text << "DMA " << (burst.write ? "write" : "read") << " of client " << client_name(burst.client) << " at 0x"
       << std::hex << burst.address << ": " << named.get_response_string();
  if (burst.write && status == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE) {
    text << " (writes carry byte enables that are all off, because tensors are not computed and memory must "
            "keep what it has; NvdlaParameters::mask_writes = false sends them without)";
  }
  return text.str();
}

}  // namespace nvdla::device
