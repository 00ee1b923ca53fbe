// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_read_walk.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "amaix/open_bursts.h"
#include "amaix/port_time.h"
#include "amaix/walked_port.h"
#include "hardware/paths/memory_interface.h"
#include "operation/chunk.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

constexpr std::uint64_t kMostAtoms = 4096;  // 1024 changes one of 993 recordings, by 0.02 %; 16384 none
constexpr double kUnknown = std::numeric_limits<double>::infinity();
constexpr std::uint32_t kWaiting = paths::kReadPlaces.cycles() + paths::kReadAhead.cycles();

// One stream: its chunks, granted or not, and what has become of them.
class Stream {
 public:
  Stream(const SdpStream& stream, const SdpPlan& plan, const HardwareParameters& hardware)
      : stream_(stream),
        paths_(sdp_path_lengths(hardware)),
        width_(hardware.dbb_width_bytes),
        chunk_bytes_(std::uint64_t{hardware.mcif_chunk_beats} * width_),
        depth_(hardware.read_latency_fifo_beats[static_cast<std::size_t>(stream.client)]),
        entry_path_(entry_path(stream, plan, paths_)),
        plan_(plan),
        use_(paths_.use),
        pace_(plan.steady_cycles()),
        step_(paths_.credit != 0 ? 1 : 0),
        datum_(hardware.generation == Generation::kV1 ? width_ : 1),
        walk_(stream.walk) {
    total_ = walk_totals(stream.walk, width_, width_).bytes;
    if (paths_.credit != 0) rooms_.push_back({stream.room_ahead(hardware), 0});
    next_request();
  }

  [[nodiscard]] bool more() const { return more_; }
  [[nodiscard]] std::uint32_t next_beats() const { return next_.beats; }
  // When the next chunk has its places in the latency FIFO; kUnknown: it depends on what is not granted yet.
  [[nodiscard]] double next_free() {
    if (depth_ == 0) return earliest_;
    if (beats_ + next_.beats <= depth_) return earliest_;
    // The last that must have left; they leave one a cycle.
    for (const std::uint64_t last = beats_ + next_.beats - depth_ - 1; left_ <= last; ++left_) {
      while (chunks_[oldest_].beats_before + chunks_[oldest_].beats <= left_) ++oldest_;
      const double at = freed(chunks_[oldest_], left_);
      if (at == kUnknown) return kUnknown;
      free_ = std::max(free_ + step_, at);
    }
    return std::max(earliest_, free_);
  }
  // The next chunk returns beat by beat, `at` its grant.
  template <class Return>
  void grant(double at, Return returned) {
    Chunk chunk = next_;
    chunk.beats_before = beats_;
    for (std::uint32_t beat = 0; beat < chunk.beats; ++beat) times_.push_back(returned(at + beat));
    beats_ += chunk.beats;
    chunks_.push_back(chunk);
    earliest_ = at;
    next_chunk();
  }
  // When the transfer `first` (from 0) may enter for this stream; kUnknown: its data are not granted yet.
  [[nodiscard]] double entry(std::uint64_t first) {
    std::uint64_t byte = std::min(stream_.bytes_for(first + 1), total_);
    for (; used_ < chunks_.size(); ++used_) {
      const Chunk& chunk = chunks_[used_];
      if (chunk.end < byte) continue;
      if (byte > chunk.request)
        byte = std::min(chunk.request + ceil_div(byte - chunk.request, datum_) * datum_, chunk.request_end);
      if (chunk.end < byte) continue;
      const std::uint64_t begin = chunk.end - chunk.bytes;
      const std::uint64_t within = byte > begin ? byte - begin : 1;
      return times_[chunk.beats_before + (chunk.lead + within - 1) / width_] + entry_path_;
    }
    return kUnknown;
  }
  // The datapath begins a run in cycle `at` that ends before transfer `end`: V1 has room from then on.
  void begin_run(std::uint64_t end, double at) {
    if (paths_.credit == 0) open(end / stream_.record_transfers, at);
  }
  // It has taken all transfers before `end`, the last in cycle `at`.
  void take(std::uint64_t end, double at, const std::vector<Stream>& all) {
    if (paths_.credit == 0) return;
    const SdpPlan::RunAhead slow = plan_.run_ahead(stream_, nullptr);
    std::uint64_t come = end + slow.transfers, here = plan_.transfers;
    for (const Stream& stream : all) {
      const std::uint64_t held = plan_.run_ahead(stream_, &stream.stream_).transfers;
      const std::uint64_t granted = stream.granted();
      here = std::min(here, granted + held);
      if (granted <= end || stream.reached(end) > at + pace_) come = std::max(come, end + held);
    }
    const std::uint64_t records = std::min(come, here) / stream_.record_transfers;
    if (records == 0 || (!rooms_.empty() && room_behind(records) <= rooms_.back().bytes)) return;
    open(records, used(records * stream_.record_transfers, end, at, all) + use_);
  }
  // Its reader's done, when the last of `end` transfers has entered in cycle `at`; all but `packet` of them
  // make room for its last record.
  [[nodiscard]] double done(std::uint64_t packet, std::uint64_t end, double at,
                            const std::vector<Stream>& all) const {
    return end <= packet ? come()
                         : std::max(come(), used(end - packet, end, at, all) + done_tail(stream_, paths_));
  }
  // All that is granted has reached the datapath.
  [[nodiscard]] double come() const { return times_.empty() ? 0 : times_.back() + entry_path_; }
  // Transfers that what is granted serves.
  [[nodiscard]] std::uint64_t granted() const {
    return stream_.transfers_for(chunks_.empty() ? 0 : chunks_.back().end, total_);
  }
  // As entry(), of any transfer behind its last one, those that a pack serves a cycle later each; 0: not
  // known.
  [[nodiscard]] double reached(std::uint64_t transfer) const {
    const std::uint64_t byte = std::min(stream_.bytes_for(transfer + 1), total_);
    const auto chunk =
        std::lower_bound(chunks_.begin(), chunks_.end(), byte,
                         [](const Chunk& of, std::uint64_t behind) { return of.end < behind; });
    if (chunk == chunks_.end()) return 0;
    const std::uint64_t begin = chunk->end - chunk->bytes;
    const std::uint64_t within = byte > begin ? byte - begin : 1;
    return times_[chunk->beats_before + (chunk->lead + within - 1) / width_] + entry_path_ +
           static_cast<double>(stream_.behind(transfer));
  }

