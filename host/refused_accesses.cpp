// SPDX-License-Identifier: Apache-2.0
#include "host/refused_accesses.h"

#include <sstream>

namespace nvdla::host {

RefusedAccesses::RefusedAccesses(const ReplayOptions& options, Collector& collector, SystemBus& bus)
    : options_(options), collector_(collector), bus_(bus) {
  bus.system().on_refused([this](const engine::Burst& burst) { add(burst); });
}

void RefusedAccesses::add(const engine::Burst& burst) {
  ++count_;
  if (!first_) first_ = burst;
  if (options_.stop_on_dma_error) {
    bus_.stop();
    return;
  }
  if (++by_client_[static_cast<std::size_t>(burst.client)] > 1) return;
  std::ostringstream text;
  text << "DMA " << (burst.write ? "write" : "read") << " of client " << client_name(burst.client) << " at 0x"
       << std::hex << burst.address
       << ": TLM_ADDRESS_ERROR_RESPONSE (further errors of this client are only counted)";
  const Cycle at = bus_.system().accelerator().now();
  collector_.on_warning(text.str(), at);
  for (engine::Listener* listener : options_.listeners) listener->on_warning(text.str(), at);
}

}  // namespace nvdla::host
