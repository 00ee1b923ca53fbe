// SPDX-License-Identifier: Apache-2.0
#include "amaix/linked_walk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "amaix/port_time.h"
#include "amaix/rubik_file.h"
#include "amaix/walked_port.h"
#include "amaix/write_link.h"
#include "hardware/paths/memory_interface.h"
#include "memory/ring_buffer.h"
#include "operation/chunk.h"
#include "operation/divide.h"
#include "operation/packed_data.h"

namespace nvdla::amaix {

namespace {

constexpr std::uint64_t kMostBeats = LinkedLayer::kMostBeats;
constexpr std::uint64_t kAhead = paths::kWriteAhead.cycles();
constexpr double kToBus = paths::kWriteBus.sum();

// Cycles of an event that memory's bandwidth has put between two of them.
Cycle whole(double at) { return static_cast<Cycle>(std::ceil(at - 1e-6)); }

class Walk {
 public:
  Walk(const StreamTiming& timing, Client client, bool file, const memory::MemorySystem& memory,
       const HardwareParameters& hardware)
      : timing_(timing),
        hardware_(hardware),
        width_(hardware.dbb_width_bytes),
        chunk_bytes_(std::uint64_t{hardware.mcif_chunk_beats} * width_),
        depth_(hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)]),
        cvsram_(memory.cvsram.has_value()),
        link_(hardware.mcif_chunk_beats * width_, width_),
        ports_{Port(port_memory(memory, MemorySpace::kCvsram), hardware),
               Port(port_memory(memory, MemorySpace::kDbb), hardware)} {
    if (file) file_.emplace(link_, hardware.memory_atom_bytes, width_ / hardware.memory_atom_bytes);
  }

  // The next operation, which begins in cycle `at`.
  void begin(StreamCore& core, double at) {
    core_ = &core;
    operations_.emplace_back();
    issued_ = std::max(issued_, at + timing_.request);
  }
  void read(const StreamRequest& request) {
    turn_to(request.space);
    Port& from = port(request.space);
    Portion portion;
    const std::uint64_t first_place = places_;
    for_each_chunk(request.address, request.address + request.bytes, chunk_bytes_,
                   [&](std::uint64_t begin, std::uint64_t end) {
                     const std::uint32_t beats = beats_of(begin, end, width_);
                     const std::uint64_t before = places_;
                     places_ = first_place + packed_data(end - request.address,
                                                         end == request.address + request.bytes, width_);
                     wait_for_room(before);
                     for (std::uint32_t beat = 0; beat < beats; ++beat) {
                       const double ready = from.ready(issued_ + beat);
                       while (write_on(from.bus.earliest_read(ready))) follow();
                       const double at = from.read(ready);
                       if (portion.beats++ == 0) portion.first = at;
                       portion.last = operations_.back().last_read = at;
                       if (grant(from)) follow();
                     }
                     issued_ += static_cast<double>(ceil_div(beats, hardware_.max_burst_beats));
                     asked_ += beats;
                     portion.bytes += static_cast<std::uint32_t>(end - begin);
                     if (timing_.whole_requests && end != request.address + request.bytes) return;
                     take(portion);
                     portion = {};
                   });
  }
  // All that has been read goes out.
  void finish() {
    while (progress()) {
    }
  }
  // Beats that have been read; and when the last of the operation came.
  [[nodiscard]] std::uint64_t beats() const { return asked_; }
  [[nodiscard]] double last_read() const { return operations_.back().last_read; }
  // When all is written.
  [[nodiscard]] LinkedTimes times(std::size_t operation) const {
    const Operation& of = operations_[operation];
    LinkedTimes times;
    for (std::size_t i = 0; i < ports_.size(); ++i)
      if (of.written[i] > 0)
        times.done =
            std::max(times.done, ports_[i].bus.written()[of.written[i] - 1] + ports_[i].memory->latency);
    times.done += timing_.acknowledge;
    times.read = of.last_read;
    times.last = of.last_taken;
    times.steady = of.last_taken - of.first_taken + 2;
    return times;
  }

