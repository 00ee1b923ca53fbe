// SPDX-License-Identifier: Apache-2.0
// PDP and PDP_RDMA in simulated time: executes amaix::PdpPlan through StreamEngine. On the fly, SDP's
// transfers take the place of the read DMA: positions arrive one transfer a cycle and are given back to SDP
// as the core takes them. Limits: SDP's transfers reach the core without the depth of PDP_RDMA's path; they
// wait in the preprocessor (NV_NVDLA_PDP_CORE_preproc), whose registers are not counted: SDP is done up to 24
// cycles too late.
#pragma once

#include "amaix/pdp_plan.h"
#include "engine/units/stream/stream_engine.h"
#include "hardware/types.h"
#include "operation/pdp.h"

namespace nvdla::engine {

class PdpEngine : public StreamEngine, public DeliverySink {
 public:
  PdpEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
            MemoryInterface* cvsram, OperationLog& log, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kPdp, Resource::kPdpCore, log, owner) {}

  void connect_source(DeliverySource& source) { source_ = &source; }

  // PDP_RDMA takes a group in cycle `at` (>= now). Pairs in order with operations that are not flying.
  void fetch_start(OperationId id, const PdpFetch& fetch, Cycle at);
  // PDP takes a group in cycle `at`. Precondition: the previous operation is released.
  void start(OperationId id, const PdpOperation& operation, Cycle at);
  // SDP hands over; may come before start().
  void deliver(const Delivery& delivery) override;
  void explain(OperationLog& log, OperationId id, Cycle until) override { explain_busy(log, id, until); }

 protected:
  void on_taken(std::uint32_t transfers, Cycle at) override;

 private:
  DeliverySource* source_ = nullptr;
};

}  // namespace nvdla::engine
