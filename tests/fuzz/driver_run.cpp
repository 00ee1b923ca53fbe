// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/driver_run.h"

#include <numeric>

#include "registers/register_map.h"
#include "tests/torture/torture_bus.h"

namespace nvdla::fuzz {
namespace {

constexpr Cycle kWait = 100'000'000;  // nothing here takes so long

std::string name_of(OperationId id) {
  return std::string(engine_name(id.engine)) + " " + std::to_string(id.sequence);
}

// Promises of the events themselves.
class Watcher : public engine::Listener {
 public:
  Watcher(RunResult& result, std::uint32_t bus_bytes, bool bursts)
      : result_(result), bus_bytes_(bus_bytes), has_bursts_(bursts) {}

  void on_enabled(OperationId id, std::uint32_t group, Cycle at) override {
    note(1, id, group, at);
    if (!open_.emplace(id, Open{at, -1, {}, {}}).second) broken(id, "is enabled twice");
  }
  void on_started(OperationId id, std::uint32_t group, Cycle at) override {
    note(2, id, group, at);
    const auto found = open_.find(id);
    if (found == open_.end()) {
      broken(id, "starts without being enabled");
    } else if (at < found->second.enabled) {
      broken(id, "starts before it is enabled");
    } else {
      found->second.started = at;
    }
  }
  void on_burst(const engine::Burst& burst) override {
    note(3, burst.operation, static_cast<std::uint32_t>(burst.address), burst.issued);
    ++result_.bursts;
    const auto found = open_.find(burst.operation);
    if (found == open_.end()) {
      broken(burst.operation, "has a burst while it is not open");
      return;
    }
    if (burst.issued < found->second.enabled) broken(burst.operation, "has a burst before it is enabled");
    Traffic& traffic = burst.space == MemorySpace::kDbb ? found->second.dbb : found->second.cvsram;
    (burst.write ? traffic.written : traffic.read)[static_cast<std::size_t>(burst.client)] +=
        std::uint64_t{burst.beats} * bus_bytes_;
  }
  void on_done(const engine::OperationRecord& record) override {
    note(4, record.id, record.group, record.done);
    const auto found = open_.find(record.id);
    if (found == open_.end()) {
      broken(record.id, "ends without being enabled");
      return;
    }
    const Open open = found->second;
    open_.erase(found);
    if (open.started < 0) broken(record.id, "ends without a start");
    if (record.start < record.enable || record.done < record.start)
      broken(record.id, "has times out of order");
    if (std::accumulate(record.time.begin(), record.time.end(), Cycle{0}) != record.done - record.begin)
      broken(record.id, "has an account that does not add up");
    if (has_bursts_ &&
        (open.dbb.read != record.dbb.read || open.dbb.written != record.dbb.written ||
         open.cvsram.read != record.cvsram.read || open.cvsram.written != record.cvsram.written))
      broken(record.id, "has bursts that are not its bytes");
    result_.operations.push_back(record);
  }
  void on_interrupt(std::uint32_t status, Cycle at) override { note(5, {}, status, at); }
  void on_fault(const std::string& text, Cycle /*at*/) override {
    result_.broken.push_back("a legal operation is refused: " + text);
  }
  void on_warning(const std::string& text, Cycle /*at*/) override {
    result_.broken.push_back("a legal program is warned about: " + text);
  }

  // What was open is dropped.
  void reset() { open_.clear(); }
  void check_end() {
    for (const auto& [id, open] : open_) broken(id, "is enabled and never ends");
  }

 private:
  struct Open {
    Cycle enabled = 0, started = -1;
    Traffic dbb, cvsram;
  };
  void broken(OperationId id, const char* what) { result_.broken.push_back(name_of(id) + " " + what); }
  void note(std::uint64_t kind, OperationId id, std::uint32_t value, Cycle at) {
    for (const std::uint64_t part : {kind, static_cast<std::uint64_t>(id.engine), std::uint64_t{id.sequence},
                                     std::uint64_t{value}, static_cast<std::uint64_t>(at)}) {
      result_.events = (result_.events ^ part) * 0x100000001b3ULL;  // FNV-1a, a number at a time
      result_.events ^= result_.events >> 29U;
    }
  }