 private:
  struct Chunk {
    std::uint64_t end = 0;  // bytes of the stream up to and including it
    std::uint64_t bytes = 0, lead = 0;
    std::uint64_t request = 0, request_end = 0;  // bytes of the stream before its request; and with it
    std::uint64_t beats_before = 0;
    std::uint32_t beats = 0;
  };
  struct Room {
    std::uint64_t bytes;
    double at;
  };

  // When the last transfer before `last` is used, if the last before `end` has entered in cycle `at`.
  [[nodiscard]] double used(std::uint64_t last, std::uint64_t end, double at,
                            const std::vector<Stream>& all) const {
    const SdpPlan::RunAhead slow = plan_.run_ahead(stream_, nullptr);
    double used =
        at + (static_cast<double>(last) - static_cast<double>(end + slow.transfers)) * pace_ + slow.delay;
    // None passes a sub-engine whose operands are not here.
    for (const Stream& stream : all) {
      const SdpPlan::RunAhead way = plan_.run_ahead(stream_, &stream.stream_);
      if (last > way.transfers) used = std::max(used, stream.reached(last - way.transfers - 1) + way.delay);
    }
    return used + plan_.place_of(stream_).registers;
  }
  void open(std::uint64_t records, double at) {
    const std::uint64_t room = paths_.credit != 0 ? room_behind(records) : records * stream_.record_bytes;
    if (rooms_.empty() || room > rooms_.back().bytes) rooms_.push_back({room, at});
  }
  [[nodiscard]] std::uint64_t room_behind(std::uint64_t records) const {
    return stream_.room_behind(records, paths_);
  }
  [[nodiscard]] double freed(const Chunk& chunk, std::uint64_t beat) {
    std::uint64_t end = chunk.end;
    if (paths_.credit != 0)
      end = std::min(end, chunk.end - chunk.bytes - chunk.lead + (beat - chunk.beats_before + 1) * width_);
    while (room_ < rooms_.size() && rooms_[room_].bytes < end) ++room_;
    if (room_ == rooms_.size()) return kUnknown;
    return paths_.credit != 0 ? std::max(times_[beat] + paths_.credit, rooms_[room_].at) : rooms_[room_].at;
  }
  void next_request() {
    SdpRequest request;
    more_ = walk_.next(request);
    if (!more_) return;
    address_ = request.address;
    end_ = request.address + request.bytes;
    next_.request = next_.end;
    next_.request_end = next_.end + request.bytes;
    next_chunk();
  }
  void next_chunk() {
    if (address_ == end_) {
      next_request();
      return;
    }
    const std::uint64_t stop = chunk_end(address_, end_, chunk_bytes_);
    next_.bytes = stop - address_;
    next_.end += next_.bytes;
    next_.lead = address_ % width_;
    next_.beats = beats_of(address_, stop, width_);
    address_ = stop;
  }

