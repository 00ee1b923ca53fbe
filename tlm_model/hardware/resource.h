// SPDX-License-Identifier: Apache-2.0
// What an operation can wait for or be busy with: the words of bounds, stalls and reports.
#pragma once

#include <cstdint>
#include <string_view>

namespace nvdla {

enum class Resource : std::uint8_t {
  kMacArray,      // atomic operations of CSC and CMAC
  kWeightLoad,    // weights from CBUF into the MAC cells
  kCaccDelivery,  // CACC to SDP
  kCdmaData,      // CDMA's data path into CBUF
  kSdpX1,
  kSdpX2,
  kSdpY,
  kSdpOutput,
  kPdpCore,
  kCdpCore,
  kBdmaCore,
  kRubikCore,
  kDbb,         // bandwidth of the main memory
  kCvsram,      // bandwidth of CVSRAM
  kDbbLatency,  // outstanding requests over latency
  kCvsramLatency,
  kOverhead  // phases that nothing overlaps dominate
};

[[nodiscard]] std::string_view resource_name(Resource resource);

}  // namespace nvdla
