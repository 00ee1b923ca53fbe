// SPDX-License-Identifier: Apache-2.0
#include "validation/recording.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string_view>

#include "hardware/parameters.h"
#include "validation/json_file.h"
#include "validation/kernel_log.h"

namespace nvdla::validation {
namespace {

using engine::OperationRecord;
using nlohmann::json;

constexpr std::uint32_t kWidestBus = 4096;  // bytes
constexpr std::uint64_t kMostBeats = std::uint64_t{1} << 50;

constexpr std::array<std::string_view, kRecordedUnits> kUnitNames{
    "BDMA", "CDMA",     "CSC", "CMAC_A",   "CMAC_B", "CACC", "SDP_RDMA",
    "SDP",  "PDP_RDMA", "PDP", "CDP_RDMA", "CDP",    "RBK"};

Client client_of(const CsvReader& csv, std::size_t column) {
  for (std::size_t i = 0; i < kClients; ++i)
    if (client_name(static_cast<Client>(i)) == csv.text(column)) return static_cast<Client>(i);
  csv.fail(column, "unknown client");
}

MemorySpace port_of(const CsvReader& csv, std::size_t column) {
  if (csv.text(column) == "DBB") return MemorySpace::kDbb;
  if (csv.text(column) == "CVSRAM") return MemorySpace::kCvsram;
  csv.fail(column, "expected DBB or CVSRAM");
}

RecordedUnit unit_of(const CsvReader& csv, std::size_t column) {
  const auto found = std::find(kUnitNames.begin(), kUnitNames.end(), csv.text(column));
  if (found == kUnitNames.end()) csv.fail(column, "unknown unit");
  return static_cast<RecordedUnit>(found - kUnitNames.begin());
}

// The value of `key`, checked; `where` names the enclosing object in errors.
template <typename T>
T get(const std::string& path, const json& object, const std::string& where, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw host::InputError(path + ": " + where + key + " is missing");
  if constexpr (std::is_same_v<T, std::string>) {
    if (!found->is_string()) throw host::InputError(path + ": " + where + key + " is not a string");
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!found->is_number()) throw host::InputError(path + ": " + where + key + " is not a number");
  } else {
    if (!found->is_number_unsigned())
      throw host::InputError(path + ": " + where + key + " is not a whole number");
    if (found->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
      throw host::InputError(path + ": " + where + key + " is out of range");
  }
  return found->get<T>();
}

host::MemoryOptions read_memory(const std::string& path, const json& metadata, const char* port) {
  const json& object = metadata.at(port);
  const std::string where = std::string(port) + ".";
  if (!object.is_object()) throw host::InputError(path + ": " + port + " is not an object");
  host::MemoryOptions options;
  options.latency = get<std::uint32_t>(path, object, where, "latency");
  options.bytes_per_cycle = get<double>(path, object, where, "bytes_per_cycle");
  if (object.contains("max_outstanding"))
    options.max_outstanding = get<std::uint32_t>(path, object, where, "max_outstanding");
  try {
    host::check_memory_options(port, options);
  } catch (const std::invalid_argument& error) {
    throw host::InputError(path + ": " + error.what());
  }
  return options;
}

Cycle in_cycles(const Recording& recording, double ns) {
  return static_cast<Cycle>(std::llround(ns * recording.cycles_per_ns));
}

std::uint32_t bus_of(const std::string& path, const std::string& config) {
  try {
    return preset(config).dbb_width_bytes;
  } catch (const std::invalid_argument& error) {
    throw host::InputError(path + ": config: " + error.what());
  }
}

void read_metadata(const std::string& path, Recording& recording) {
  const json metadata = read_json_file(path);
  if (!metadata.is_object()) throw host::InputError(path + ": not a JSON object");
  const auto schema = get<std::string>(path, metadata, "", "schema");
  if (schema != "nvdla-recording/1")
    throw host::InputError(path + ": schema \"" + schema + "\", expected nvdla-recording/1");
  recording.trace = get<std::string>(path, metadata, "", "trace");
  recording.config = get<std::string>(path, metadata, "", "config");
  const auto has = [&](const char* key) { return metadata.contains(key); };
  if (has("precision")) recording.precision = get<std::string>(path, metadata, "", "precision");
  if (has("csb_gap")) recording.csb_gap = get<std::uint64_t>(path, metadata, "", "csb_gap");
  if (has("clock_mhz")) {
    const auto mhz = get<double>(path, metadata, "", "clock_mhz");
    if (!(mhz > 0 && mhz <= 1e6)) throw host::InputError(path + ": clock_mhz is out of range");
    recording.cycles_per_ns = mhz / 1000;
  }
  if (has("last_done")) {
    recording.last_done = recording.cycles_per_ns > 0
                              ? in_cycles(recording, get<double>(path, metadata, "", "last_done"))
                              : get<Cycle>(path, metadata, "", "last_done");
  }
  if (has("kernel_log")) recording.kernel_log = get<std::string>(path, metadata, "", "kernel_log");
  if (!has("dbb")) throw host::InputError(path + ": dbb is missing");
  recording.dbb = read_memory(path, metadata, "dbb");
  recording.bus_bytes = metadata.at("dbb").contains("bus_bytes")
                            ? get<std::uint32_t>(path, metadata.at("dbb"), "dbb.", "bus_bytes")
                            : bus_of(path, recording.config);
  if (metadata.contains("cvsram") && !metadata.at("cvsram").is_null())
    recording.cvsram = read_memory(path, metadata, "cvsram");
  if (has("last_done") && recording.last_done <= 0)
    throw host::InputError(path + ": last_done must be positive");
  if (recording.last_done > kFarthest) throw host::InputError(path + ": last_done is beyond 2^50 cycles");
  if (recording.bus_bytes == 0 || recording.bus_bytes > kWidestBus)
    throw host::InputError(path + ": dbb.bus_bytes must be 1 to " + std::to_string(kWidestBus));
}

// Beyond it, differences of cycles would overflow.
constexpr auto kLatest = static_cast<double>(kFarthest);

Cycle cycle_of(const Recording& recording, const CsvReader& csv, std::size_t column) {
  if (recording.cycles_per_ns > 0) {
    const double ns = csv.decimal(column);
    if (ns * recording.cycles_per_ns > kLatest) csv.fail(column, "number out of range");
    return in_cycles(recording, ns);
  }
  const std::uint64_t value = csv.number(column);
  if (value > static_cast<std::uint64_t>(kFarthest)) csv.fail(column, "beyond 2^50 cycles");
  return static_cast<Cycle>(value);
}

std::uint32_t small(const CsvReader& csv, std::size_t column) {
  const std::uint64_t value = csv.number(column);
  if (value > std::numeric_limits<std::uint32_t>::max()) csv.fail(column, "number out of range");
  return static_cast<std::uint32_t>(value);
}

// Times the bus width it stays within 64 bits.
std::uint64_t beats_of(const CsvReader& csv, std::size_t column) {
  const std::uint64_t value = csv.number(column);
  if (value > kMostBeats) csv.fail(column, "more than 2^50 beats");
  return value;
}

// Where a row of the unit goes: a row of CONV has CDMA's enable and start and CACC's interrupt.
std::vector<RecordedUnit> units_of(const CsvReader& csv, std::size_t column) {
  if (csv.text(column) == engine_name(Engine::kConv)) return {RecordedUnit::kCdma, RecordedUnit::kCacc};
  if (csv.text(column) == engine_name(Engine::kRubik)) return {RecordedUnit::kRubik};
  return {unit_of(csv, column)};
}

void read_operations(const std::string& path, Recording& recording) {
  CsvReader csv(path);
  const std::size_t unit = csv.column("unit"), sequence = csv.column("sequence"),
                    interrupt = csv.column("interrupt");
  const auto group = csv.find("group"), enable = csv.find("enable"), start = csv.find("start"),
             write_beats = csv.find("write_beats");
  recording.enables = enable.has_value();
  recording.traffic = write_beats.has_value();
  while (csv.next()) {
    RecordedActivation row;
    row.sequence = small(csv, sequence);
    if (group) row.group = small(csv, *group);
    if (row.group > 1) csv.fail(*group, "groups are 0 and 1");
    if (enable) row.enable = cycle_of(recording, csv, *enable);
    row.start = start ? cycle_of(recording, csv, *start) : row.enable;
    if (row.start < row.enable) csv.fail(*start, "before enable");
    if (!csv.text(interrupt).empty()) {
      row.interrupt = cycle_of(recording, csv, interrupt);
      if (*row.interrupt < row.start) csv.fail(interrupt, start ? "before start" : "before enable");
    }
    if (write_beats) row.write_beats = beats_of(csv, *write_beats);
    for (const RecordedUnit one : units_of(csv, unit)) {
      std::vector<RecordedActivation>& rows = recording.activations[static_cast<std::size_t>(one)];
      if (row.sequence != rows.size())
        csv.fail(sequence, "expected " + std::to_string(rows.size()) + ": the unit's rows count from 0");
      rows.push_back(row);
    }
  }
}

RecordedUnit main_unit(Engine engine) {
  switch (engine) {
    case Engine::kConv:
      return RecordedUnit::kCacc;
    case Engine::kSdp:
      return RecordedUnit::kSdp;
    case Engine::kPdp:
      return RecordedUnit::kPdp;
    case Engine::kCdp:
      return RecordedUnit::kCdp;
    case Engine::kBdma:
      return RecordedUnit::kBdma;
    case Engine::kRubik:
      return RecordedUnit::kRubik;
  }
  return RecordedUnit::kBdma;
}

void read_log(const std::string& path, Recording& recording) {
  if (recording.cycles_per_ns <= 0)
    throw host::InputError(recording.path + ": a kernel log needs clock_mhz, the core clock");
  recording.traffic = false;
  for (const LoggedOperation& operation : read_kernel_log(path)) {
    RecordedActivation row;
    row.sequence = operation.sequence;
    recording.enables = recording.enables && operation.enable_ns.has_value();
    row.enable = row.start = in_cycles(recording, operation.enable_ns.value_or(0));
    row.interrupt = in_cycles(recording, operation.completed_ns);
    recording.activations[static_cast<std::size_t>(main_unit(operation.engine))].push_back(row);
    if (operation.engine == Engine::kConv)
      recording.activations[static_cast<std::size_t>(RecordedUnit::kCdma)].push_back(row);
  }
}

Cycle last_interrupt(const Recording& recording) {
  Cycle last = 0;
  for (const auto& rows : recording.activations)
    for (const RecordedActivation& row : rows) last = std::max(last, row.interrupt.value_or(0));
  if (last == 0) throw host::InputError(recording.path + ": no interrupt is recorded");
  return last;
}

void read_dma(const std::string& path, Recording& recording) {
  CsvReader csv(path);
  const std::size_t unit = csv.column("unit"), sequence = csv.column("sequence"), port = csv.column("port"),
                    direction = csv.column("direction"), client = csv.column("client"),
                    beats = csv.column("beats"), bytes = csv.column("bytes");
  while (csv.next()) {
    RecordedRead row;
    row.unit = unit_of(csv, unit);
    row.sequence = small(csv, sequence);
    if (row.sequence >= recording.of(row.unit).size()) csv.fail(sequence, "no such activation of this unit");
    row.port = port_of(csv, port);
    if (csv.text(direction) != "read") csv.fail(direction, "expected read");
    row.client = client_of(csv, client);
    row.beats = beats_of(csv, beats);
    if (csv.number(bytes) != row.beats * recording.bus_bytes)
      csv.fail(bytes, "not beats times the bus width");
    recording.reads.push_back(row);
  }
}

// The activation of `unit` that the read DMA's activation feeds: the driver enables both next to each other.
const RecordedActivation* partner(const Recording& recording, RecordedUnit unit,
                                  const RecordedActivation& rdma) {
  const RecordedActivation* best = nullptr;
  for (const RecordedActivation& candidate : recording.of(unit)) {
    if (!best || std::llabs(candidate.enable - rdma.enable) < std::llabs(best->enable - rdma.enable))
      best = &candidate;
  }
  return best;
}

Cycle interrupt_of(const Recording& recording, RecordedUnit unit, const RecordedActivation& row) {
  if (!row.interrupt)
    throw host::InputError(recording.path + ": " + std::string(kUnitNames[static_cast<std::size_t>(unit)]) +
                           " " + std::to_string(row.sequence) + " has no interrupt");
  return *row.interrupt;
}

void add_reads(const Recording& recording, RecordedUnit unit, std::uint32_t sequence,
               OperationRecord& operation) {
  for (const RecordedRead& read : recording.reads) {
    if (read.unit != unit || read.sequence != sequence) continue;
    Traffic& traffic = read.port == MemorySpace::kDbb ? operation.dbb : operation.cvsram;
    traffic.read[static_cast<std::size_t>(read.client)] += read.beats * recording.bus_bytes;
  }
}

// A unit that writes through its own client and may have a read DMA with register groups of its own.
void add_unit(const Recording& recording, Engine reported, RecordedUnit unit,
              std::optional<RecordedUnit> rdma, Client client, std::vector<OperationRecord>& operations) {
  const std::size_t first = operations.size();
  for (const RecordedActivation& row : recording.of(unit)) {
    OperationRecord operation;
    operation.id = operation.layer = {reported, row.sequence};
    operation.group = row.group;
    operation.enable = row.enable;
    operation.start = row.start;
    operation.done = interrupt_of(recording, unit, row);
    operation.dbb.written[static_cast<std::size_t>(client)] = row.write_beats * recording.bus_bytes;
    add_reads(recording, unit, row.sequence, operation);
    operations.push_back(operation);
  }
  if (!rdma) return;
  std::set<std::uint32_t> taken;
  for (const RecordedActivation& row : recording.of(*rdma)) {
    const RecordedActivation* fed = partner(recording, unit, row);
    if (!fed || !taken.insert(fed->sequence).second)
      throw host::InputError(recording.path + ": " +
                             std::string(kUnitNames[static_cast<std::size_t>(*rdma)]) + " " +
                             std::to_string(row.sequence) + " belongs to no activation of its unit");
    OperationRecord& operation = operations[first + fed->sequence];
    add_reads(recording, *rdma, row.sequence, operation);
  }
}

}  // namespace

std::string memory_name(const Recording& recording) {
  std::ostringstream text;
  text << 'L' << recording.dbb.latency << " B" << recording.dbb.bytes_per_cycle;
  return text.str();
}

Recording load_recording(const std::string& path) {
  constexpr std::string_view kSuffix = ".json";
  std::string stem = path;
  if (stem.size() > kSuffix.size() &&
      stem.compare(stem.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0)
    stem.resize(stem.size() - kSuffix.size());
  Recording recording;
  recording.name = std::filesystem::path(stem).filename().string();
  recording.path = stem + ".json";
  read_metadata(recording.path, recording);
  if (recording.kernel_log.empty()) {
    read_operations(stem + ".ops.csv", recording);
  } else {
    read_log((std::filesystem::path(recording.path).parent_path() / recording.kernel_log).string(),
             recording);
  }
  if (recording.last_done == 0) recording.last_done = last_interrupt(recording);
  if (std::filesystem::exists(stem + ".dma.csv")) {
    read_dma(stem + ".dma.csv", recording);
  } else {
    recording.traffic = false;
  }
  if (const std::string trace = stem + ".dma_trace.csv.gz"; std::filesystem::exists(trace))
    recording.dma_trace = trace;
  return recording;
}

std::vector<OperationRecord> recorded_operations(const Recording& recording) {
  const auto& fetches = recording.of(RecordedUnit::kCdma);
  const auto& accumulations = recording.of(RecordedUnit::kCacc);
  if (fetches.size() != accumulations.size())
    throw host::InputError(recording.path + ": " + std::to_string(fetches.size()) +
                           " activations of CDMA but " + std::to_string(accumulations.size()) + " of CACC");
  std::vector<OperationRecord> operations;
  for (std::size_t i = 0; i < fetches.size(); ++i) {
    OperationRecord operation;
    operation.id = operation.layer = {Engine::kConv, fetches[i].sequence};
    operation.group = fetches[i].group;
    operation.enable = fetches[i].enable;
    operation.start = fetches[i].start;
    operation.done = interrupt_of(recording, RecordedUnit::kCacc, accumulations[i]);
    add_reads(recording, RecordedUnit::kCdma, operation.id.sequence, operation);
    operations.push_back(operation);
  }
  add_unit(recording, Engine::kSdp, RecordedUnit::kSdp, RecordedUnit::kSdpRdma, Client::kSdp, operations);
  add_unit(recording, Engine::kPdp, RecordedUnit::kPdp, RecordedUnit::kPdpRdma, Client::kPdp, operations);
  add_unit(recording, Engine::kCdp, RecordedUnit::kCdp, RecordedUnit::kCdpRdma, Client::kCdp, operations);
  add_unit(recording, Engine::kBdma, RecordedUnit::kBdma, std::nullopt, Client::kBdma, operations);
  add_unit(recording, Engine::kRubik, RecordedUnit::kRubik, std::nullopt, Client::kRubik, operations);
  return operations;
}

}  // namespace nvdla::validation
