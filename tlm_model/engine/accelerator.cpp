// SPDX-License-Identifier: Apache-2.0
#include "engine/accelerator.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "engine/core.h"
#include "engine/levels/closed_form.h"
#include "engine/levels/dynamic.h"
#include "engine/port_settings.h"
#include "engine/port_tap.h"
#include "engine/units/all_units.h"
#include "hardware/paths/csb.h"
#include "registers/decoder.h"

namespace nvdla::engine {

namespace {

// After the flush: the reset synchroniser and the status registers of CDMA.
constexpr Cycle kSynchroniser = paths::kCsbV1.flush_end.sum();

// From reset to the done bits of the flush.
Cycle flush_cycles(const HardwareParameters& hardware) {
  return static_cast<Cycle>(cbuf_flush_cycles(hardware)) + kSynchroniser;
}

// The memories behind both ports, as the levels that move no data see them.
class PortContents : public memory::ByteSource, public memory::ByteSink {
 public:
  PortContents(Core& core, PortTap& dbb, PortTap& cvsram) : core_(core), dbb_(dbb), cvsram_(cvsram) {}

  void read(MemorySpace space, std::uint64_t address, unsigned char* data,
            std::size_t length) const override {
    if (tap(space).peek(address, data, length)) return;
    std::fill_n(data, length, static_cast<unsigned char>(0));
    refused(space, address);
  }
  void write(MemorySpace space, std::uint64_t address, const unsigned char* data,
             std::size_t length) override {
    if (!tap(space).poke(address, data, length)) refused(space, address);
  }

 private:
  [[nodiscard]] PortTap& tap(MemorySpace space) const { return space == MemorySpace::kDbb ? dbb_ : cvsram_; }
  void refused(MemorySpace space, std::uint64_t address) const {
    std::ostringstream text;
    text << "the memory behind " << (space == MemorySpace::kDbb ? "DBB" : "CVSRAM")
         << " does not show its contents at 0x" << std::hex << address
         << ": values there are computed as 0 and not written (level dynamic moves them by transactions)";
    if (told_) return;
    told_ = true;
    core_.warn(text.str());
  }

  Core& core_;
  PortTap& dbb_;
  PortTap& cvsram_;
  mutable bool told_ = false;
};

void check(const AcceleratorOptions& options) {
  switch (options.level) {
    case amaix::Level::kRoofline:
    case amaix::Level::kRefined:
    case amaix::Level::kDynamic:
      break;
    default:
      throw std::invalid_argument("accelerator: level " + std::to_string(static_cast<int>(options.level)) +
                                  " is none of roofline, refined and dynamic");
  }
  memory::check("nominal_memory.dbb", options.nominal_memory.dbb);
  if (options.nominal_memory.cvsram) memory::check("nominal_memory.cvsram", *options.nominal_memory.cvsram);
  if (options.settled_reset < 0 || options.settled_reset > kFarthest)
    throw std::invalid_argument("accelerator: settled_reset must be 0 to 2^50 cycles");
}

class Timer : public Process {
 public:
  Timer(Scheduler& scheduler, std::function<void()> action)
      : Process(scheduler), action_(std::move(action)) {}

 protected:
  void run(Cycle /*now*/) override { action_(); }

 private:
  std::function<void()> action_;
};

}  // namespace

struct Accelerator::Impl final : registers::RegisterListener {
  Impl(const HardwareParameters& parameters, const AcceleratorOptions& options);

  void on_enable(Unit unit, std::uint32_t group, Cycle entered) override;
  void on_bdma_queued() override;
  void on_written(Unit unit, std::uint32_t offset, std::uint32_t value) override;

  void unit_started(Unit part, Activation activation, Cycle at);
  // Of a descriptor's register: bits that are set and not stored, such as those of an unaligned address or of
  // a size of 0, which minus 1 is written as all ones.
  void warn_of_lost_bits(const registers::RegisterInfo& info, std::uint32_t lost, Cycle at);
  void reset(Cycle flush_done);
  void warn_of_dropped(std::uint32_t offset, bool write, registers::AccessStatus status, Cycle at);

