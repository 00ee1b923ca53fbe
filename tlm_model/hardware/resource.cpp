// SPDX-License-Identifier: Apache-2.0
#include "hardware/resource.h"

namespace nvdla {

std::string_view resource_name(Resource resource) {
  // No default: a new resource without a name is a compiler warning.
  switch (resource) {
    case Resource::kMacArray:
      return "mac_array";
    case Resource::kWeightLoad:
      return "weight_load";
    case Resource::kCaccDelivery:
      return "cacc_delivery";
    case Resource::kCdmaData:
      return "cdma_data";
    case Resource::kSdpX1:
      return "sdp_x1";
    case Resource::kSdpX2:
      return "sdp_x2";
    case Resource::kSdpY:
      return "sdp_y";
    case Resource::kSdpOutput:
      return "sdp_output";
    case Resource::kPdpCore:
      return "pdp_core";
    case Resource::kCdpCore:
      return "cdp_core";
    case Resource::kBdmaCore:
      return "bdma_core";
    case Resource::kRubikCore:
      return "rubik_core";
    case Resource::kDbb:
      return "dbb_bandwidth";
    case Resource::kCvsram:
      return "cvsram_bandwidth";
    case Resource::kDbbLatency:
      return "dbb_latency";
    case Resource::kCvsramLatency:
      return "cvsram_latency";
    case Resource::kOverhead:
      return "overhead";
  }
  return "unknown";
}

}  // namespace nvdla
