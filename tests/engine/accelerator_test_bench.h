// SPDX-License-Identifier: Apache-2.0
// The accelerator with the recordings' memories on its ports (engine/system.h), a driver that plays traces
// with the times of the CSB, and a log of all that listeners are told.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/csb_timing.h"
#include "engine/system.h"
#include "tests/engine/bench_memory.h"
#include "tests/engine/recorded_convolutions.h"
#include "tests/registers/descriptors.h"

namespace nvdla::engine::accelerator_test {

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
        system(hardware, options(), description(settings),
               bind_cvsram ? std::optional(description(settings)) : std::nullopt),
        accelerator(system.accelerator()),
        csb_(hardware.generation) {
    accelerator.add_listener(*this);
  }

  // -- time
  // Runs everything up to and including `until`. False: nothing is pending any more.
  bool advance(Cycle until) {
    system.advance(until);
    return !system.idle();
  }
  // To the end of all activity; false if there is still some after `limit` cycles.
  bool finish(Cycle limit = 50'000'000) {
    const Cycle end = accelerator.now() + limit;
    while (system.step(end)) {
    }
    return system.idle();
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
        system.advance_to_access(times.effective);
        accelerator.write(access.offset, access.value, times.effective, times.entered);
        next = times.finished;
        continue;
      }
      for (bool pending = true;;) {
        const CsbTiming::Access times = csb_.read(access.offset, next);
        next = times.finished;
        system.advance_to_access(times.effective);
        pending = !system.idle();
        std::uint32_t value = 0;
        accelerator.read(access.offset, value, times.effective);
        if (access.kind == recorded::Access::kRead || (value & access.value) == access.value) break;
        if (!pending) throw std::runtime_error("a poll is never met");
      }
    }
  }

  // -- what listeners are told
  void on_enabled(OperationId id, std::uint32_t group, Cycle at) override { note("enabled", id, group, at); }
  void on_started(OperationId id, std::uint32_t group, Cycle at) override { note("started", id, group, at); }
  void on_done(const OperationRecord& record) override {
    note("done", record.id, record.group, record.done);
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

  // Asked for so far on one port.
  [[nodiscard]] std::uint64_t bytes(MemorySpace space) const {
    std::uint64_t beats = 0;
    for (const Burst& burst : bursts) beats += burst.space == space ? burst.beats : 0;
    return beats * hardware.dbb_width_bytes;
  }
  [[nodiscard]] std::vector<OperationRecord> of(Engine unit) const {
    std::vector<OperationRecord> result;
    for (const OperationRecord& record : done) {
      if (record.id.engine == unit) result.push_back(record);
    }
    return result;
  }

  HardwareParameters hardware;
  System system;
  Accelerator& accelerator;
  std::vector<std::string> events, faults, warnings;
  std::vector<OperationRecord> done;
  std::vector<Burst> bursts;

 private:
  // Cycle 0 is that of the recordings: reset has settled for 4,096 cycles.
  static AcceleratorOptions options() {
    AcceleratorOptions result;
    result.settled_reset = 4'096;
    return result;
  }
  void note(const char* what, OperationId id, std::uint32_t group, Cycle at) {
    events.push_back(std::string(what) + " " + std::string(engine_name(id.engine)) + " " +
                     std::to_string(id.sequence) + " " + std::to_string(group) + " @" + std::to_string(at));
  }
  CsbTiming csb_;
};

}  // namespace nvdla::engine::accelerator_test
