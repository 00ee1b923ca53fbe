// SPDX-License-Identifier: Apache-2.0
// What a replay reports: JSON (schema nvdla-replay/1), CSV (one row an operation), console table.
// All are the same for the same input, byte for byte.
#pragma once

#include <ostream>

#include "host/replay.h"

namespace nvdla::command {

// JSON: schema, trace, config, level, memory {dbb, cvsram}, total_cycles, end_of_trace, operations
// [{unit, sequence, group, enable_cycle, start_cycle, done_cycle, on_the_fly, bound_by,
//   dma: {dbb: {read: {client: bytes}, written: {...}}, cvsram: {...}}, layer: its name if it has one}],
// dma (sums of all operations), with --repeat repetitions {count, reset_between, first_cycles, last_cycles,
// fewest_cycles, most_cycles, at_group_1: [pointer]}, register_writes, register_reads, bursts, dma_errors,
// read_mismatches, warnings.
void write_json(std::ostream& out, const std::string& trace, const host::ReplayOptions& options,
                const host::ReplayResult& result);
void write_csv(std::ostream& out, const host::ReplayResult& result);
void write_table(std::ostream& out, const std::string& trace, const host::ReplayOptions& options,
                 const host::ReplayResult& result);

}  // namespace nvdla::command