 private:
  struct Portion {
    double first = 0, last = 0;
    std::uint32_t beats = 0, bytes = 0;
  };
  struct Port {
    Port(const memory::MemoryDescription& description, const HardwareParameters& hardware)
        : memory(&description), bus(description, hardware) {}
    // When a read beat that is asked for in cycle `asked` may return; and when it does.
    [[nodiscard]] double ready(double asked) const {
      if (returned.size() >= memory->max_outstanding)
        asked = std::max(asked, returned[returned.size() - memory->max_outstanding] + 1);
      return asked + memory->latency;
    }
    double read(double ready) {
      returned.push_back(bus.read(ready));
      return returned.back();
    }
    const memory::MemoryDescription* memory;
    WalkedPort bus;
    std::vector<double> returned;
    ::nvdla::memory::RingBuffer<WriteLink::Chunk> waiting;
    std::uint64_t granted = 0;  // beats
    double free = 0;            // of the bus
  };
  struct Freed {
    std::uint64_t beats;  // all that have left the FIFO by then
    double at;
  };
  struct Operation {
    double first_taken = -1, last_taken = 0, last_read = 0;  // of its data, by the link
    std::array<std::uint64_t, 2> written{};                  // of a port, all beats up to its last one
  };

  Port& port(MemorySpace space) {
    return ports_[static_cast<std::size_t>(cvsram_ ? space : MemorySpace::kDbb)];
  }
  // The data of two memories must not overtake each other.
  void turn_to(MemorySpace space) {
    if (last_space_ && *last_space_ != space) {
      while (link_.waiting() > 0 && progress()) {
      }
      issued_ = std::max(issued_, last_taken_ + timing_.request);
    }
    last_space_ = space;
  }
  // `before`: places that were taken before this chunk.
  void wait_for_room(std::uint64_t before) {
    if (depth_ == 0 || places_ <= depth_ || before == places_) return;
    const std::uint64_t needed = places_ - depth_;
    for (;;) {
      while (room_ < freed_.size() && freed_[room_].beats < needed) ++room_;
      if (room_ < freed_.size()) break;
      if (!progress()) return;
    }
    issued_ = std::max(issued_, freed_[room_].at);
  }
  void take(const Portion& portion) {
    step_.items.clear();
    step_.outputs.clear();
    core_->take(portion.bytes, step_);
    const double entry = portion.first + timing_.read + timing_.store;
    const double span = portion.last - portion.first;
    for (const StreamItem& item : step_.items) {
      const Cycle at = whole(entry + (portion.beats > 1 ? span * item.beat / (portion.beats - 1) : 0));
      if (file_) {
        present(item, at);
      } else if (item.kind == StreamItemKind::kCommand) {
        link_.command(tag(), item.request, 0);
      } else {
        link_.datum(tag(), at, item.read_beats);
      }
    }
    follow();
  }
  void present(const StreamItem& item, Cycle at) {
    switch (item.kind) {
      case StreamItemKind::kCommand:
        file_->command(tag(), item.request);
        return;
      case StreamItemKind::kDatum:
        file_->beat(at, item.read_beats);
        return;
      case StreamItemKind::kOutput:
        file_->output(item.atoms);
        if (item.last) file_->close();
    }
  }
  // Takes over what link and file know by now, and grants what may go.
  void follow() {
    for (bool more = true; more;) {
      more = false;
      while (const std::optional<WriteLink::Taken> item = link_.taken()) {
        more = true;
        on_taken(*item);
      }
      while (file_) {
        const std::optional<RubikFile::Freed> beat = file_->freed();
        if (!beat) break;
        free(beat->read_beats, static_cast<double>(beat->at + timing_.credit));
      }
      while (const std::optional<WriteLink::Chunk> chunk = link_.next())
        port(chunk->request.space).waiting.push(*chunk);
      for (Port& each : ports_)
        while (grant(each)) more = true;
    }
  }
  void on_taken(const WriteLink::Taken& item) {
    if (item.command) {
      if (file_) file_->command_taken(item.at);
      return;
    }
    last_taken_ = static_cast<double>(item.at);
    Operation& of = operations_[item.tag];
    of.last_taken = last_taken_;
    if (of.first_taken < 0) of.first_taken = last_taken_;
    if (file_) {
      file_->taken(item.at);
    } else {
      free(item.read_beats, static_cast<double>(item.at) + timing_.credit - timing_.store);
    }
  }
  void free(std::uint32_t beats, double at) {
    if (beats > 0) freed_.push_back({(freed_.empty() ? 0 : freed_.back().beats) + beats, at});
  }
  bool grant(Port& to) {
    if (to.waiting.empty()) return false;
    double at = std::max(static_cast<double>(to.waiting.front().at), to.free);
    if (to.granted > kAhead) {
      const std::uint64_t before = to.granted - 1 - kAhead;
      if (before >= to.bus.written().size()) return false;
      at = std::max(at, to.bus.written()[before] + 1 + kToBus);
    }
    const StreamRequest& request = to.waiting.front().request;
    const MemorySpace space = request.space;
    const std::uint64_t operation = to.waiting.front().tag;
    const std::uint32_t beats = beats_of(request.address, request.address + request.bytes, width_);
    to.bus.write(at, beats);
    to.granted += beats;
    operations_[operation].written[static_cast<std::size_t>(&to - ports_.data())] = to.granted;
    to.free = at + beats;
    to.waiting.pop();
    link_.granted(space, whole(at));
    return true;
  }
  // The memories take the writes that they have until cycle `until`, a beat each. False: there are none.
  bool write_on(double until) {
    bool moved = false;
    for (Port& each : ports_)
      if (each.bus.write_next(until)) moved = true;
    return moved;
  }
  // Without a further read. False: nothing is left to be written.
  bool progress() {
    if (!write_on(std::numeric_limits<double>::infinity())) return false;
    follow();
    return true;
  }

