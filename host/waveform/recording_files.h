// SPDX-License-Identifier: Apache-2.0
// An imported recording as the files that `validate` reads (nvdla-recording/1, docs/formats.md).
#pragma once

#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "hardware/units.h"
#include "host/waveform/access_log.h"
#include "host/waveform/traffic_split.h"
#include "memory/description.h"

namespace nvdla::host {

using Activations = std::array<std::vector<Activation>, kUnits>;

// Removes the unit's activations from this one on, with those of its read DMA that belong to them. Returns
// how many of the unit's.
std::size_t drop_from(Activations& activations, Unit unit, std::uint32_t sequence);

// What one activation moved, by its unit; reads of SDP, PDP and CDP are of their read DMA's activation.
struct UnitTraffic {
  Unit unit = Unit::kBdma;
  std::uint32_t sequence = 0;
  TrafficSplit::Share share;
};
// Shares of operations that are not among the activations are left out.
[[nodiscard]] std::vector<UnitTraffic> unit_traffic(const std::vector<TrafficSplit::Share>& shares,
                                                    const Activations& activations);

struct RecordingHeader {
  std::string source;  // the waveform
  std::string config;
  memory::MemoryDescription dbb;
  std::optional<memory::MemoryDescription> cvsram;
  std::uint32_t bus_bytes = 0;
  Cycle last_done = 0;
};
void write_recording(const RecordingHeader& header, std::ostream& out);
// One row an activation; without traffic, no column for it. `interrupt` is empty where a unit has none;
// `interrupt_earliest` tells more where the waveform does not show the very cycle.
void write_operations(const Activations& activations, const std::vector<UnitTraffic>* traffic,
                      std::ostream& out);
void write_reads(const std::vector<UnitTraffic>& traffic, std::uint32_t bus_bytes, std::ostream& out);

}  // namespace nvdla::host
