// SPDX-License-Identifier: Apache-2.0
// The accelerator with memories on its ports, without SystemC: memories with the meaning of the recordings'
// (latency, a bandwidth bucket that reads and writes share, data in order, at most one beat a cycle each
// way), a driver that plays traces with the times of the CSB, and a log of all that listeners are told.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/accelerator.h"
#include "engine/csb_timing.h"
#include "tests/engine/recorded_convolutions.h"
#include "tests/registers/descriptors.h"

namespace nvdla::engine::accelerator_test {

struct MemorySettings {
  Cycle latency = 50;
  std::int64_t bytes_per_cycle = 64;
};

class PortMemory : public BusPort {
 public:
  struct Completion {
    std::uint64_t id;
    Cycle at, span;
  };
  PortMemory(std::uint32_t width, const MemorySettings& settings)
      : width_(width),
        settings_(settings),
        capacity_(width + std::min<std::int64_t>(settings.bytes_per_cycle, width)),
        tokens_(capacity_) {}

  void issue(const Burst& burst) override {
    for (std::uint32_t i = 0; i < burst.beats; ++i) {
      (burst.write ? writes_ : reads_)
          .push_back({burst.issued + i + (burst.write ? 0 : settings_.latency), burst.id, i == 0,
                      i + 1 == burst.beats});
    }
    bytes += std::uint64_t{burst.beats} * width_;
  }
  // The next cycle in which a beat moves or a write is acknowledged.
  [[nodiscard]] Cycle next() const {
    Cycle at = kNever;
    if (!reads_.empty()) at = std::max(reads_.front().ready, last_read_ + 1);
    if (!writes_.empty()) at = std::min(at, std::max(writes_.front().ready, last_write_ + 1));
    if (at != kNever && tokens_at(at) < width_)
      at = filled_at_ + (width_ - tokens_ + settings_.bytes_per_cycle - 1) / settings_.bytes_per_cycle;
    return acknowledges_.empty() ? at : std::min(at, acknowledges_.front().at);
  }
  std::vector<Completion> step(Cycle now) {
    std::vector<Completion> done;
    tokens_ = tokens_at(now);
    filled_at_ = now;
    bool read = !reads_.empty() && reads_.front().ready <= now && last_read_ < now;
    bool write = !writes_.empty() && writes_.front().ready <= now && last_write_ < now;
    if (read && write && tokens_ < 2 * width_) (read_was_last_ ? read : write) = false;
    if (read != write && tokens_ >= width_) read_was_last_ = read;
    if (read && tokens_ >= width_) {
      const Beat beat = take(reads_, last_read_, now);
      if (beat.first) first_beat_ = now;
      if (beat.last) done.push_back({beat.id, now, now - first_beat_});
    }
    if (write && tokens_ >= width_) {
      const Beat beat = take(writes_, last_write_, now);
      if (beat.last) acknowledges_.push_back({beat.id, now + settings_.latency, 0});
    }
    for (; !acknowledges_.empty() && acknowledges_.front().at <= now; acknowledges_.pop_front())
      done.push_back(acknowledges_.front());
    return done;
  }
  std::uint64_t bytes = 0;  // asked for so far

 private:
  struct Beat {
    Cycle ready;
    std::uint64_t id;
    bool first, last;
  };
  [[nodiscard]] std::int64_t tokens_at(Cycle at) const {
    return std::min(capacity_, tokens_ + settings_.bytes_per_cycle * (at - filled_at_));
  }
  Beat take(std::deque<Beat>& queue, Cycle& last, Cycle now) {
    tokens_ -= width_;
    last = now;
    const Beat beat = queue.front();
    queue.pop_front();
    return beat;
  }
  std::int64_t width_;
  MemorySettings settings_;
  std::int64_t capacity_, tokens_;
  Cycle filled_at_ = 0, last_read_ = -1, last_write_ = -1, first_beat_ = 0;
  bool read_was_last_ = false;
  std::deque<Beat> reads_, writes_;
  std::deque<Completion> acknowledges_;
};

// SDP behind the convolution of registers::test::Convolution.
class FlyingSdp : public registers::test::Sdp {
 public:
  explicit FlyingSdp(const char* configuration) : Sdp(configuration) {
    const std::uint32_t atom = hardware().memory_atom_bytes;
    set(Unit::kSdp, "D_DATA_CUBE_WIDTH", 11);
    set(Unit::kSdp, "D_DATA_CUBE_HEIGHT", 11);
    set(Unit::kSdp, "D_DATA_CUBE_CHANNEL", 31);
    set(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE", 1);
    set(Unit::kSdp, "D_DST_LINE_STRIDE", 12 * atom);
    set(Unit::kSdp, "D_DST_SURFACE_STRIDE", 144 * atom);
    set(Unit::kSdp, "D_DST_BASE_ADDR_LOW", 0x80200000);
  }
};

class Bench : public Listener {
 public:
  explicit Bench(const std::string& configuration, const MemorySettings& settings = {},
                 bool bind_cvsram = true)
      : hardware(preset(configuration)),
        accelerator(hardware, {}),
        dbb(hardware.dbb_width_bytes, settings),
        cvsram(hardware.dbb_width_bytes, settings),
        csb_(hardware.generation) {
    accelerator.bind_dbb(dbb);
    if (bind_cvsram) accelerator.bind_cvsram(cvsram);
    accelerator.add_listener(*this);
  }

