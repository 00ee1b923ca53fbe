// SPDX-License-Identifier: Apache-2.0
// The recorded driver traces, as networks.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/network.h"
#include "memory/description.h"

namespace nvdla::analysis::test {

inline const std::filesystem::path kTraces = NVDLA_SOURCE_DIR "/firmware_traces";

inline std::vector<std::string> all_traces() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kTraces))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

inline const HardwareParameters& hardware_of(const std::string& trace) {
  return preset(trace.find("nv_small") != std::string::npos ? "nv_small" : "nv_full");
}

inline Network network(const std::string& trace) {
  return {(kTraces / trace / "input.txn.gz").string(), hardware_of(trace)};
}

// A memory as fast as the bus of the configuration.
inline memory::MemorySystem memory_of(const HardwareParameters& hardware) {
  memory::MemorySystem memory;
  memory.dbb.bytes_per_cycle = hardware.dbb_width_bytes;
  return memory;
}

}  // namespace nvdla::analysis::test
