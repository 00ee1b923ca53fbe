// SPDX-License-Identifier: Apache-2.0
// Starting an operation that is programmed, and its counters. The counters are read as the firmware reads
// them: through the group that the producer pointer selects at that moment, which need not be the completed
// one.
#include "host/driver/driver_error.h"
#include "host/driver/scheduler.h"

namespace nvdla::host {

void Scheduler::wait_for_flush(const Group& group) {
  if (registers_.poll(Unit::kCdma, "S_CBUF_FLUSH_STATUS", "FLUSH_DONE")) return;
  context(group).fail("CDMA does not finish the flush of the convolution buffer");
}

void Scheduler::enable_unit(const Processor& processor, Group& group) {
  const auto start = [&](Unit unit) { registers_.write(unit, "D_OP_ENABLE", {{"OP_EN", 1}}); };
  switch (processor.unit) {
    case kDlaBdma:
      if (std::get<DlaBdma>(group.node->operation->work).count == 0) {
        group.events |= 1U << static_cast<std::uint32_t>(DlaEvent::kCompleted);
        return;
      }
      if (statistics_) registers_.write(Unit::kBdma, "CFG_STATUS", 1);
      registers_.write(Unit::kBdma, group.id == 0 ? "CFG_LAUNCH0" : "CFG_LAUNCH1", 1);
      return;
    case kDlaConv:
      wait_for_flush(group);
      if (statistics_) registers_.write(Unit::kCdma, "D_PERF_ENABLE", 1);
      for (const Unit unit : {Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma}) start(unit);
      return;
    case kDlaSdp:
      if (statistics_) {
        registers_.write(
            Unit::kSdp, "D_PERF_ENABLE",
            {{"PERF_DMA_EN", 1}, {"PERF_LUT_EN", 1}, {"PERF_SAT_EN", 1}, {"PERF_NAN_INF_COUNT_EN", 1}});
      }
      if (group.needs_rdma) start(Unit::kSdpRdma);
      start(Unit::kSdp);
      return;
    case kDlaPdp:
      if (statistics_) registers_.write(Unit::kPdp, "D_PERF_ENABLE", 1);
      if (group.needs_rdma) start(Unit::kPdpRdma);
      start(Unit::kPdp);
      return;
    case kDlaCdp:
      if (statistics_) registers_.write(Unit::kCdp, "D_PERF_ENABLE", {{"DMA_EN", 1}, {"LUT_EN", 1}});
      start(Unit::kCdpRdma);
      start(Unit::kCdp);
      return;
    default:
      if (statistics_) registers_.write(Unit::kRubik, "D_PERF_ENABLE", 1);
      start(Unit::kRubik);
  }
}

std::vector<OperationCounter> Scheduler::read_counters(const Processor& processor, const Group& group) {
  std::vector<OperationCounter> counters;
  const auto read = [&](Unit unit, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) counters.push_back({name, registers_.read(unit, name)});
  };
  switch (processor.unit) {
    case kDlaBdma:
      if (group.id == 0) {
        read(Unit::kBdma, {"STATUS_GRP0_READ_STALL", "STATUS_GRP0_WRITE_STALL"});
      } else {
        read(Unit::kBdma, {"STATUS_GRP1_READ_STALL", "STATUS_GRP1_WRITE_STALL"});
      }
      break;
    case kDlaConv:
      read(Unit::kCdma, {"D_PERF_DAT_READ_STALL", "D_PERF_WT_READ_STALL", "D_PERF_DAT_READ_LATENCY",
                         "D_PERF_WT_READ_LATENCY", "D_NAN_INPUT_DATA_NUM", "D_NAN_INPUT_WEIGHT_NUM",
                         "D_INF_INPUT_DATA_NUM", "D_INF_INPUT_WEIGHT_NUM"});
      read(Unit::kCacc, {"D_OUT_SATURATION"});
      break;
    case kDlaSdp:
      read(Unit::kSdp, {"D_STATUS_NAN_INPUT_NUM", "D_STATUS_INF_INPUT_NUM", "D_STATUS_NAN_OUTPUT_NUM",
                        "D_PERF_WDMA_WRITE_STALL"});
      break;
    case kDlaPdp:
      read(Unit::kPdp, {"D_PERF_WRITE_STALL"});
      break;
    case kDlaCdp:
      read(Unit::kCdp, {"D_PERF_WRITE_STALL", "D_PERF_LUT_UFLOW", "D_PERF_LUT_OFLOW", "D_PERF_LUT_HYBRID",
                        "D_PERF_LUT_LE_HIT", "D_PERF_LUT_LO_HIT"});
      break;
    default:
      read(Unit::kRubik, {"D_PERF_READ_STALL", "D_PERF_WRITE_STALL"});
  }
  return counters;
}

}  // namespace nvdla::host
