// SPDX-License-Identifier: Apache-2.0
// The estimate of an operation whose output goes through a write link: BDMA, Rubik. At refined it is followed
// datum by datum (amaix/linked_walk.h), at the other levels summed up (amaix/stream_estimate.h).
#pragma once

#include "amaix/linked_walk.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

// Reads, Core: what walks over `plan`. `file`: output goes through Rubik's register file.
template <class Reads, class Core, class Plan>
[[nodiscard]] Estimate estimate_linked(const Plan& plan, Client client, Resource resource, bool file,
                                       const HardwareParameters& hardware, const memory::MemorySystem& memory,
                                       Level level) {
  Reads reads(plan);
  Core core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  if (level != Level::kRefined)
    return estimate_stream(summary, plan.timing, client, resource, hardware, memory, level);
  Reads again(plan);
  Core store(plan);
  const double beats = static_cast<double>(summary.dbb_read.bus_bytes + summary.cvsram_read.bus_bytes) /
                       hardware.dbb_width_bytes;
  const LinkedTimes linked = walk_linked(again, store, plan.timing, client, beats, file, memory, hardware);
  return estimate_stream(summary, plan.timing, client, resource, hardware, memory, level, nullptr, &linked);
}

}  // namespace nvdla::amaix
