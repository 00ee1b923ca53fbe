// SPDX-License-Identifier: Apache-2.0
// What a sub-model answers in closed form: the cycles of one hardware operation, the bound that every
// resource sets and which one binds. Levels: `roofline` is the largest of the bounds; `refined` adds
// the phases that do not overlap (fill, drain, tail). No simulation, no SystemC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "amaix/clients.h"

namespace nvdla::amaix {

enum class Level : std::uint8_t { kRoofline, kRefined, kDynamic };

[[nodiscard]] std::string_view level_name(Level level);
[[nodiscard]] std::optional<Level> level_from_name(std::string_view name);

// A memory port as the closed form sees it: read data come `latency` cycles after the request, at most
// `bytes_per_cycle` are moved a cycle (reads and writes together), at most `max_outstanding` bus bursts
// are open.
struct MemoryDescription {
  std::uint32_t latency = 50;
  double bytes_per_cycle = 64.0;
  std::uint32_t max_outstanding = 256;
};

struct MemorySystem {
  MemoryDescription dbb;
  std::optional<MemoryDescription> cvsram;
};

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

// cycles = work / rate of one resource. Units of work: atomic operations, transfers, bytes.
struct Bound {
  Resource resource = Resource::kOverhead;
  double work = 0;
  double rate = 1;
  [[nodiscard]] double cycles() const { return work / rate; }
};

struct Phase {
  std::string name;  // "fill", "steady", "tail", ...
  double cycles = 0;
};

struct Estimate {
  double cycles = 0;
  Resource bound_by = Resource::kOverhead;
  std::vector<Bound> bounds;
  std::vector<Phase> phases;  // refined only; their sum is `cycles`
  Traffic dbb;
  Traffic cvsram;
};

}  // namespace nvdla::amaix
