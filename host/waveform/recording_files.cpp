// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/recording_files.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace nvdla::host {
namespace {

nlohmann::ordered_json port_json(const memory::MemoryDescription& memory, std::optional<std::uint32_t> bus) {
  nlohmann::ordered_json json{{"latency", memory.latency},
                              {"bytes_per_cycle", memory.bytes_per_cycle},
                              {"max_outstanding", memory.max_outstanding}};
  if (bus) json["bus_bytes"] = *bus;
  return json;
}

std::optional<Unit> read_dma(Unit main) {
  switch (main) {
    case Unit::kSdp:
      return Unit::kSdpRdma;
    case Unit::kPdp:
      return Unit::kPdpRdma;
    case Unit::kCdp:
      return Unit::kCdpRdma;
    default:
      return std::nullopt;
  }
}

// The driver enables a unit and its read DMA next to each other.
const Activation& nearest(const std::vector<Activation>& list, Cycle enable) {
  return *std::min_element(list.begin(), list.end(), [&](const Activation& a, const Activation& b) {
    return std::llabs(a.enable - enable) < std::llabs(b.enable - enable);
  });
}

const std::vector<Activation>& of(const Activations& activations, Unit unit) {
  return activations[static_cast<std::size_t>(unit)];
}

}  // namespace

std::size_t drop_from(Activations& activations, Unit unit, std::uint32_t sequence) {
  std::vector<Activation>& list = activations[static_cast<std::size_t>(unit)];
  if (const auto reader = read_dma(unit)) {
    auto& readers = activations[static_cast<std::size_t>(*reader)];
    readers.erase(std::remove_if(readers.begin(), readers.end(),
                                 [&](const Activation& each) {
                                   return nearest(list, each.enable).sequence >= sequence;
                                 }),
                  readers.end());
  }
  const std::size_t dropped = list.size() - sequence;
  list.resize(sequence);
  return dropped;
}

std::vector<UnitTraffic> unit_traffic(const std::vector<TrafficSplit::Share>& shares,
                                      const Activations& activations) {
  std::vector<UnitTraffic> result;
  for (const TrafficSplit::Share& share : shares) {
    const Engine engine = share.operation.engine;
    const Unit main = engine_info(engine).main;
    const std::vector<Activation>& mains = of(activations, main);
    std::uint32_t sequence = share.operation.sequence;
    if (sequence >= mains.size()) continue;
    const auto reader = share.write ? std::nullopt : read_dma(main);
    if (reader && of(activations, *reader).empty()) continue;
    if (reader) sequence = nearest(of(activations, *reader), mains[sequence].enable).sequence;
    result.push_back({reader.value_or(main), sequence, share});
  }
  return result;
}

void write_recording(const RecordingHeader& header, std::ostream& out) {
  nlohmann::ordered_json json{{"schema", "nvdla-recording/1"},
                              {"trace", "input.txn"},
                              {"config", header.config},
                              {"source", "waveform " + header.source},
                              {"dbb", port_json(header.dbb, header.bus_bytes)}};
  json["cvsram"] = header.cvsram ? port_json(*header.cvsram, std::nullopt) : nlohmann::ordered_json();
  json["last_done"] = header.last_done;
  out << json.dump(1) << '\n';
}

void write_operations(const Activations& activations, const std::vector<UnitTraffic>* traffic,
                      std::ostream& out) {
  out << "unit,sequence,group,enable,interrupt,interrupt_weight,interrupt_earliest"
      << (traffic != nullptr ? ",write_beats\n" : "\n");
  const auto cell = [&](const std::optional<InterruptDate>& date) {
    out << ',';
    if (date) out << date->at;
  };
  for (const std::vector<Activation>& list : activations) {
    for (const Activation& row : list) {
      out << unit_name(row.unit) << ',' << row.sequence << ',' << row.group << ',' << row.enable;
      cell(row.interrupt);
      cell(row.weight_interrupt);
      out << ',';
      if (row.interrupt) out << row.interrupt->earliest;
      if (traffic != nullptr) {
        std::uint64_t beats = 0;
        for (const UnitTraffic& item : *traffic)
          if (item.share.write && item.unit == row.unit && item.sequence == row.sequence)
            beats += item.share.beats;
        out << ',' << beats;
      }
      out << '\n';
    }
  }
}

void write_reads(const std::vector<UnitTraffic>& traffic, std::uint32_t bus_bytes, std::ostream& out) {
  out << "unit,sequence,port,direction,client,beats,bytes\n";
  for (const UnitTraffic& item : traffic) {
    if (item.share.write) continue;
    out << unit_name(item.unit) << ',' << item.sequence << ','
        << (item.share.port == MemorySpace::kDbb ? "DBB" : "CVSRAM") << ",read,"
        << client_name(item.share.client) << ',' << item.share.beats << ',' << item.share.beats * bus_bytes
        << '\n';
  }
}

}  // namespace nvdla::host
