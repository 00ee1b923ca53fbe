// SPDX-License-Identifier: Apache-2.0
#include "engine/levels/port_profile.h"

#include <algorithm>
#include <limits>

#include "amaix/port_time.h"

namespace nvdla::engine {
namespace {

double beats(const std::array<std::uint64_t, kClients>& bytes, double bus) {
  double sum = 0;
  for (const std::uint64_t count : bytes) sum += static_cast<double>(count);
  return sum / bus;
}

// Whose reads end with an interrupt of their own.
std::optional<Client> reads(Interrupt source) {
  if (source == Interrupt::kCdmaData) return Client::kCdmaDat;
  if (source == Interrupt::kCdmaWeight) return Client::kCdmaWt;
  return std::nullopt;
}

}  // namespace

PortProfile::PortProfile(const ClosedLayer& layer, double start, const memory::MemorySystem& memory,
                         const HardwareParameters& hardware)
    : start_(start) {
  const ClosedOperation& head = layer.operations.front();
  const bool convolution = head.engine == Engine::kConv;
  // When a client has read all; CDMA's are before the end.
  std::vector<double> readers;
  double fetched = convolution ? 0 : layer.cycles, end = 0, first_output = 0;
  for (const ClosedOperation& operation : layer.operations)
    for (std::size_t client = 0; client < kClients; ++client) {
      if (operation.dbb.read[client] + operation.cvsram.read[client] == 0) continue;
      double until = layer.cycles;
      for (const ClosedInterrupt& interrupt : layer.other_interrupts)
        if (interrupt.at && reads(interrupt.source) == static_cast<Client>(client)) until = *interrupt.at;
      readers.push_back(until);
      if (operation.engine == Engine::kConv) fetched = std::max(fetched, until);
    }
  std::sort(readers.begin(), readers.end());
  const auto add_part = [&](double until, Resource resource) {
    if (until <= end) return;
    Part part;
    part.begin = end;
    part.end = end = until;
    part.idle = resource == Resource::kDbbLatency || resource == Resource::kCvsramLatency;
    for (std::size_t port = 0; port < amaix::kPorts; ++port)
      part.binds[port] =
          resource == bandwidth_of(static_cast<MemorySpace>(port)) || resource == Resource::kOutstanding;
    part.use.weight = std::max<double>(
        1, static_cast<double>(readers.end() - std::lower_bound(readers.begin(), readers.end(), until)));
    parts_.push_back(part);
  };
  for (const amaix::Phase& phase : head.phases) {
    if (first_output == 0 && phase.resource == Resource::kMacArray) first_output = end;
    const double until = end + phase.cycles;
    for (const double reader : readers)
      if (reader < until) add_part(reader, phase.resource);
    add_part(until, phase.resource);
  }
  for (std::size_t i = 0; i < amaix::kPorts; ++i) {
    const auto port = static_cast<MemorySpace>(i);
    if (port == MemorySpace::kCvsram && !memory.cvsram) continue;
    const memory::MemoryDescription& behind = amaix::port_memory(memory, port);
    const double beat = amaix::beat_time(behind, hardware);
    double read = 0, written = 0;
    for (const ClosedOperation& operation : layer.operations) {
      const Traffic& traffic = port == MemorySpace::kDbb ? operation.dbb : operation.cvsram;
      read += beats(traffic.read, hardware.dbb_width_bytes) * amaix::read_limit(behind, hardware).pace(beat);
      written += beats(traffic.written, hardware.dbb_width_bytes) * beat;
    }
    if (convolution) {
      add(port, read, 0, fetched);
      add(port, written, first_output, end);
    } else {
      add(port, read + written, 0, end);
    }
  }
}

// Spreads `work`, cycles of the port, over the parts from `from` to `until`: first where the port binds.
void PortProfile::add(MemorySpace port, double work, double from, double until) {
  const auto index = static_cast<std::size_t>(port);
  for (const bool binding : {true, false}) {
    const auto takes = [&](const Part& part) {
      return part.begin >= from && part.end <= until && part.binds[index] == binding && !part.idle;
    };
    double room = 0;
    for (const Part& part : parts_)
      if (takes(part)) room += (part.end - part.begin) * (1 - part.use.share[index]);
    if (room <= 0) continue;
    const double filled = std::min(1.0, work / room);
    for (Part& part : parts_)
      if (takes(part)) part.use.share[index] += (1 - part.use.share[index]) * filled;
    work -= filled * room;
  }
}

amaix::PortUse PortProfile::at(double at) const {
  if (at < start_) return {};
  for (const Part& part : parts_)
    if (at - start_ < part.end) return part.use;
  return {};
}

double PortProfile::next_change(double at) const {
  if (at < start_) return start_;
  for (const Part& part : parts_)
    if (at - start_ < part.end) return start_ + part.end;
  return std::numeric_limits<double>::infinity();
}

}  // namespace nvdla::engine