  // -- time
  // Runs everything up to and including `until`. False: nothing is pending any more.
  bool advance(Cycle until) {
    for (;;) {
      const Cycle at = std::min({accelerator.next_event(), dbb.next(), cvsram.next()});
      if (at > until) {
        accelerator.advance(until);
        return at != kNever;
      }
      accelerator.advance(at);
      for (const auto& done : dbb.step(at)) accelerator.complete(MemorySpace::kDbb, done.id, at, done.span);
      for (const auto& done : cvsram.step(at))
        accelerator.complete(MemorySpace::kCvsram, done.id, at, done.span);
    }
  }
  // To the end of all activity; false if there is still some after `limit` cycles.
  bool finish(Cycle limit = 50'000'000) {
    const Cycle end = accelerator.now() + limit;
    for (Cycle at = accelerator.now(); advance(at);
         at = std::min({accelerator.next_event(), dbb.next(), cvsram.next()})) {
      if (at > end) return false;
    }
    return true;
  }

  // -- registers, at the present cycle
  [[nodiscard]] std::uint32_t offset(Unit unit, const char* reg) const {
    return accelerator.register_file().map().offset(unit, reg);
  }
  registers::AccessStatus write(Unit unit, const char* reg, std::uint32_t value) {
    return accelerator.write(offset(unit, reg), value, accelerator.now());
  }
  [[nodiscard]] std::uint32_t read(Unit unit, const char* reg) const {
    std::uint32_t value = 0;
    if (accelerator.peek(offset(unit, reg), value) != registers::AccessStatus::kOk)
      throw std::logic_error(std::string("cannot read ") + reg);
    return value;
  }
  [[nodiscard]] std::uint32_t field(Unit unit, const char* reg, const char* name,
                                    std::uint32_t group = 0) const {
    return accelerator.register_file().field(unit, reg, name, group);
  }
  // Copies what a descriptor has written to its group 0.
  void program(const registers::test::Programmer& descriptor, std::initializer_list<Unit> units,
               std::uint32_t group) {
    const registers::RegisterMap& map = descriptor.file().map();
    for (const Unit unit : units) {
      write(unit, "S_POINTER", group);
      for (std::size_t i = 0; i < map.size(); ++i) {
        if (map[i].unit != unit || !map[i].grouped() || map[i].write_mask == 0 ||
            map[i].name == "D_OP_ENABLE")
          continue;
        accelerator.write(map[i].offset, descriptor.file().value(unit, map[i].name, 0), accelerator.now());
      }
    }
  }
  void enable(std::initializer_list<Unit> units, std::uint32_t group) {
    for (const Unit unit : units) {
      write(unit, "S_POINTER", group);
      write(unit, "D_OP_ENABLE", 1);
    }
  }
  // A 3x3 convolution of 14x14x64 with 32 kernels, with SDP on the fly.
  void program_convolution(std::uint32_t group) {
    program(FlyingSdp(hardware.name.c_str()), {Unit::kSdp}, group);
    program(registers::test::Convolution(hardware.name.c_str()),
            {Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma}, group);
  }
  void enable_convolution(std::uint32_t group) {
    enable({Unit::kSdp, Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma}, group);
  }

  // Plays a driver's trace with the times of its register accesses. Throws std::runtime_error when a poll can
  // never be met.
  void play(const std::vector<recorded::Access>& accesses) {
    Cycle next = 1;
    for (const recorded::Access& access : accesses) {
      if (access.kind == recorded::Access::kWrite) {
        const CsbTiming::Access times = csb_.write(access.offset, next);
        advance(times.effective);
        accelerator.write(access.offset, access.value, times.effective, times.entered);
        next = times.finished;
        continue;
      }
      for (bool pending = true;;) {
        const CsbTiming::Access times = csb_.read(access.offset, next);
        next = times.finished;
        pending = advance(times.effective);
        std::uint32_t value = 0;
        accelerator.read(access.offset, value, times.effective);
        if (access.kind == recorded::Access::kRead || (value & access.value) == access.value) break;
        if (!pending) throw std::runtime_error("a poll is never met");
      }
    }
  }

  // -- what listeners are told
  void on_enabled(Engine unit, std::uint32_t sequence, std::uint32_t group, Cycle at) override {
    note("enabled", unit, sequence, group, at);
  }
  void on_started(Engine unit, std::uint32_t sequence, std::uint32_t group, Cycle at) override {
    note("started", unit, sequence, group, at);
  }
  void on_done(const OperationRecord& record) override {
    note("done", record.unit, record.sequence, record.group, record.done);
    done.push_back(record);
  }
  void on_burst(const Burst& burst) override {
    bursts.push_back(burst);
    events.push_back((burst.write ? "W " : "R ") + std::string(client_name(burst.client)) + " " +
                     std::to_string(burst.address) + " " + std::to_string(burst.beats) + " @" +
                     std::to_string(burst.issued));
  }
  void on_interrupt(std::uint32_t status, Cycle at) override {
    events.push_back("interrupt " + std::to_string(status) + " @" + std::to_string(at));
  }
  void on_fault(const std::string& text, Cycle) override { faults.push_back(text); }
  void on_warning(const std::string& text, Cycle) override { warnings.push_back(text); }

  [[nodiscard]] std::vector<OperationRecord> of(Engine unit) const {
    std::vector<OperationRecord> result;
    for (const OperationRecord& record : done) {
      if (record.unit == unit) result.push_back(record);
    }
    return result;
  }

  HardwareParameters hardware;
  Accelerator accelerator;
  PortMemory dbb, cvsram;
  std::vector<std::string> events, faults, warnings;
  std::vector<OperationRecord> done;
  std::vector<Burst> bursts;

 private:
  void note(const char* what, Engine unit, std::uint32_t sequence, std::uint32_t group, Cycle at) {
    events.push_back(std::string(what) + " " + std::string(engine_name(unit)) + " " +
                     std::to_string(sequence) + " " + std::to_string(group) + " @" + std::to_string(at));
  }
  CsbTiming csb_;
};

}  // namespace nvdla::engine::accelerator_test
