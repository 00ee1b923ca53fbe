// SPDX-License-Identifier: Apache-2.0
#include "engine/perf_counters.h"

#include <algorithm>
#include <string>

namespace nvdla::engine {

namespace {

// kReadOffered: cycles in which a request was valid, taken or not, but that of the last one. kTurnStall: read
// stalls by BDMA's turns.
enum class Kind : std::uint8_t { kReadStall, kReadOffered, kWriteStall, kReadLatency, kTurnStall };

struct Counter {
  Unit unit;
  std::array<const char*, 2> names;  // by group
  const char* enable;                // register
  const char* field;
  Client client;
  Kind kind;
  bool only_v1 = false;
  const char* unused = nullptr;  // register and field that leave the client out
  const char* unused_field = nullptr;
  bool sum = false;  // never cleared
};

constexpr Counter counter(Unit unit, const char* name, const char* field, Client client, Kind kind,
                          bool only_v1 = false) {
  return {unit, {name, name}, "D_PERF_ENABLE", field, client, kind, only_v1};
}

constexpr Counter reader(const char* name, Client client, const char* unused, const char* field) {
  return {Unit::kSdpRdma,   {name, name}, "D_PERF_ENABLE", "PERF_DMA_EN", client,
          Kind::kReadStall, false,        unused,          field};
}

// The RTL clears it only in a cycle in which it counts: in none in which a unit is done.
constexpr Counter sum_of(Unit unit, const char* name, Client client, Kind kind) {
  return {unit, {name, name}, "D_PERF_ENABLE", "DMA_EN", client, kind, false, nullptr, nullptr, true};
}

constexpr std::array kTable = {
    counter(Unit::kCdma, "D_PERF_DAT_READ_STALL", "DMA_EN", Client::kCdmaDat, Kind::kReadStall),
    counter(Unit::kCdma, "D_PERF_WT_READ_STALL", "DMA_EN", Client::kCdmaWt, Kind::kReadStall),
    counter(Unit::kCdma, "D_PERF_DAT_READ_LATENCY", "DMA_EN", Client::kCdmaDat, Kind::kReadLatency),
    counter(Unit::kCdma, "D_PERF_WT_READ_LATENCY", "DMA_EN", Client::kCdmaWt, Kind::kReadLatency, true),
    reader("D_PERF_MRDMA_READ_STALL", Client::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE"),
    reader("D_PERF_BRDMA_READ_STALL", Client::kSdpB, "D_BRDMA_CFG", "BRDMA_DISABLE"),
    reader("D_PERF_NRDMA_READ_STALL", Client::kSdpN, "D_NRDMA_CFG", "NRDMA_DISABLE"),
    reader("D_PERF_ERDMA_READ_STALL", Client::kSdpE, "D_ERDMA_CFG", "ERDMA_DISABLE"),
    counter(Unit::kSdp, "D_PERF_WDMA_WRITE_STALL", "PERF_DMA_EN", Client::kSdp, Kind::kWriteStall),
    sum_of(Unit::kPdpRdma, "D_PERF_READ_STALL", Client::kPdp, Kind::kReadStall),
    sum_of(Unit::kPdp, "D_PERF_WRITE_STALL", Client::kPdp, Kind::kWriteStall),
    sum_of(Unit::kCdpRdma, "D_PERF_READ_STALL", Client::kCdp, Kind::kReadStall),
    sum_of(Unit::kCdp, "D_PERF_WRITE_STALL", Client::kCdp, Kind::kWriteStall),
    counter(Unit::kRubik, "D_PERF_READ_STALL", "PERF_EN", Client::kRubik, Kind::kReadOffered),
    counter(Unit::kRubik, "D_PERF_WRITE_STALL", "PERF_EN", Client::kRubik, Kind::kWriteStall),
    Counter{Unit::kBdma,
            {"STATUS_GRP0_READ_STALL", "STATUS_GRP1_READ_STALL"},
            "CFG_STATUS",
            "STALL_COUNT_EN",
            Client::kBdma,
            Kind::kTurnStall},
    Counter{Unit::kBdma,
            {"STATUS_GRP0_WRITE_STALL", "STATUS_GRP1_WRITE_STALL"},
            "CFG_STATUS",
            "STALL_COUNT_EN",
            Client::kBdma,
            Kind::kWriteStall},
};

// Nobody else wants to know.
void follow(Kind kind, Client client, MemoryInterface& memory) {
  if (kind == Kind::kWriteStall) {
    memory.follow_writes(client);
  } else if (kind != Kind::kReadLatency) {
    memory.follow_reads(client);
  }
}

}  // namespace

std::uint64_t PerfCounters::total(std::size_t counter) const {
  const Counter& entry = kTable[counter];
  if (entry.kind == Kind::kWriteStall) return dbb_.write_stalls(entry.client);
  std::uint64_t sum = 0;
  for (const MemoryInterface* memory : {&dbb_, &cvsram_}) {
    const MemoryInterface::Activity activity = memory->activity(entry.client);
    sum += entry.kind == Kind::kReadLatency ? activity.read_latency : activity.read_stall;
    if (entry.kind == Kind::kReadOffered) sum += activity.read_requests;
  }
  return sum;
}

void PerfCounters::begin(Unit unit, std::uint32_t group) {
  static_assert(kTable.size() == kCounters);
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const Counter& entry = kTable[i];
    if (entry.unit != unit) continue;
    if (file_.field(unit, entry.enable, entry.field, group) != 0)
      for (MemoryInterface* memory : {&dbb_, &cvsram_}) follow(entry.kind, entry.client, *memory);
    if (unit == Unit::kBdma) {
      file_.set_value(unit, entry.names[group], group, 0);
    } else {
      base_[i][group] = total(i);
    }
  }
}

void PerfCounters::end(Unit unit, std::uint32_t group, Cycle at) {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const Counter& entry = kTable[i];
    if (entry.unit != unit || (entry.only_v1 && generation_ != Generation::kV1)) continue;
    if (file_.field(unit, entry.enable, entry.field, group) == 0) {
      if (unit == Unit::kBdma) begin_anew(i, group);
      continue;
    }
    if (entry.kind == Kind::kWriteStall)
      for (MemoryInterface* memory : {&dbb_, &cvsram_}) memory->tell_left(at);
    // A counter begins anew when its reader does; a group without that reader shows what it has.
    const bool unused =
        entry.unused != nullptr && file_.field(unit, entry.unused, entry.unused_field, group) != 0;
    std::uint64_t counted = unused                           ? shown_[i]
                            : entry.kind == Kind::kTurnStall ? turns(group)
                                                             : total(i) - base_[i][group];
    if (unit == Unit::kBdma) begin_anew(i, group);
    if (entry.kind == Kind::kReadOffered && counted > 0) --counted;
    if (entry.sum) counted += shown_[i];
    shown_[i] = counted;
    // 32 bits that do not wrap.
    file_.set_value(unit, entry.names[group], group,
                    static_cast<std::uint32_t>(std::min<std::uint64_t>(counted, UINT32_MAX)));
  }
}

