// SPDX-License-Identifier: Apache-2.0
#include "amaix/shared_walk.h"

#include <algorithm>

#include "amaix/read_pipe.h"
#include "hardware/arbitration_order.h"
#include "hardware/paths/memory_interface.h"
#include "memory/memory_timing.h"
#include "memory/ring_buffer.h"
#include "operation/divide.h"

namespace nvdla::amaix {
namespace {

// One input of an arbiter.
struct Input {
  SharedUnit* unit;
  std::size_t reader;                        // of the unit
  SharedUnit* behind;                        // writes of the same client before it; null: none does
  memory::RingBuffer<std::uint32_t> open{};  // beats of its chunks on their way
  Cycle refill = 0;                          // writes of branch master: the last chunk has left its place
};

// The inputs of a direction in the order of the arbiter, and who has won last.
struct Arbiter {
  std::vector<Input> inputs;
  std::size_t last = 0;
  Cycle free = 0;

  // The next in turn that `ready`; none: null.
  template <typename Ready>
  Input* next(Ready ready) {
    for (std::size_t step = 1; step <= inputs.size(); ++step) {
      const std::size_t turn = (last + step) % inputs.size();
      if (!ready(inputs[turn])) continue;
      last = turn;
      return &inputs[turn];
    }
    return nullptr;
  }
};

class SharedPort {
 public:
  SharedPort(const std::vector<SharedUnit*>& units, const memory::MemoryDescription& memory,
             const HardwareParameters& hardware)
      : units_(units),
        hardware_(hardware),
        memory_(memory::of_bursts(memory, hardware.max_burst_beats), hardware.dbb_width_bytes),
        to_bus_(paths::write_bus(hardware.master_rtl).sum()),
        pipe_((hardware.master_rtl ? paths::kReadPlacesMaster : paths::kReadPlaces).cycles(),
              hardware.master_rtl) {
    for (const Client client : read_order(hardware))
      for (SharedUnit* const unit : units)
        for (std::size_t reader = 0; reader < unit->readers().size(); ++reader)
          if (unit->readers()[reader] == client) reads_.inputs.push_back({unit, reader, nullptr});
    for (const Client client : write_order(hardware)) {
      SharedUnit* behind = nullptr;
      for (SharedUnit* const unit : units)
        if (unit->writer() == client) {
          writes_.inputs.push_back({unit, 0, behind});
          behind = unit;
        }
    }
    for (Arbiter* arbiter : {&reads_, &writes_})
      if (!arbiter->inputs.empty()) arbiter->last = arbiter->inputs.size() - 1;
  }

  void walk() {
    for (Cycle now = next(-1); now != kNever; now = next(now)) {
      memory_.advance(now - 1);
      for (memory::MemoryTiming::Completion done; memory_.pop(done);) {
        if (done.write) {
          acknowledge(done);
        } else {
          returned_.push(done);
        }
      }
      while (!returned_.empty() && passed() < now) {
        const memory::MemoryTiming::Completion done = returned_.front();
        const Cycle at = passed();
        returned_.pop();
        complete(done, at);
      }
      for (SharedUnit* const unit : units_)
        if (unit->due() <= now) unit->run(now);
      serve_reads(now);
      serve_writes(now);
    }
  }

 private:
  // The next cycle in which something may happen.
  Cycle next(Cycle now) {
    Cycle ask = kNever, write = kNever, own = kNever;
    for (const Input& input : reads_.inputs) ask = std::min(ask, input.unit->asks(input.reader));
    for (const Input& input : writes_.inputs) write = std::min(write, writes(input));
    for (const SharedUnit* const unit : units_) own = std::min(own, unit->due());
    if (ask != kNever) ask = std::max({ask, reads_.free, pipe_.opens(std::max(ask, now + 1), reads_.free)});
    if (!pipe_.empty()) ask = std::min(ask, std::max(read_room_, address_free_));
    if (write != kNever) write = std::max({write, writes_.free, write_room_});
    Cycle answer = memory_.next();
    if (!returned_.empty()) answer = std::min(answer, passed());
    if (answer != kNever) ++answer;  // what comes in a cycle changes the one behind it
    const Cycle at = std::min({ask, write, own, answer});
    return at == kNever ? kNever : std::max(at, now + 1);
  }

  // When its next chunk competes: see engine/memory_interface.h.
  static Cycle writes(const Input& input) {
    const Cycle ready = input.unit->writes();
    return ready == kNever || input.refill == 0 ? ready
                                                : std::max(ready, input.refill + input.unit->write_beats());
  }

  void acknowledge(const memory::MemoryTiming::Completion& done) {
    Input& input = writes_.inputs[done.id];
    input.open.pop();
    input.unit->acknowledged(done.at);
  }

  // When the last beat of the first read that memory has returned passes the bus.
  [[nodiscard]] Cycle passed() const {
    const memory::MemoryTiming::Completion& done = returned_.front();
    return done.at + std::max<Cycle>(0, bus_free_ - (done.at - done.span));
  }

  void complete(const memory::MemoryTiming::Completion& done, Cycle at) {
    Input& input = reads_.inputs[done.id];
    const std::uint32_t beats = input.open.front();
    input.open.pop();
    open_ -= beats;
    if (read_room_ == kNever) read_room_ = 0;
    input.unit->came(input.reader, at - done.span, at, beats);
    if (at > done.at) bus_free_ = at + 1;  // others have waited, too
    bus_free_ = std::max(bus_free_, input.unit->bus_free());
  }

