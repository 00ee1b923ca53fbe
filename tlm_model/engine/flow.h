// SPDX-License-Identifier: Apache-2.0
// Hand-over between units that work on the fly: CACC to SDP and SDP to PDP. Results travel as
// transfers; a transfer is one cycle's worth of the connection (sdp_throughput elements). The sink takes
// transfers at its own pace and says so, which gives the source its credits back.
#pragma once

#include <cstdint>

#include "engine/operation_log.h"
#include "engine/scheduler.h"

namespace nvdla::engine {

// Output positions [first_position, first_position + positions) of the plane (W first, then H), each
// with the channels [first_channel, first_channel + channels) of one kernel group.
struct Delivery {
  std::uint32_t first_channel = 0;
  std::uint32_t channels = 0;
  std::uint32_t first_position = 0;
  std::uint32_t positions = 0;
  std::uint32_t transfers = 0;
  Cycle ready = 0;    // cycle in which the first transfer is offered
  Cycle pace = 1;     // cycles from one transfer to the next
  bool last = false;  // of the operation
};

class DeliverySource {
 public:
  virtual ~DeliverySource() = default;
  // The sink has taken `transfers` more, the last one in cycle `at`.
  virtual void on_taken(std::uint32_t transfers, Cycle at) = 0;
};

class DeliverySink {
 public:
  virtual ~DeliverySink() = default;
  virtual void deliver(const Delivery& delivery) = 0;
  // The source's operation `id` has had no room until `until`: accounts for what the sink was busy with.
  virtual void explain(OperationLog& log, OperationId id, Cycle until) {
    log.account(id, Resource::kDownstream, until);
  }
};

}  // namespace nvdla::engine
