// SPDX-License-Identifier: Apache-2.0
// The D_PERF_* counters of DMA, and BDMA's STATUS_GRPx_*: what the memory interfaces saw of a unit's clients
// while one register group ran, written into that group when it is done.
//   read stall            cycles in which a request was valid and not taken (engine/read_stalls.h); Rubik's
//                         counts those in which it was taken, too, but the last (docs/rtl-defects.md)
//   write stall           the same of a write command or a beat (engine/write_path.h)
//   read latency          cycles in which at least one read was outstanding, its ways to the bus and back
//                         included (NV_NVDLA_CDMA_dc.v: ltc_2_inc; hardware/paths/latency_counters.h). That
//                         of weights is tied to 0 in the scalable generation (NV_NVDLA_CDMA_wt.v)
// They count when the group's D_PERF_ENABLE (BDMA: CFG_STATUS.STALL_COUNT_EN) says so. Those of PDP and CDP
// are never cleared: the RTL does it only in a cycle in which they count (docs/rtl-defects.md). A group of
// SDP without one of its readers shows what that has counted last. BDMA's reads count for the group that its
// load side takes commands of, with the last command of one for the next that is launched (BDMA_csb:
// launch_ptr), its writes since the group before was done (BDMA_store: stl_cnt_cur). Limits: level dynamic
// only, the closed forms do no DMA. Against the RTL (tests/rtl_cases/counters.csv): reads are equal or within
// 3 cycles where one unit works, within 20 beside others; SDP's element-wise operands up to 26 short. Write
// stalls are equal or within 10, BDMA's within the cycle in which a group is done; latencies up to 50 off.
// Counters of values: engine/tensors/value_registers.h.
#pragma once

#include <array>
#include <cstdint>

#include "engine/memory_interface.h"
#include "registers/register_file.h"

namespace nvdla::engine {

class PerfCounters {
 public:
  PerfCounters(registers::RegisterFile& file, Generation generation, MemoryInterface& dbb,
               MemoryInterface& cvsram)
      : file_(file), generation_(generation), dbb_(dbb), cvsram_(cvsram) {}

  // The unit has taken the group.
  void begin(Unit unit, std::uint32_t group);
  // It is done with it in cycle `at`, the present one; the counters become visible.
  void end(Unit unit, std::uint32_t group, Cycle at);
  // BDMA's load side counts for `group` from now on, in the middle of a request if groups are `launched`;
  // `asks`: it has another.
  void count_reads_for(std::uint32_t group, bool launched, bool asks);
  void reset() {
    base_ = {};
    shown_ = {};
    turn_ = {};
  }

 private:
  static constexpr std::size_t kCounters = 17;

  [[nodiscard]] std::uint64_t total(std::size_t counter) const;
  void begin_anew(std::size_t counter, std::uint32_t group);
  [[nodiscard]] std::uint64_t turns(std::uint32_t group) const;
  [[nodiscard]] std::uint64_t since_turn(std::uint64_t all) const;
  [[nodiscard]] std::uint64_t read_stalls(bool by_now, bool asks) const;

  registers::RegisterFile& file_;
  Generation generation_;
  MemoryInterface& dbb_;
  MemoryInterface& cvsram_;
  std::array<std::array<std::uint64_t, 2>, kCounters> base_{};
  std::array<std::uint64_t, kCounters> shown_{};  // last
  struct Turn {                                   // of BDMA's load side
    std::uint32_t group = 0;
    std::uint64_t base = 0;                 // of all stalls, when it began
    std::array<std::uint64_t, 2> before{};  // what has counted for a group in turns that are over
  };
  Turn turn_;
};

}  // namespace nvdla::engine