  [[nodiscard]] std::uint64_t tag() const { return operations_.size() - 1; }

  const StreamTiming& timing_;
  const HardwareParameters& hardware_;
  const std::uint32_t width_;
  const std::uint64_t chunk_bytes_;
  const std::uint32_t depth_;
  const bool cvsram_;
  WriteLink link_;
  std::optional<RubikFile> file_;
  std::array<Port, 2> ports_;  // as MemorySpace counts
  std::optional<MemorySpace> last_space_;
  std::vector<Operation> operations_;
  StreamCore* core_ = nullptr;  // of the last one
  StreamStep step_;
  double issued_ = 0;
  std::uint64_t asked_ = 0;   // beats
  std::uint64_t places_ = 0;  // in the latency FIFO, of all that are asked for
  std::vector<Freed> freed_;
  std::size_t room_ = 0;
  double last_taken_ = 0;
};

}  // namespace

LinkedTimes walk_linked(StreamReads& reads, StreamCore& core, const StreamTiming& timing, Client client,
                        double total_beats, bool file, const memory::MemorySystem& memory,
                        const HardwareParameters& hardware) {
  Walk walk(timing, client, file, memory, hardware);
  walk.begin(core, 0);
  StreamRequest request;
  double half = 0, half_beats = 0;
  while (walk.beats() < kMostBeats && reads.next(request)) {
    walk.read(request);
    if (half_beats == 0 && walk.beats() >= kMostBeats / 2) {
      half = walk.last_read();
      half_beats = static_cast<double>(walk.beats());
    }
  }
  const auto walked = static_cast<double>(walk.beats());
  double left = 0;
  if (walked < total_beats && walked > half_beats)
    left = (total_beats - walked) * (walk.last_read() - half) / (walked - half_beats);
  walk.finish();
  LinkedTimes times = walk.times(0);
  for (double* time : {&times.done, &times.read, &times.last, &times.steady}) *time += left;
  return times;
}

std::vector<LinkedTimes> walk_linked_row(const std::vector<LinkedRowEntry>& row,
                                         const memory::MemorySystem& memory,
                                         const HardwareParameters& hardware) {
  const LinkedLayer& first = *row.front().layer;
  Walk walk(first.timing(), first.client, first.file, memory, hardware);
  std::vector<std::unique_ptr<StreamCore>> cores;
  for (const LinkedRowEntry& entry : row) {
    const std::unique_ptr<StreamReads> reads = entry.layer->reads();
    walk.begin(*cores.emplace_back(entry.layer->core()), entry.begin);
    const std::uint64_t most = walk.beats() + kMostBeats;
    for (StreamRequest request; reads->next(request); walk.read(request))
      if (walk.beats() >= most) return {};
  }
  walk.finish();
  std::vector<LinkedTimes> times;
  for (std::size_t i = 0; i < row.size(); ++i) times.push_back(walk.times(i));
  return times;
}

}  // namespace nvdla::amaix
