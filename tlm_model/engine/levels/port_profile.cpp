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
std::optional<Client> reader(Interrupt source) {
  if (source == Interrupt::kCdmaData) return Client::kCdmaDat;
  if (source == Interrupt::kCdmaWeight) return Client::kCdmaWt;
  return std::nullopt;
}

const Traffic& traffic(const ClosedOperation& operation, std::size_t port) {
  return static_cast<MemorySpace>(port) == MemorySpace::kDbb ? operation.dbb : operation.cvsram;
}

}  // namespace

std::array<amaix::PortLimits, amaix::kPorts> port_limits(const memory::MemorySystem& memory,
                                                         const HardwareParameters& hardware) {
  std::array<amaix::PortLimits, amaix::kPorts> limits;
  for (std::size_t port = 0; port < amaix::kPorts; ++port) {
    const memory::MemoryDescription& behind = amaix::port_memory(memory, static_cast<MemorySpace>(port));
    const amaix::OpenLimit open = amaix::read_limit(behind, hardware, hardware.mcif_chunk_beats);
    limits[port] = {amaix::beat_time(behind, hardware), behind.latency + 1.0, open.open,
                    static_cast<double>(hardware.max_burst_beats)};
  }
  return limits;
}

PortProfile::PortProfile(const ClosedLayer& layer, double start, const memory::MemorySystem& memory,
                         const HardwareParameters& hardware)
    : start_(start) {
  const ClosedOperation& head = layer.operations.front();
  const bool convolution = head.engine == Engine::kConv;
  struct Reader {
    double until;  // it has read all; CDMA's are before the end
    std::size_t port;
    double depth;
  };
  std::vector<Reader> readers;
  const double reads_until = layer.fetched.value_or(layer.cycles);
  double fetched = convolution ? 0 : reads_until, end = 0;
  for (const ClosedOperation& operation : layer.operations)
    for (std::size_t client = 0; client < kClients; ++client)
      for (std::size_t port = 0; port < amaix::kPorts; ++port) {
        if (traffic(operation, port).read[client] == 0) continue;
        double until = convolution ? layer.cycles : reads_until;
        for (const ClosedInterrupt& interrupt : layer.other_interrupts)
          if (interrupt.at && reader(interrupt.source) == static_cast<Client>(client)) until = *interrupt.at;
        const std::uint32_t fifo = hardware.read_latency_fifo_beats[client];
        // Operands that the latency FIFO holds have been read before.
        const std::uint64_t bytes = traffic(operation, port).read[client];
        if (convolution && fifo != 0 && bytes <= std::uint64_t{fifo} * hardware.dbb_width_bytes) continue;
        const bool operands = convolution && operation.engine == Engine::kSdp;
        readers.push_back({until, port,
                           fifo == 0  ? std::numeric_limits<double>::infinity()
                           : operands ? std::max<double>(fifo, layer.operand_places)
                                      : fifo});
        if (operation.engine == Engine::kConv) fetched = std::max(fetched, until);
      }
  std::vector<double> cuts = {layer.first_write};
  cuts.reserve(readers.size() + 1);
  for (const Reader& reader : readers) cuts.push_back(reader.until);
  std::sort(cuts.begin(), cuts.end());
  parts_.reserve(cuts.size() + 6);
  Part part;
  std::array<double, amaix::kPorts> bound{};  // cycles of the part
  // Kernel groups, whose phases take turns, are one part.
  bool groups = false;
  const auto close = [&](double until) {
    if (until <= part.begin) return;
    part.end = until;
    part.fill = convolution && !groups;
    for (std::size_t port = 0; port < amaix::kPorts; ++port)
      part.binds[port] = bound[port] > (part.end - part.begin) / 2;
    for (const Reader& reader : readers)
      if (reader.until >= until) {
        part.use.clients[reader.port] += 1;
        part.use.depth[reader.port] += reader.depth;
        part.reads_until[reader.port] = std::max(part.reads_until[reader.port], reader.until);
      }
    parts_.push_back(part);
    part = {};
    part.begin = until;
    bound = {};
  };
  std::array<bool, amaix::kPorts> binds{};
  std::size_t cut = 0;
  double filled = 0;  // the first datum can be there
  for (const amaix::Phase& phase : head.phases) {
    const bool idle = phase.resource == Resource::kDbbLatency || phase.resource == Resource::kCvsramLatency;
    if (phase.resource == Resource::kMacArray) last_group_ = end;
    const bool first_group = phase.resource == Resource::kMacArray && !groups;
    std::array<bool, amaix::kPorts> now{};
    for (std::size_t port = 0; port < amaix::kPorts; ++port)
      now[port] = phase.resource == bandwidth_of(static_cast<MemorySpace>(port)) ||
                  phase.resource == Resource::kOutstanding;
    if (idle != part.idle || first_group || (!groups && now != binds)) close(end);
    groups = groups || first_group;
    binds = now;
    part.idle = idle;
    const auto pass = [&](double until) {
      for (std::size_t port = 0; port < amaix::kPorts; ++port)
        if (now[port]) bound[port] += until - end;
      end = until;
    };
    const double until = end + phase.cycles;
    if (idle && filled == 0) filled = until;
    if (cut == cuts.size() || cuts[cut] >= until) {
      pass(until);
      continue;
    }
    for (; cut < cuts.size() && cuts[cut] < until; ++cut) {
      if (cuts[cut] <= end) continue;
      pass(cuts[cut]);
      close(end);
      part.idle = idle;
    }
    pass(until);
  }
  close(end);
  for (std::size_t i = 0; i < amaix::kPorts; ++i) {
    const auto port = static_cast<MemorySpace>(i);
    if (port == MemorySpace::kCvsram && !memory.cvsram) continue;
    const memory::MemoryDescription& behind = amaix::port_memory(memory, port);
    const double beat = amaix::beat_time(behind, hardware);
    const double most_read =
        std::min(1.0, amaix::read_limit(behind, hardware, hardware.mcif_chunk_beats).rate() * beat);
    double read = 0, written = 0;
    for (const ClosedOperation& operation : layer.operations) {
      read += beats(traffic(operation, i).read, hardware.dbb_width_bytes) * beat;
      written += beats(traffic(operation, i).written, hardware.dbb_width_bytes) * beat;
    }
    if (!convolution && !layer.fetched) {
      add(port, read, written, most_read, 0, end);
      continue;
    }
    // Operands that SDP's FIFOs do not hold are read while it works.
    const double late = layer.late_operands[i] * beat;
    add(port, read - late, 0, most_read, convolution ? 0 : filled, fetched);
    if (convolution) set_needed(port, fetched);
    if (late > 0) add(port, late, 0, most_read, layer.first_write, end);
    add(port, 0, written, 0, layer.first_write, end);
  }
}