  void serve_reads(Cycle now) {
    if (!pipe_.empty()) send_waiting(now);
    if (pipe_.opens(now, reads_.free) > now) return;
    Input* const input = reads_.next([&](const Input& each) { return each.unit->asks(each.reader) <= now; });
    if (input == nullptr) return;
    const std::uint32_t beats = input->unit->beats(input->reader);
    const ReadPipe::Item chunk{static_cast<std::uint32_t>(input - reads_.inputs.data()), beats,
                               ceil_div(beats, hardware_.max_burst_beats)};
    reads_.free = now + chunk.bursts;
    input->open.push(beats);
    if (pipe_.empty()) read_room_ = read_room(beats, now);
    if (pipe_.empty() && read_room_ <= now) {
      send(chunk, now);
    } else {
      pipe_.push(chunk);
    }
    input->unit->granted(input->reader, now);
  }

  // The first that waits behind the arbiter.
  void send_waiting(Cycle now) {
    if (address_free_ > now) return;
    const ReadPipe::Item chunk = pipe_.front();
    read_room_ = read_room(chunk.beats, now);
    if (read_room_ > now) return;
    pipe_.pop(now);
    send(chunk, now);
  }

  void send(const ReadPipe::Item& chunk, Cycle now) {
    open_ += chunk.beats;
    memory_.submit(chunk.slot, false, chunk.beats, now);
    address_free_ = now + chunk.bursts;
  }

  // When MCIF's counter and the memory let so many beats pass.
  Cycle read_room(std::uint32_t beats, Cycle now) {
    if (open_ > 0 && open_ + beats > hardware_.max_outstanding_beats) return kNever;  // until some return
    if (open_ + beats <= memory_.open_reads()) return now;
    constexpr Cycle kCredit = paths::kReadAheadCredit.sum();
    return memory_.read_room(paths::kReadAhead.cycles(), now - kCredit) + kCredit;
  }

  void serve_writes(Cycle now) {
    if (writes_.free > now || write_room_ > now) return;
    const auto ready = [&](const Input& input) {
      return writes(input) <= now && (input.behind == nullptr || input.behind->writes() == kNever);
    };
    if (std::none_of(writes_.inputs.begin(), writes_.inputs.end(), ready)) return;
    const Cycle room = memory_.write_room(paths::write_ahead(hardware_.master_rtl).cycles(), now);
    if (room > now) {
      write_room_ = room + to_bus_;
      return;
    }
    Input* const input = writes_.next(ready);
    const std::uint32_t beats = input->unit->write_beats();
    input->open.push(beats);
    memory_.submit(static_cast<std::uint64_t>(input - writes_.inputs.data()), true, beats, now);
    writes_.free = now + beats;
    if (hardware_.master_rtl) input->refill = writes_.free;
    input->unit->write_granted(now);
  }

  const std::vector<SharedUnit*>& units_;
  const HardwareParameters& hardware_;
  memory::MemoryTiming memory_;
  const Cycle to_bus_;
  Arbiter reads_, writes_;
  ReadPipe pipe_;
  Cycle read_room_ = 0, write_room_ = 0;  // not before there is room behind the pipe, and the arbiter
  Cycle address_free_ = 0;                // of reads
  std::uint32_t open_ = 0;                // beats of reads
  memory::RingBuffer<memory::MemoryTiming::Completion> returned_;
  Cycle bus_free_ = 0;  // no read beat passes before
};

}  // namespace

void walk_together(const std::vector<SharedUnit*>& units, const memory::MemoryDescription& memory,
                   const HardwareParameters& hardware) {
  SharedPort(units, memory, hardware).walk();
}

SharedDelay::SharedDelay(const std::vector<Cycle>& alone, const std::vector<Cycle>& shared, Cycle begin,
                         const std::vector<double>& dates) {
  points_.reserve(alone.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    if (alone[i] == kNever || shared[i] == kNever) continue;
    const double own = i < dates.size() && dates[i] >= 0 ? dates[i] : static_cast<double>(alone[i]);
    points_.push_back({own, own + static_cast<double>(shared[i] - begin - alone[i])});
  }
  std::stable_sort(points_.begin(), points_.end(),
                   [](const Point& a, const Point& b) { return a.own < b.own; });
  // What comes later is not over earlier.
  double latest = 0;
  for (Point& point : points_) point.passed = latest = std::max(latest, point.passed);
}

double SharedDelay::passed(double own) const {
  const auto after = std::upper_bound(points_.begin(), points_.end(), own,
                                      [](double value, const Point& point) { return value < point.own; });
  const Point from = after == points_.begin() ? Point{0, 0} : *(after - 1);
  if (after == points_.end()) return own + from.passed - from.own;
  return from.passed + (own - from.own) * (after->passed - from.passed) / (after->own - from.own);
}

double SharedDelay::own(double passed) const {
  const auto after = std::upper_bound(points_.begin(), points_.end(), passed,
                                      [](double value, const Point& point) { return value < point.passed; });
  const Point from = after == points_.begin() ? Point{0, 0} : *(after - 1);
  if (after == points_.end()) return passed + from.own - from.passed;
  return from.own + (passed - from.passed) * (after->own - from.own) / (after->passed - from.passed);
}

}  // namespace nvdla::amaix
