// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/import_waveform.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "hardware/parameters.h"
#include "host/dma_trace.h"
#include "host/map_fit.h"
#include "host/program.h"
#include "host/waveform/access_log.h"
#include "host/waveform/bus_monitor.h"
#include "host/waveform/interrupt_dates.h"
#include "host/waveform/memory_measurement.h"
#include "host/waveform/recording_files.h"
#include "host/waveform/traffic_split.h"
#include "host/waveform/waveform_file.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::string& directory, const char* name) {
  return (fs::path(directory) / name).string();
}

// Everything that one pass over the waveform brings, in cycles of a replay.
class Collected : public BusListener {
 public:
  Collected(const std::string& waveform, const std::string& dma_trace)
      : waveform_(waveform), dma_trace_(dma_trace) {}

  void on_access(const CsbAccess& access) override {
    if (origin_ == kNever) origin_ = access.offered - 1;
    CsbAccess shifted = access;
    for (Cycle CsbAccess::*time : {&CsbAccess::offered, &CsbAccess::accepted, &CsbAccess::answered})
      shifted.*time -= origin_;
    log.on_access(shifted);
    for (InterruptDates& each : dates) each.on_access(shifted);
  }
  void on_interrupt_line(bool high, Cycle at) override {
    if (origin_ == kNever) return;  // of before reset
    log.on_line(high, at - origin_);
    for (InterruptDates& each : dates) each.on_line(high, at - origin_);
  }
  void on_done(Interrupt source, std::uint32_t groups, Cycle at) override {
    if (origin_ == kNever) return;
    for (InterruptDates& each : dates) each.on_done(source, groups, at - origin_);
  }
  void on_acknowledge(MemorySpace /*port*/, Client client, Cycle at) override {
    for (InterruptDates& each : dates) each.on_acknowledge(client, at - origin_);
  }
  void on_burst(const DmaBurst& burst) override {
    if (origin_ == kNever)
      throw InputError(waveform_ +
                       ": memory is accessed before the first register access: it begins in the "
                       "middle of a run; dump from reset on");
    DmaBurst shifted = burst;
    shifted.cycle -= origin_;
    dma_trace_.write(shifted);
    ++bursts;
  }
  void on_beat(MemorySpace port, bool /*write*/, Cycle asked, Cycle at) override {
    memory[port == MemorySpace::kDbb ? 0 : 1].on_beat(asked, at);
  }
  void close() { dma_trace_.close(); }
  [[nodiscard]] Cycle origin() const { return origin_; }

  AccessLog log;
  // The register map is known at the end only.
  std::array<InterruptDates, 2> dates{InterruptDates(Generation::kV1), InterruptDates(Generation::kScalable)};
  std::array<MemoryMeasurement, 2> memory;  // DBB, CVSRAM
  std::uint64_t bursts = 0;

 private:
  std::string waveform_;
  DmaTraceWriter dma_trace_;
  Cycle origin_ = kNever;
};

Program accesses_of(const AccessLog& log, const std::string& name) {
  Program program = Program::of(name);
  for (const AccessLog::Entry& entry : log.entries()) {
    Program::Command command;
    command.kind = entry.write ? CommandKind::kWriteReg : CommandKind::kReadReg;
    command.offset = entry.offset;
    command.mask = entry.write ? 0 : 0xffffffff;
    command.value = entry.value;
    program.add(command, "");
  }
  return program;
}

std::string choose_config(const WaveformImport& options, const AccessLog& log, std::uint32_t bus_bytes) {
  if (!options.config.empty()) return options.config;
  const auto map = recognised_map(accesses_of(log, options.waveform));
  if (map == Generation::kV1) return "nv_full";
  if (map == Generation::kScalable && (bus_bytes == 0 || bus_bytes == preset("nv_small").dbb_width_bytes))
    return "nv_small";
  throw InputError(options.waveform + ": cannot tell the configuration" +
                   (bus_bytes == 0 ? "" : " of a bus of " + std::to_string(bus_bytes) + " bytes") +
                   ": name it with --config");
}

HardwareParameters hardware_of(const WaveformImport& options, const std::string& config,
                               std::uint32_t bus_bytes) {
  HardwareParameters hardware = preset(config);
  if (bus_bytes != 0 && hardware.dbb_width_bytes != bus_bytes)
    throw InputError(options.waveform + ": read data are " + std::to_string(bus_bytes) +
                     " bytes wide, those of " + config + " " + std::to_string(hardware.dbb_width_bytes) +
                     ": another configuration (--config)?");
  return hardware;
}

