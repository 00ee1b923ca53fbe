// SPDX-License-Identifier: Apache-2.0
// Branch master: the registers between a reader's request and the arbiter, item by item (amaix/skid_pipe.h):
// READ_IG_bpt's pipes p1 and p2, which holds what is cut into chunks, and READ_IG_arb's.
// Source: NV_NVDLA_MCIF_READ_IG_bpt, READ_IG_arb.
#pragma once

#include "amaix/skid_pipe.h"
#include "hardware/types.h"

namespace nvdla::engine {

struct ReadRegisters {
  amaix::SkidPipe first, second, arbiter;
  Cycle offered = -kNever;  // the next chunk, with room for it in the latency FIFO
};

}  // namespace nvdla::engine