PortProfile::PortProfile(const ClosedFetch& fetch, const memory::MemorySystem& memory,
                         const HardwareParameters& hardware) {
  const auto limits = port_limits(memory, hardware);
  Part wait, read;
  wait.idle = true;
  for (const ClosedFetch::Reads& reads : fetch.reads) {
    if (reads.beats <= 0) continue;
    const auto port = static_cast<std::size_t>(memory.cvsram ? reads.space : MemorySpace::kDbb);
    wait.end = std::max(wait.end, fetch.request + limits[port].latency);
    read.use.clients[port] += 1;
    read.use.depth[port] += reads.fifo == 0 ? std::numeric_limits<double>::infinity() : reads.fifo;
    // For now its cycles of the port.
    read.use.read[port] += reads.beats * limits[port].beat;
    read.binds[port] = true;
    read.reads_until[port] +=
        std::max(limits[port].beat, 1 / limits[port].open * limits[port].latency) * reads.beats;
  }
  read.begin = read.end = wait.end;
  for (std::size_t port = 0; port < amaix::kPorts; ++port)
    read.end = std::max(read.end, read.begin + read.reads_until[port]);
  if (read.end == read.begin) return;
  for (std::size_t port = 0; port < amaix::kPorts; ++port) {
    read.use.read[port] /= read.end - read.begin;
    read.reads_until[port] = read.end;
  }
  parts_ = {wait, read};
}