template <typename Write>
void write_file(const std::string& path, ImportedWaveform& result, Write write) {
  OutputFile file(path);
  write(file.stream());
  file.commit();
  result.files.push_back(path);
}

// The memory of the recording, and a note where it is measured.
memory::MemoryDescription memory_of(const char* port, const std::optional<memory::PortDescription>& given,
                                    const MemoryMeasurement& measured, std::uint32_t bus_bytes,
                                    ImportedWaveform& result) {
  if (given) return *given;
  memory::MemoryDescription description;
  description.bytes_per_cycle = bus_bytes;
  const std::string option = std::string("--") + port;
  if (!measured.seen()) {
    result.notes.push_back(std::string(port) + ": no read data among the signals; latency " +
                           std::to_string(description.latency) + " and full bandwidth are assumed (" +
                           option + " tells)");
    return description;
  }
  description = measured.description(bus_bytes);
  std::string bandwidth = std::to_string(description.bytes_per_cycle);
  bandwidth.erase(bandwidth.find_last_not_of('0') + 1);
  if (bandwidth.back() == '.') bandwidth.pop_back();
  result.notes.push_back(std::string(port) + ": measured latency=" + std::to_string(description.latency) +
                         ",bandwidth=" + bandwidth + " (" + option + " tells otherwise)");
  return description;
}

// What a recording needs of each activation: those that the waveform does not see end are left out.
void drop_unfinished(Activations& activations, ImportedWaveform& result) {
  for (const Unit unit : {Unit::kCacc, Unit::kSdp, Unit::kPdp, Unit::kCdp, Unit::kBdma, Unit::kRubik}) {
    const std::vector<Activation>& list = activations[static_cast<std::size_t>(unit)];
    const auto first = std::find_if(list.begin(), list.end(),
                                    [](const Activation& activation) { return !activation.interrupt; });
    if (first == list.end()) continue;
    const std::size_t all = list.size();
    const std::size_t dropped = drop_from(activations, unit, first->sequence);
    result.notes.push_back(std::string(unit_name(unit)) + ": " + std::to_string(dropped) + " of " +
                           std::to_string(all) +
                           " activations have no interrupt in the waveform and are left out");
  }
  const std::size_t convolutions = activations[static_cast<std::size_t>(Unit::kCacc)].size();
  if (activations[static_cast<std::size_t>(Unit::kCdma)].size() > convolutions)
    (void)drop_from(activations, Unit::kCdma, static_cast<std::uint32_t>(convolutions));
}

void note_inexact(const Activations& activations, ImportedWaveform& result) {
  std::uint64_t inexact = 0;
  Cycle widest = 0;
  for (const std::vector<Activation>& list : activations) {
    for (const Activation& activation : list) {
      if (!activation.interrupt) continue;
      ++result.operations;
      if (activation.interrupt->at == activation.interrupt->earliest) continue;
      ++inexact;
      widest = std::max(widest, activation.interrupt->at - activation.interrupt->earliest);
    }
  }
  if (inexact > 0)
    result.notes.push_back(std::to_string(inexact) + " of " + std::to_string(result.operations) +
                           " interrupts are known by reads of S_INTR_STATUS only, to within " +
                           std::to_string(widest) +
                           " cycles: the latest cycle stands in `interrupt`, the earliest in "
                           "`interrupt_earliest`");
}

std::vector<TrafficSplit::Share> split_traffic(const std::string& dma_trace, const Program& program,
                                               const ReplayOptions& options, ImportedWaveform& result) {
  TrafficSplit split(program, options);
  if (!split.failure().empty())
    result.notes.push_back("the model runs the trace up to here, and knows no operations behind: " +
                           split.failure());
  DmaTraceReader reader(dma_trace);
  for (DmaBurst burst; reader.next(burst);) split.add(burst);
  if (split.unexpected() > 0)
    result.notes.push_back(std::to_string(split.unexpected()) +
                           " bursts are of clients that the trace does not use: counted for no operation");
  return split.shares();
}

Cycle last_interrupt(const Activations& activations) {
  Cycle last = 0;
  for (const std::vector<Activation>& list : activations)
    for (const Activation& activation : list)
      if (activation.interrupt) last = std::max(last, activation.interrupt->at);
  return last;
}