// BDMA's counters, whether they are counted or not.
void PerfCounters::begin_anew(std::size_t counter, std::uint32_t group) {
  base_[counter] = {total(counter), total(counter)};
  if (kTable[counter].kind != Kind::kTurnStall) return;
  turn_.before[group] = 0;
  if (turn_.group == group) turn_.base = read_stalls(false, false);
}

// What has counted for the group.
std::uint64_t PerfCounters::turns(std::uint32_t group) const {
  return turn_.before[group] + (turn_.group == group ? since_turn(read_stalls(false, false)) : 0);
}

// What was counted up to the present may be more than what is for sure.
std::uint64_t PerfCounters::since_turn(std::uint64_t all) const {
  return all > turn_.base ? all - turn_.base : 0;
}

// Of BDMA.
std::uint64_t PerfCounters::read_stalls(bool by_now, bool asks) const {
  std::uint64_t sum = 0;
  for (const MemoryInterface* memory : {&dbb_, &cvsram_})
    sum +=
        by_now ? memory->read_stalls_by_now(Client::kBdma, asks) : memory->activity(Client::kBdma).read_stall;
  return sum;
}

void PerfCounters::count_reads_for(std::uint32_t group, bool launched, bool asks) {
  const std::uint64_t all = read_stalls(launched, asks);
  turn_.before[turn_.group] += since_turn(all);
  turn_ = {group, all, turn_.before};
}

}  // namespace nvdla::engine