  Core core;
  bool drop_illegal_accesses = false;
  PortTap dbb_tap, cvsram_tap;
  PortContents contents;
  Units units;
  std::array<EngineUnit*, kUnits> owner{};  // of each register unit
  std::unique_ptr<Execution> execution;
  Timer flush;
};

Accelerator::Impl::Impl(const HardwareParameters& parameters, const AcceleratorOptions& options)
    : core(parameters, options.known_work, options.known_groups),
      dbb_tap(core.scheduler, core.dbb, core.log, core.hardware.dbb_width_bytes, "DBB"),
      cvsram_tap(core.scheduler, core.cvsram, core.log, core.hardware.dbb_width_bytes, "CVSRAM"),
      contents(core, dbb_tap, cvsram_tap),
      flush(core.scheduler, [this] { core.file.set_cbuf_flushed(true); }) {
  check(options);
  drop_illegal_accesses = options.drop_illegal_accesses;
  units = options.units ? options.units(core) : make_units(core);
  for (const auto& unit : units) {
    for (const Unit part : unit->parts()) {
      owner[static_cast<std::size_t>(part)] = unit.get();
      core.starters[static_cast<std::size_t>(part)] = std::make_unique<UnitStarter>(
          core.scheduler, core.file, part, core.hardware.generation,
          [this, part](std::uint32_t activation, std::uint32_t group, Cycle at) {
            unit_started(part, {activation, group}, at);
          });
    }
  }
  if (options.level == amaix::Level::kDynamic) {
    execution = std::make_unique<Dynamic>(core);
  } else {
    execution = std::make_unique<ClosedForm>(core, options.level, options.nominal_memory, units);
  }
  if (options.tensors) {
    core.tensors = std::make_unique<Tensors>(
        [this](OperationId id, OperationImage& image) -> std::unique_ptr<OperationTensors> {
          for (const auto& unit : units)
            if (unit->engine() == id.engine)
              return unit->tensors(id.sequence - core.log.id(id.engine, 0).sequence, image);
          return nullptr;
        },
        [this](const std::string& text) { core.warn(text); }, options.jobs);
    core.dbb.set_tensors(core.tensors.get());
    core.cvsram.set_tensors(core.tensors.get());
    if (options.level != amaix::Level::kDynamic) core.tensors->attach(contents, contents);
  }
  core.file.set_listener(this);
  const Cycle flushed = flush_cycles(core.hardware);
  reset(flushed > options.settled_reset + kSynchroniser ? flushed - options.settled_reset : 0);
}

void Accelerator::Impl::reset(Cycle flush_done) {
  core.scheduler.clear();
  core.file.reset();
  core.log.reset();
  core.dbb.reset();
  core.cvsram.reset();
  core.counters.reset();
  dbb_tap.reset();
  cvsram_tap.reset();
  for (const auto& unit : units) unit->reset();
  if (core.tensors) core.tensors->reset();
  execution->reset();
  for (const auto& starter : core.starters)
    if (starter) starter->reset();
  core.file.set_cbuf_flushed(flush_done <= core.scheduler.now());
  if (flush_done > core.scheduler.now()) flush.wake(flush_done);
}

// Decoding at OP_ENABLE lets an illegal descriptor be reported at the write that asks for it: the registers
// of an enabled group cannot change any more.
void Accelerator::Impl::on_enable(Unit unit, std::uint32_t group, Cycle entered) {
  EngineUnit* const engine = owner[static_cast<std::size_t>(unit)];
  if (engine == nullptr) return;
  const Cycle at = core.scheduler.now();
  const Activation activation{core.starter(unit).next_activation(group), group};
  try {
    engine->enabled(unit, activation);
  } catch (const registers::DecodeError& error) {
    core.log.fault(error.what(), at);
    return;
  }
  if (unit == engine_info(engine->engine()).main)
    core.log.enabled(core.log.id(engine->engine(), activation.index), group, engine->links(activation.index),
                     at);
  core.starter(unit).enabled(group, entered);
}

void Accelerator::Impl::unit_started(Unit part, Activation activation, Cycle at) {
  EngineUnit& engine = *owner[static_cast<std::size_t>(part)];
  if (part == engine_info(engine.engine()).main)
    core.log.started(core.log.id(engine.engine(), activation.index), at);
  engine.taken(part, activation);
  execution->started(engine, part, activation, at);
}

void Accelerator::Impl::on_bdma_queued() {
  try {
    if (EngineUnit* const engine = owner[static_cast<std::size_t>(Unit::kBdma)]) engine->queue();
  } catch (const registers::DecodeError& error) {
    core.log.fault(error.what(), core.scheduler.now());
  }
}

void Accelerator::Impl::on_written(Unit unit, std::uint32_t /*offset*/, std::uint32_t /*value*/) {
  if (unit == Unit::kMcif) apply_port_settings(core.file, unit, core.dbb);
  if (unit == Unit::kCvif) apply_port_settings(core.file, unit, core.cvsram);
}

void Accelerator::Impl::warn_of_lost_bits(const registers::RegisterInfo& info, std::uint32_t lost, Cycle at) {
  const bool descriptor = info.name.substr(0, 2) == "D_" || info.name.substr(0, 4) == "CFG_";
  if (!descriptor) return;
  std::ostringstream text;
  text << "write to " << info.full_name() << " sets bits 0x" << std::hex << lost
       << ", which hardware does not store";
  core.log.warn(text.str(), at);
}

void Accelerator::Impl::warn_of_dropped(std::uint32_t offset, bool write, registers::AccessStatus status,
                                        Cycle at) {
  const registers::RegisterMap& map = core.file.map();
  const std::size_t index = map.at(offset);
  std::ostringstream text;
  text << (write ? "write to " : "read of ");
  if (index != registers::RegisterMap::kNone) text << map[index].full_name() << " at ";
  text << "0x" << std::hex << offset << (write ? " dropped: " : " brings 0: ");
  if (index != registers::RegisterMap::kNone && !core.file.has_unit(map[index].unit)) {
    text << "configuration " << core.hardware.name << " has no " << unit_name(map[index].unit);
  } else {
    text << registers::access_status_name(status);
  }
  core.log.warn(text.str(), at);
}

Accelerator::Accelerator(const HardwareParameters& hardware, const AcceleratorOptions& options)
    : impl_(std::make_unique<Impl>(hardware, options)) {}

Accelerator::~Accelerator() = default;

void Accelerator::bind_dbb(BusPort& port) { impl_->dbb_tap.bind(port); }

void Accelerator::bind_cvsram(BusPort& port) { impl_->cvsram_tap.bind(port); }

void Accelerator::complete(MemorySpace space, const BusCompletion& completion) {
  impl_->core.scheduler.advance(completion.at);
  (space == MemorySpace::kDbb ? impl_->core.dbb : impl_->core.cvsram).complete(completion);
}

void Accelerator::add_listener(Listener& listener, bool bursts) {
  impl_->core.log.add_listener(listener, bursts);
}

registers::AccessStatus Accelerator::write(std::uint32_t offset, std::uint32_t value, Cycle at,
                                           Cycle entered) {
  Core& core = impl_->core;
  core.scheduler.advance(at);
  const registers::AccessStatus status = core.file.write(offset, value, std::max(at, entered));
  if (status != registers::AccessStatus::kOk) return not_stored(offset, status, at);
  const registers::RegisterMap& map = core.file.map();
  const registers::RegisterInfo& info = map[map.at(offset)];
  if ((value & ~info.write_mask) != 0) impl_->warn_of_lost_bits(info, value & ~info.write_mask, at);
  return status;
}

std::size_t Accelerator::store(const registers::RegisterWrite* writes, std::size_t count) {
  return impl_->core.file.store(writes, count);
}

registers::AccessStatus Accelerator::not_stored(std::uint32_t offset, registers::AccessStatus status,
                                                Cycle at) {
  if (status == registers::AccessStatus::kIgnored) {
    const registers::RegisterMap& map = impl_->core.file.map();
    impl_->core.log.warn("write to " + map[map.at(offset)].full_name() + " " +
                             std::string(registers::access_status_name(status)),
                         at);
  } else if (answer(status, true) != status) {
    impl_->warn_of_dropped(offset, true, status, at);
  }
  return answer(status, true);
}

registers::AccessStatus Accelerator::read(std::uint32_t offset, std::uint32_t& value, Cycle at) {
  impl_->core.scheduler.advance(at);
  const registers::AccessStatus status = impl_->core.file.read(offset, value);
  if (answer(status, false) != status) {
    impl_->warn_of_dropped(offset, false, status, at);
    value = 0;
  }
  return answer(status, false);
}

registers::AccessStatus Accelerator::answer(registers::AccessStatus status, bool write) const {
  using registers::AccessStatus;
  const bool illegal = status == AccessStatus::kUnmapped || status == AccessStatus::kReadOnly ||
                       status == AccessStatus::kWriteOnly;
  if (!illegal || !impl_->drop_illegal_accesses) return status;
  return write ? AccessStatus::kIgnored : AccessStatus::kOk;
}

registers::AccessStatus Accelerator::peek(std::uint32_t offset, std::uint32_t& value) const {
  return impl_->core.file.peek(offset, value);
}

bool Accelerator::interrupt() const { return impl_->core.file.interrupt(); }

Cycle Accelerator::now() const { return impl_->core.scheduler.now(); }

Cycle Accelerator::next_event() { return impl_->core.scheduler.next(); }

void Accelerator::advance(Cycle until, Cycle outside) {
  impl_->core.window.set_outside(outside);
  impl_->core.scheduler.advance(until);
}

void Accelerator::reset() { impl_->reset(impl_->core.scheduler.now() + flush_cycles(impl_->core.hardware)); }

std::uint64_t Accelerator::early_values() const {
  return impl_->core.tensors ? impl_->core.tensors->early() : 0;
}

std::vector<std::string> Accelerator::unfinished() const { return impl_->core.log.unfinished(); }

const HardwareParameters& Accelerator::hardware() const { return impl_->core.hardware; }

const registers::RegisterFile& Accelerator::register_file() const { return impl_->core.file; }

}  // namespace nvdla::engine