  RunResult& result_;
  std::uint32_t bus_bytes_;
  bool has_bursts_;
  std::map<OperationId, Open> open_;
};

class Driver {
 public:
  Driver(torture::Bus& bus, Watcher& watcher, RunResult& result, Generation generation)
      : bus_(bus), watcher_(watcher), result_(result) {
    status_ = registers::RegisterMap::of(generation).offset(Unit::kGlb, "S_INTR_STATUS");
  }

  // False: something never ends.
  bool run(const Step& step) {
    switch (step.kind) {
      case Step::Kind::kPause:
        bus_.pass(step.pause);
        return true;
      case Step::Kind::kReset:
        bus_.pass(step.pause);
        bus_.reset();
        watcher_.reset();
        handled_ = outstanding_ = 0;
        return true;
      case Step::Kind::kOperation:
        break;
    }
    if (!await(step.wait_before)) return false;
    for (const RegisterWrite& write : step.writes) {
      if (bus_.write(write.offset, write.value) != registers::AccessStatus::kOk)
        result_.broken.push_back("a write of the driver is not taken");
    }
    outstanding_ |= step.raises;
    return true;
  }
  bool finish() { return await(outstanding_); }

 private:
  // Handles interrupts until all of `bits` were seen.
  bool await(std::uint32_t bits) {
    while ((handled_ & bits) != bits) {
      if (bus_.wait_for_interrupt(kWait) != host::WaitEnd::kRaised) {
        std::string open;
        for (const std::string& operation : bus_.accelerator().unfinished()) open += "; " + operation;
        result_.broken.push_back("an interrupt never comes: " + std::to_string(handled_) + " of " +
                                 std::to_string(bits) + open);
        return false;
      }
      std::uint32_t seen = 0;
      (void)bus_.read(status_, seen);
      (void)bus_.write(status_, seen);
      if ((handled_ & seen) != 0) result_.broken.push_back("an interrupt comes twice");
      handled_ |= seen;
    }
    handled_ &= ~bits;
    outstanding_ &= ~bits;
    return true;
  }

  torture::Bus& bus_;
  Watcher& watcher_;
  RunResult& result_;
  std::uint32_t status_ = 0;
  std::uint32_t handled_ = 0, outstanding_ = 0;
};

}  // namespace

RunResult run_program(const DriverProgram& program, amaix::Level level, Cycle settled_reset,
                      const torture::Latencies& latencies) {
  RunResult result;
  const HardwareParameters hardware = preset(program.configuration);
  engine::AcceleratorOptions options;
  options.level = level;
  options.settled_reset = settled_reset;
  if (hardware.cvsram) options.nominal_memory.cvsram.emplace();
  // Values are computed too, of whatever lies in memory: no descriptor may lead outside of its bounds.
  options.tensors = true;
  memory::SparseStore contents;
  contents.set_pattern({memory::Pattern::Kind::kBytes, 1});
  torture::Bus bus(hardware, options, latencies, contents);
  Watcher watcher(result, hardware.dbb_width_bytes, level == amaix::Level::kDynamic);
  bus.accelerator().add_listener(watcher);
  Driver driver(bus, watcher, result, hardware.generation);
  for (const Step& step : program.steps)
    if (!driver.run(step)) return result;
  if (!driver.finish()) return result;
  bus.drain();
  watcher.check_end();
  if (!bus.idle()) result.broken.emplace_back("the accelerator is never idle");
  for (const std::string& operation : bus.accelerator().unfinished())
    result.broken.push_back("never done: " + operation);
  return result;
}

}  // namespace nvdla::fuzz
