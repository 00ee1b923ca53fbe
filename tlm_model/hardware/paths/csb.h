// SPDX-License-Identifier: Apache-2.0
// The way of a register access and of an OP_ENABLE. All but the retiming stages are the same in both
// generations. Seen in simulations of both RTLs and in the recordings' accesses.
#pragma once

#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct CsbPaths {
  // The access entering CSB master to the unit's request register.
  Path to_unit;
  Path register_write;    // request register to the field that it writes
  Path operation_enable;  // the field OP_ENABLE to reg2dp_op_en, the start of a unit
  Path launch;            // BDMA: request register to the start of the group
  Path retiming;          // more of it, for CMAC and CACC, each way
  Path group_switch;      // done to the start of the other group
  Path read_return;       // the unit's request register to the data at the master
  Path read_next;         // data at the master to the next access
  Path slot_reuse;        // an entry of the request FIFO taken to the same entry taken again
  Path interrupt_status;  // the unit's done register to the bit in GLB_S_INTR_STATUS
  Path interrupt_line;    // the bit in GLB_S_INTR_STATUS to dla_intr
  Path flush_end;         // after the last flushed CBUF entry
};

inline constexpr Path kCsbToUnit = {
    {"input register of the clock-crossing FIFO", 1, "csb_master: u_fifo_csb2nvdla wr_req_in"},
    {"Gray write pointer", 1, "csb_master: wr_pushing_gray"},
    {"synchroniser", 3, "csb_master: sync3d"},
    {"output register of the FIFO", 1, "csb_master: rd_req_p"},
    {"address decoder and output register", 2, "csb_master: *_req_pvld_w, csb2*_req_pvld"},
    {"request register of the unit", 1, "*_reg: req_pvld"}};

inline constexpr CsbPaths kCsbV1 = {
    kCsbToUnit,
    {{"register", 1, "*_reg: reg2dp_d*_op_en"}},
    {{"reg2dp_op_en pipeline", 3, "*_reg: reg2dp_op_en_reg"}},
    {{"launch register", 1, "BDMA_csb: cmd_launch_vld"}, {"gather", 1, "BDMA_csb: gather_vld"}},
    {{"retiming stages", 3, "RT_csb2cmac, RT_csb2cacc"}},
    {{"consumer pointer", 1, "*_reg: dp2reg_consumer"},
     {"reg2dp_op_en pipeline", 3, "*_reg: reg2dp_op_en_reg"}},
    {{"response register of the unit", 1, "*_reg: csb_rresp_pd"},
     {"response register of CSB master", 1, "csb_master: core_resp_pvld"},
     {"input register of the clock-crossing FIFO", 1, "csb_master: u_fifo_nvdla2csb"},
     {"Gray write pointer, synchroniser, output register", 5, "csb_master: u_fifo_nvdla2csb"},
     {"nvdla2csb_valid", 1, "csb_master"}},
    {{"a master that answers in the cycle after the data", 1, "bench of the recordings"}},
    {{"Gray write pointer and synchroniser", 4, "csb_master: u_fifo_csb2nvdla"},
     {"Gray read pointer and synchroniser", 4, "csb_master: u_fifo_csb2nvdla"},
     {"wr_busy", 1, "csb_master: u_fifo_csb2nvdla"}},
    {{"done register of GLB", 1, "GLB_ic: *_done_status*_w"}, {"status bit", 1, "GLB_ic: *_done_status*"}},
    {{"masked status", 1, "GLB_ic: core_intr_d"}, {"synchroniser", 3, "GLB_ic: u_sync_core_intr"}},
    {{"reset synchroniser and CDMA status", 8,
      "recordings: the first poll that sees the flush done; the registers are not counted",
      Evidence::kMeasured}}};

inline constexpr CsbPaths kCsbScalable = {kCsbV1.to_unit,
                                          kCsbV1.register_write,
                                          kCsbV1.operation_enable,
                                          kCsbV1.launch,
                                          {},  // no retiming
                                          kCsbV1.group_switch,
                                          kCsbV1.read_return,
                                          kCsbV1.read_next,
                                          kCsbV1.slot_reuse,
                                          kCsbV1.interrupt_status,
                                          kCsbV1.interrupt_line,
                                          kCsbV1.flush_end};

[[nodiscard]] constexpr const CsbPaths& csb_paths(Generation generation) {
  return generation == Generation::kV1 ? kCsbV1 : kCsbScalable;
}

}  // namespace nvdla::paths
