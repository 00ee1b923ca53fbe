// SPDX-License-Identifier: Apache-2.0
// The networks of the driver traces in firmware_traces as layers.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "mapper/layers.h"
#include "mapper/map.h"

namespace nvdla::test {

struct TraceNetwork {
  std::string trace;  // name of the folder
  std::string configuration;
  mapper::LayerNetwork network;
  mapper::MapOptions options;
};

inline void PrintTo(const TraceNetwork& trace, std::ostream* out) { *out << trace.trace; }

// All of them; empty where the folder is not.
[[nodiscard]] std::vector<TraceNetwork> trace_networks(const std::string& folder);

}  // namespace nvdla::test
