// SPDX-License-Identifier: Apache-2.0
// Where the time of the last write of an operation went, after its data had left the datapath:
//   [.., asked)                      the write DMA's path
//   [asked, issued)                  what held it at the arbiter
//   [.., issued + shortest answer)   latency of memory
//   [.., at)                         bandwidth
#pragma once

#include "engine/memory_client.h"
#include "engine/operation_log.h"

namespace nvdla::engine {

inline void account_write(OperationLog& log, OperationId id, const WriteReturn& write) {
  if (write.at == 0) return;  // nothing was written
  const BusTiming& timing = write.timing;
  log.account(id, Resource::kWritePath, timing.asked);
  log.account(id, timing.held_by, timing.issued);
  log.account(id, Resource::kOutstanding, timing.issued + timing.held);
  log.account(id, latency_of(timing.space), timing.issued + timing.held + timing.unloaded);
  log.account(id, bandwidth_of(timing.space), write.at);
}

}  // namespace nvdla::engine
