// SPDX-License-Identifier: Apache-2.0
// What an operation can be busy with or wait for: the words of bounds, of stalls and of reports, at every
// level.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hardware/types.h"

namespace nvdla {

enum class Resource : std::uint8_t {
  kMacArray,     // atomic operations of CSC and CMAC
  kWeightLoad,   // weights from CBUF into the MAC cells, and the shortest issue interval of a stripe
  kDataFetch,    // a read DMA's own path: set-up, pipeline, shared buffer or line packer
  kWeightFetch,  // CDMA's weight path
  kCbufSpace,    // CDMA waits for CSC to release entries
  kDownstream,   // credits and delivery to the next unit on the fly (CACC to SDP, SDP to PDP)
  kSdpX1,        // the sub-engine that sets SDP's pace
  kSdpX2,
  kSdpY,
  kSdpCore,  // SDP's datapath at its full width
  kPdpCore,
  kCdpCore,
  kBdmaCore,
  kRubikCore,
  kOperandFetch,  // SDP_RDMA's own path
  kWritePath,     // a write DMA's own path, up to the memory interface and from the last acknowledge
  kDbbBandwidth,  // beats on the bus of the main memory
  kCvsramBandwidth,
  kDbbLatency,  // nothing but the way to memory and back
  kCvsramLatency,
  kOutstanding,  // the latency counts because no more reads may be open (MCIF, memory, latency FIFO)
  kArbitration,  // another client has the port
  kProgramming,  // registers over CSB, up to the start of the unit
  kPartner       // the neighbour on the fly, or the operation before, is not there yet
};
inline constexpr std::size_t kResources = 24;

[[nodiscard]] std::string_view resource_name(Resource resource);

[[nodiscard]] constexpr Resource bandwidth_of(MemorySpace space) {
  return space == MemorySpace::kDbb ? Resource::kDbbBandwidth : Resource::kCvsramBandwidth;
}
[[nodiscard]] constexpr Resource latency_of(MemorySpace space) {
  return space == MemorySpace::kDbb ? Resource::kDbbLatency : Resource::kCvsramLatency;
}

// Cycles of an operation by what they went to.
using Account = std::array<Cycle, kResources>;

// The one rule of what bounds an operation: the resource that has most of its cycles; of equals the first.
[[nodiscard]] Resource bound_by(const Account& account);

}  // namespace nvdla