// Spreads cycles of the port over the parts from `from` to `until`: first where the port binds.
void PortProfile::add(MemorySpace port, double read, double written, double most_read, double from,
                      double until) {
  const auto index = static_cast<std::size_t>(port);
  const double work = read + written;
  if (work <= 0) return;
  double left = work;
  for (const bool binding : {true, false}) {
    const auto takes = [&](const Part& part) {
      return part.begin >= from && part.end <= until && part.binds[index] == binding && !part.idle;
    };
    const auto free = [&](const Part& part) {
      const double all = 1 - part.use.read[index] - part.use.write[index];
      const double most = read > 0 ? std::min(all, (most_read - part.use.read[index]) * work / read) : all;
      return std::max(0.0, most);  // a full part may be more than full by rounding
    };
    double room = 0;
    for (const Part& part : parts_)
      if (takes(part)) room += (part.end - part.begin) * free(part);
    if (room <= 0) continue;
    const double filled = std::min(1.0, left / room);
    for (Part& part : parts_) {
      if (!takes(part)) continue;
      const double taken = free(part) * filled / work;
      part.use.read[index] += taken * read;
      part.use.write[index] += taken * written;
    }
    left = std::max(0.0, left - filled * room);
  }
}

// What a convolution reads while the port does not bind are weights of kernel groups to come: the last of
// them are needed when the last group begins.
void PortProfile::set_needed(MemorySpace port, double fetched) {
  const auto index = static_cast<std::size_t>(port);
  double read = 0, until = 0;
  for (const Part& part : parts_) {
    if (part.binds[index] || part.idle || part.fill || part.begin >= last_group_) continue;
    until += std::min(part.end, last_group_) - part.begin;
    if (part.end <= fetched) read += part.end - part.begin;
  }
  if (read <= 0 || until <= read) return;
  for (Part& part : parts_)
    if (!part.binds[index] && !part.fill && part.end <= fetched) part.use.needed[index] = read / until;
}

std::size_t PortProfile::part_at(double at) const {
  if (at < start_) return kBefore;
  std::size_t part = 0;
  while (part < parts_.size() && at - start_ >= parts_[part].end) ++part;
  return part;
}

amaix::PortUse PortProfile::at(double at) const {
  const std::size_t index = part_at(at);
  if (index >= parts_.size()) return {};
  const Part& part = parts_[index];
  amaix::PortUse use = part.use;
  for (std::size_t port = 0; port < amaix::kPorts; ++port)
    use.left[port] = use.read[port] > 0 ? part.reads_until[port] - (at - start_) : 0;
  return use;
}

bool PortProfile::reads(MemorySpace port) const {
  const auto index = static_cast<std::size_t>(port);
  return std::any_of(parts_.begin(), parts_.end(),
                     [&](const Part& part) { return part.use.read[index] > 0; });
}

PortProfile::Queue PortProfile::queue(double at, MemorySpace port, const amaix::PortLimits& limits) const {
  const auto index = static_cast<std::size_t>(port);
  double asked = 0, depth = 0, first = 0, rate = 1;
  for (const Part& part : parts_) {
    const double end = start_ + part.end;
    if (end <= at) continue;
    if (part.use.read[index] <= 0) {
      if (asked > 0 || !part.idle) break;
      first = end - at;
      continue;
    }
    if (!part.binds[index] && !part.fill && part.use.depth[index] == std::numeric_limits<double>::infinity())
      break;
    asked += (end - std::max(at, start_ + part.begin)) * part.use.read[index] / limits.beat;
    depth = std::max(depth, part.use.depth[index]);
    if (part.fill) rate = limits.asked;
  }
  // It asks for a beat a cycle, CDMA for a burst; beats come from the latency on.
  const double since = at - start_;
  const double open = since * rate - std::max(0.0, since - limits.latency) / limits.beat;
  const double beats = std::max(0.0, std::min({asked, depth, limits.open, open}));
  return beats > 0 ? Queue{beats, first} : Queue{};
}

double PortProfile::next_change(double at) const {
  const std::size_t part = part_at(at);
  if (part == kBefore) return start_;
  return part < parts_.size() ? start_ + parts_[part].end : std::numeric_limits<double>::infinity();
}

}  // namespace nvdla::engine