  const SdpStream& stream_;
  const SdpPathLengths& paths_;
  const std::uint32_t width_;
  const std::uint64_t chunk_bytes_;
  const std::uint32_t depth_;
  const double entry_path_;
  const SdpPlan& plan_;
  const double use_, pace_;
  const double step_;          // cycles between beats that leave the latency FIFO; V1: a chunk leaves as one
  const std::uint64_t datum_;  // bytes that come together
  SdpWalk walk_;
  bool more_ = false;
  std::uint64_t address_ = 0, end_ = 0, total_ = 0, beats_ = 0, left_ = 0;
  double earliest_ = 0, free_ = 0;
  Chunk next_;
  std::vector<Chunk> chunks_;
  std::vector<double> times_;  // of the beats
  std::vector<Room> rooms_;
  std::size_t oldest_ = 0, used_ = 0, room_ = 0;
};

// Atoms of the cube whose output leaves as one piece.
class Runs {
 public:
  explicit Runs(const SdpPlan& plan)
      : output_(plan.output), atoms_(plan.transfers / plan.transfers_per_atom) {
    if (!output_) return;
    const SdpWalkShape& walk = output_->walk;
    walk_ = SdpWalk(walk);
    written_ = std::uint64_t{walk.width} * walk.lines * walk.surfaces * walk.inner;
  }
  // Atoms of the next one; and its beats.
  std::uint32_t next(std::uint32_t width, std::uint32_t& beats) {
    beats = 0;
    const std::uint64_t begin = end_of_run_;
    while (output_ && end_of_run_ == begin && (address_ != end_ || next_request())) {
      const std::uint64_t stop = chunk_end(address_, end_, output_->unit_bytes);
      beats += beats_of(address_, stop, width);
      gone_ += (stop - address_) / output_->walk.atom_bytes;
      address_ = stop;
      // Where its elements get wider or narrower, its atoms are others than those of the cube.
      end_of_run_ = ceil_div(gone_ * atoms_, written_);
    }
    return std::max(1U, static_cast<std::uint32_t>(end_of_run_ - begin));
  }

 private:
  bool next_request() {
    SdpRequest request;
    if (!walk_.next(request)) return false;
    address_ = request.address;
    end_ = address_ + request.bytes;
    return true;
  }

  const std::optional<SdpOutput>& output_;
  SdpWalk walk_;
  const std::uint64_t atoms_;  // of the cube
  std::uint64_t written_ = 1, gone_ = 0, end_of_run_ = 0;
  std::uint64_t address_ = 0, end_ = 0;
};

struct Port {
  Port(MemorySpace of, const memory::MemorySystem& memory, const HardwareParameters& parameters)
      : space(of),
        hardware(parameters),
        description(port_memory(memory, of)),
        bus(description, parameters),
        open(description, parameters) {}

  // When the next chunk of its streams may be granted, and sets whose it is; kUnknown: none may.
  [[nodiscard]] double next(std::vector<Stream>& all) {
    double at = kUnknown;
    for (std::size_t i = 0; i < streams.size(); ++i) {
      const std::size_t k = (turn + i) % streams.size();
      Stream& stream = all[streams[k]];
      if (!stream.more()) continue;
      const double free = std::max(issue, stream.next_free());
      if (free >= at) continue;
      winner = k;
      at = free;
    }
    return at;
  }
  void grant(std::vector<Stream>& all, double at) {
    Stream& stream = all[streams[winner]];
    if (accepted.size() >= kWaiting) at = std::max(at, accepted[accepted.size() - kWaiting]);
    const std::uint32_t beats = stream.next_beats();
    issue = at + ceil_div(beats, hardware.max_burst_beats);
    std::uint32_t beat = 0;
    stream.grant(at, [&](double asked) {
      asked = open.accepts(asked, beat);
      accepted.push_back(asked);
      const double came = bus.read(asked + description.latency);
      open.came(came, beat++, beats);
      return came;
    });
    turn = winner + 1;
  }