void write_all(const WaveformImport& options, const HardwareParameters& hardware, const Collected& collected,
               const std::string& dma_trace, ImportedWaveform& result) {
  const auto generation = static_cast<std::size_t>(hardware.generation);
  const std::string trace = joined(options.directory, "input.txn");
  write_file(trace, result, [&](std::ostream& out) {
    out << "# from a waveform, scope " << (result.scope.empty() ? "as in the map file" : result.scope)
        << '\n';
    write_register_trace(collected.log, hardware.generation, out);
  });
  result.register_accesses = collected.log.entries().size();

  Activations units = activations(collected.log, collected.dates[generation], hardware.generation);
  drop_unfinished(units, result);
  note_inexact(units, result);
  RecordingHeader header;
  header.source = fs::path(options.waveform).filename().string();
  header.config = hardware.name;
  header.bus_bytes = hardware.dbb_width_bytes;
  header.dbb = memory_of("dbb", options.dbb, collected.memory[0], header.bus_bytes, result);
  if (hardware.cvsram)
    header.cvsram = memory_of("cvsram", options.cvsram, collected.memory[1], header.bus_bytes, result);
  header.last_done = last_interrupt(units);
  if (header.last_done == 0)
    throw InputError(options.waveform + ": no operation ends in it: no recording is made (the trace is " +
                     trace + ")");

  ReplayOptions replay;
  replay.hardware = hardware;
  static_cast<memory::MemoryDescription&>(replay.dbb) = header.dbb;
  if (header.cvsram) static_cast<memory::MemoryDescription&>(replay.cvsram.emplace()) = *header.cvsram;
  replay.stop_on_mismatch = false;
  std::optional<std::vector<UnitTraffic>> traffic;
  if (collected.bursts > 0)
    traffic = unit_traffic(split_traffic(dma_trace, Program(trace), replay, result), units);
  const auto file = [&](const char* name) { return joined(options.directory, name); };
  write_file(file("recording.json"), result, [&](std::ostream& out) { write_recording(header, out); });
  write_file(file("recording.ops.csv"), result,
             [&](std::ostream& out) { write_operations(units, traffic ? &*traffic : nullptr, out); });
  if (traffic)
    write_file(file("recording.dma.csv"), result,
               [&](std::ostream& out) { write_reads(*traffic, header.bus_bytes, out); });
}

}  // namespace

bool is_waveform(const std::string& path) { return waveform_kind(path).has_value(); }

ImportedWaveform import_waveform(const WaveformImport& options) {
  if (!options.config.empty()) (void)preset(options.config);  // a wrong name ends this before the long part
  RunFiles files = options.files;
  files.input(options.waveform, "the waveform");
  if (!options.map.empty()) files.input(options.map, "--map");
  const PinMap map = options.map.empty() ? PinMap() : PinMap(options.map);
  const auto reader =
      open_waveform(options.waveform, [&map](std::string_view name) { return map.wants(name); });
  const PinBinding binding = bind_pins(reader->signals(), map, reader->file());
  EdgeSampler sampler(*reader, binding);

  std::error_code error;
  fs::create_directories(options.directory, error);
  if (error) throw InputError(options.directory + ": " + error.message());
  const std::string dma_trace = joined(options.directory, "recording.dma_trace.csv.gz");
  for (const char* name : {"input.txn", "recording.json", "recording.ops.csv", "recording.dma.csv"})
    files.output(joined(options.directory, name), "the import");
  files.output(dma_trace, "the import");

  ImportedWaveform result;
  result.scope = binding.scope;
  Collected collected(reader->file(), dma_trace);
  BusMonitor monitor(sampler, *reader, collected);
  monitor.run();
  result.cycles = monitor.cycles();
  result.bursts = collected.bursts;
  if (result.cycles == 0) throw InputError(reader->file() + ": dla_core_clk never rises");
  if (collected.log.entries().empty())
    throw InputError(reader->file() + ": no register access in " + std::to_string(result.cycles) + " cycles");
  if (monitor.unanswered() > 0)
    result.notes.push_back("the waveform ends before " + std::to_string(monitor.unanswered()) +
                           " register reads are answered: they are left out");
  const Pin data = axi_pin(MemorySpace::kDbb, AxiPin::kRData);
  const std::uint32_t bus_bytes = binding.width[data] / 8;
  result.config = choose_config(options, collected.log, bus_bytes);
  const HardwareParameters hardware = hardware_of(options, result.config, bus_bytes);
  if (result.bursts > 0) collected.close();
  write_all(options, hardware, collected, dma_trace, result);
  if (result.bursts > 0) result.files.push_back(dma_trace);
  return result;
}

}  // namespace nvdla::host
