// SPDX-License-Identifier: Apache-2.0
// The activations of the reported units from OP_ENABLE to interrupt, and which of them a DMA burst belongs
// to. Tells listeners; knows nothing of timing.
//
// Attribution of bursts: reads of CDMA belong to the layer that CDMA fetches, reads of an RDMA to the
// activation of its group, writes to the oldest activation of the unit whose interrupt is still due (a unit
// writes in order).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "engine/events.h"

namespace nvdla::engine {

class OperationLog {
 public:
  void add_listener(Listener& listener) { listeners_.push_back(&listener); }

  void enabled(Engine unit, std::uint32_t group, Cycle at);
  void started(Engine unit, std::uint32_t group, Cycle at, bool flying);
  // The oldest activation that is not done.
  void bound_by(Engine unit, Resource resource);
  void done(Engine unit, Cycle at);
  // CDMA is through with the fetch of its oldest layer: further reads belong to the next.
  void fetched();
  // The RDMA of a unit works for this group from now on.
  void read_group(Engine unit, std::uint32_t group);
  void burst(const Burst& burst, std::uint32_t bus_bytes);
  // Bytes of an operation that is not executed burst by burst (levels roofline and refined).
  void traffic(Engine unit, const Traffic& dbb, const Traffic& cvsram);
  void interrupt(std::uint32_t status, Cycle at);
  // Each text is told once.
  void warn(const std::string& text, Cycle at);
  void fault(const std::string& text, Cycle at);

  [[nodiscard]] std::vector<std::string> unfinished() const;
  void reset();

 private:
  struct Queue {
    std::deque<OperationRecord> records;  // not done, oldest first
    std::uint32_t next_sequence = 0;
    std::uint32_t fetched = 0;  // CONV: how many of the records are fetched
    std::uint32_t read_group = 0;
  };
  Queue& queue(Engine unit) { return queues_[static_cast<std::size_t>(unit)]; }
  std::array<Queue, kEngines> queues_;
  std::vector<Listener*> listeners_;
  std::vector<std::string> told_;
};

}  // namespace nvdla::engine
