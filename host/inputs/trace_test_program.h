// SPDX-License-Identifier: Apache-2.0
// A trace test of nvdla/hw (host/inputs/trace_test.h) as a program, in an order that the vendor's player
// could take.
//
// That player has one process for each unit's register accesses, one for interrupts, one for each check, and
// the memories; ids join them: sync_notify and an interrupt (intr_notify) give an id, sync_wait, checks and
// memory statements with an id wait for it. Here one thread does it all:
//   1. memory statements without id;
//   2. register accesses in the order of the file; a unit that waits for an id leaves its turn to the others;
//   3. when all units wait or are done, the next intr_notify of the file: until its bit of S_INTR_STATUS is
//      set, a look whether it is masked, the bit cleared by writing 1; then what waited for its id, and on
//      with 2.
// Source: verif/testbench/trace_player/nvdla_tb_sequence.sv, nvdla_tb_intr_handler.sv,
// nvdla_tb_result_checker.sv.
// Limits: a unit that polls holds up the others; of the vendor's accesses around an interrupt (status, mask,
// clear, status) the last is not made.
#pragma once

#include "host/inputs/trace_test.h"
#include "host/program.h"

namespace nvdla::host {

// Throws InputError "file:line: what: text of the line"; also for an id that nothing gives.
[[nodiscard]] Program trace_test_program(const std::string& path, Generation generation);

}  // namespace nvdla::host
