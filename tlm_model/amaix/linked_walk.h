// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik in closed form, datum by datum: their reads, their stores' way to the bus
// (amaix/write_link.h; Rubik: amaix/rubik_file.h) and the memory ports, alone. A datum that the store has not
// taken keeps its place in the latency FIFO; a chunk is granted when its last beat is in front of the arbiter
// and no more than paths::kWriteAhead beats wait for memory. Limits: of long operations the first kMostBeats
// are followed, the others come at the pace of their second half; MCIF's limit of open beats is left out.
#pragma once

#include "amaix/stream_plan.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

struct LinkedTimes {
  double done = 0;    // start of the operation to its interrupt
  double read = 0;    // to its last datum's coming
  double last = 0;    // to the store's taking its last datum
  double steady = 0;  // what it adds when it follows another one without a pause
};

// `total_beats` are read in all. `file`: output goes through Rubik's register file.
[[nodiscard]] LinkedTimes walk_linked(StreamReads& reads, StreamCore& core, const StreamTiming& timing,
                                      Client client, double total_beats, bool file,
                                      const memory::MemorySystem& memory, const HardwareParameters& hardware);

}  // namespace nvdla::amaix
