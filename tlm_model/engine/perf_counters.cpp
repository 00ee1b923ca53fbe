// SPDX-License-Identifier: Apache-2.0
#include "engine/perf_counters.h"

#include <algorithm>
#include <string>

namespace nvdla::engine {

namespace {

enum class Kind : std::uint8_t { kReadStall, kWriteStall, kReadLatency };

struct Counter {
  Unit unit;
  std::array<const char*, 2> names;  // by group
  const char* enable;                // register
  const char* field;
  Client client;
  Kind kind;
  bool only_v1 = false;
};

constexpr Counter counter(Unit unit, const char* name, const char* field, Client client, Kind kind,
                          bool only_v1 = false) {
  return {unit, {name, name}, "D_PERF_ENABLE", field, client, kind, only_v1};
}

constexpr std::array kTable = {
    counter(Unit::kCdma, "D_PERF_DAT_READ_STALL", "DMA_EN", Client::kCdmaDat, Kind::kReadStall),
    counter(Unit::kCdma, "D_PERF_WT_READ_STALL", "DMA_EN", Client::kCdmaWt, Kind::kReadStall),
    counter(Unit::kCdma, "D_PERF_DAT_READ_LATENCY", "DMA_EN", Client::kCdmaDat, Kind::kReadLatency),
    counter(Unit::kCdma, "D_PERF_WT_READ_LATENCY", "DMA_EN", Client::kCdmaWt, Kind::kReadLatency, true),
    counter(Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL", "PERF_DMA_EN", Client::kSdp, Kind::kReadStall),
    counter(Unit::kSdpRdma, "D_PERF_BRDMA_READ_STALL", "PERF_DMA_EN", Client::kSdpB, Kind::kReadStall),
    counter(Unit::kSdpRdma, "D_PERF_NRDMA_READ_STALL", "PERF_DMA_EN", Client::kSdpN, Kind::kReadStall),
    counter(Unit::kSdpRdma, "D_PERF_ERDMA_READ_STALL", "PERF_DMA_EN", Client::kSdpE, Kind::kReadStall),
    counter(Unit::kSdp, "D_PERF_WDMA_WRITE_STALL", "PERF_DMA_EN", Client::kSdp, Kind::kWriteStall),
    counter(Unit::kPdpRdma, "D_PERF_READ_STALL", "DMA_EN", Client::kPdp, Kind::kReadStall),
    counter(Unit::kPdp, "D_PERF_WRITE_STALL", "DMA_EN", Client::kPdp, Kind::kWriteStall),
    counter(Unit::kCdpRdma, "D_PERF_READ_STALL", "DMA_EN", Client::kCdp, Kind::kReadStall),
    counter(Unit::kCdp, "D_PERF_WRITE_STALL", "DMA_EN", Client::kCdp, Kind::kWriteStall),
    counter(Unit::kRubik, "D_PERF_READ_STALL", "PERF_EN", Client::kRubik, Kind::kReadStall),
    counter(Unit::kRubik, "D_PERF_WRITE_STALL", "PERF_EN", Client::kRubik, Kind::kWriteStall),
    Counter{Unit::kBdma,
            {"STATUS_GRP0_READ_STALL", "STATUS_GRP1_READ_STALL"},
            "CFG_STATUS",
            "STALL_COUNT_EN",
            Client::kBdma,
            Kind::kReadStall},
    Counter{Unit::kBdma,
            {"STATUS_GRP0_WRITE_STALL", "STATUS_GRP1_WRITE_STALL"},
            "CFG_STATUS",
            "STALL_COUNT_EN",
            Client::kBdma,
            Kind::kWriteStall},
};

}  // namespace

std::uint64_t PerfCounters::total(std::size_t counter) const {
  const Counter& entry = kTable[counter];
  std::uint64_t sum = 0;
  for (const MemoryInterface* memory : {&dbb_, &cvsram_}) {
    const MemoryInterface::Activity activity = memory->activity(entry.client);
    sum += entry.kind == Kind::kReadStall    ? activity.read_stall
           : entry.kind == Kind::kWriteStall ? activity.write_stall
                                             : activity.read_latency;
  }
  return sum;
}

void PerfCounters::begin(Unit unit, std::uint32_t group) {
  static_assert(kTable.size() == kCounters);
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].unit == unit) base_[i][group] = total(i);
  }
}

void PerfCounters::end(Unit unit, std::uint32_t group) {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const Counter& entry = kTable[i];
    if (entry.unit != unit || (entry.only_v1 && generation_ != Generation::kV1)) continue;
    if (file_.field(unit, entry.enable, entry.field, group) == 0) continue;
    const std::uint64_t counted = total(i) - base_[i][group];
    // 32 bits that do not wrap.
    file_.set_value(unit, entry.names[group], group,
                    static_cast<std::uint32_t>(std::min<std::uint64_t>(counted, UINT32_MAX)));
  }
}

}  // namespace nvdla::engine
