// SPDX-License-Identifier: Apache-2.0
#include "hardware/clients.h"

namespace nvdla {

std::string_view client_name(Client client) {
  static constexpr std::array<std::string_view, kClients> kNames = {
      "bdma", "sdp", "pdp", "cdp", "rbk", "sdpb", "sdpn", "sdpe", "cdmadat", "cdmawt"};
  return kNames[static_cast<std::size_t>(client)];
}

}  // namespace nvdla
