// SPDX-License-Identifier: Apache-2.0
#include "hardware/resource.h"

#include <algorithm>

namespace nvdla {

std::string_view resource_name(Resource resource) {
  static constexpr std::array<std::string_view, kResources> kNames = {
      "mac_array",   "weight_load",    "data_fetch",    "weight_fetch", "cbuf_space",    "downstream",
      "sdp_x1",      "sdp_x2",         "sdp_y",         "sdp_core",     "pdp_core",      "cdp_core",
      "bdma_core",   "rubik_core",     "operand_fetch", "write_path",   "dbb_bandwidth", "cvsram_bandwidth",
      "dbb_latency", "cvsram_latency", "outstanding",   "arbitration",  "programming",   "partner"};
  return kNames.at(static_cast<std::size_t>(resource));
}

Resource bound_by(const Account& account) {
  return static_cast<Resource>(std::max_element(account.begin(), account.end()) - account.begin());
}

}  // namespace nvdla