  MemorySpace space;
  const HardwareParameters& hardware;
  const memory::MemoryDescription& description;
  WalkedPort bus;
  OpenBursts open;
  std::vector<std::size_t> streams;
  std::vector<double> accepted;  // of all beats, in the order of grants
  double issue = 0;
  std::size_t turn = 0, winner = 0;  // turn: who is asked first
};

}  // namespace

std::optional<SdpTimes> walk_sdp_reads(const SdpFetchPlan& fetch, const SdpPlan& plan,
                                       const memory::MemorySystem& memory, const HardwareParameters& hardware,
                                       const SdpTaker& taker) {
  const auto space = [&](MemorySpace of) { return memory.cvsram ? of : MemorySpace::kDbb; };
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  std::vector<Stream> streams;
  std::vector<Port> ports;
  streams.reserve(fetch.streams.size());
  ports.reserve(2);
  for (const SdpStream& stream : fetch.streams) {
    streams.emplace_back(stream, plan, hardware);
    const auto here = [&](const Port& port) { return port.space == space(stream.space); };
    auto port = std::find_if(ports.begin(), ports.end(), here);
    if (port == ports.end()) {
      ports.emplace_back(space(stream.space), memory, hardware);
      port = ports.end() - 1;
    }
    port->streams.push_back(streams.size() - 1);
  }
  const bool writes = plan.output || taker.written != nullptr;
  const MemorySpace target = space(plan.output ? plan.output->space : taker.space);
  const auto written = std::find_if(ports.begin(), ports.end(),
                                    [&](const Port& port) { return writes && port.space == target; });
  const double write_lag = plan.cycles_per_transfer - 1.0 + plan.depth() + paths.write;

  // The first chunk that may go, of any port.
  const auto grant = [&] {
    Port* first = nullptr;
    double at = kUnknown;
    for (Port& port : ports) {
      const double own = port.next(streams);
      if (own >= at) continue;
      at = own;
      first = &port;
    }
    if (first == nullptr) return false;
    first->grant(streams, at);
    return true;
  };

  const std::uint64_t per_atom = plan.transfers_per_atom;
  const std::uint64_t atoms = plan.transfers / per_atom, walked = std::min(atoms, kMostAtoms);
  const double transfer = std::max(plan.steady_cycles(), taker.cycles);
  const double pace = transfer * static_cast<double>(per_atom);
  Runs runs(plan);
  std::uint64_t run_end = 0;
  std::uint32_t run_beats = 0;
  double next = 0, first_entry = 0, half = 0, last = 0;
  if (taker.late) {
    while (grant()) {
    }
    for (const Stream& stream : streams) next = std::max(next, stream.come());
  }
  for (std::uint64_t atom = 0; atom < walked; ++atom) {
    const std::uint64_t first = atom * per_atom;
    double entry = next;
    for (Stream& stream : streams) {
      double own = stream.entry(first);
      while (own == kUnknown) {
        if (!grant()) return std::nullopt;
        own = stream.entry(first);
      }
      entry = std::max(entry, own);
    }
    if (atom == 0) first_entry = entry;
    if (atom == run_end) {
      run_end += runs.next(hardware.dbb_width_bytes, run_beats);
      for (Stream& stream : streams) stream.begin_run(std::min(run_end * per_atom, plan.transfers), entry);
    }
    last = entry + pace - transfer;
    for (Stream& stream : streams) stream.take(first + per_atom, last, streams);
    next = entry + pace;
    if (written != ports.end() && taker.written != nullptr)
      written->bus.write(last + taker.write_lag, (*taker.written)[atom % taker.written->size()]);
    if (written != ports.end() && atom + 1 == run_end) written->bus.write(last + write_lag, run_beats);
    if (atom == walked / 2) half = last;
  }
  if (walked == atoms) {
    double done = 0;
    for (const Stream& stream : streams)
      done = std::max(done, stream.done(per_atom, plan.transfers, last, streams));
    return SdpTimes{first_entry, last, paths.credit == 0 ? 0 : done,
                    written == ports.end() ? 0 : written->bus.finish()};
  }
  const std::uint64_t behind_half = walked - walked / 2 - 1;
  return SdpTimes{
      first_entry,
      last + static_cast<double>(atoms - walked) * (last - half) / static_cast<double>(behind_half), 0, 0};
}

}  // namespace nvdla::amaix
