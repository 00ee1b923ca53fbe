// SPDX-License-Identifier: Apache-2.0
#include "host/player.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "host/files/output_file.h"
#include "host/hang_report.h"
#include "host/map_fit.h"
#include "host/refused_text.h"
#include "host/replay.h"
#include "host/text.h"
#include "host/time_rules.h"
#include "registers/register_map.h"

namespace nvdla::host {

namespace {

using registers::AccessStatus;
using registers::RegisterMap;

// More than the writes of two groups of all units.
constexpr std::size_t kRememberedWrites = 4096;

}  // namespace

PlayerOptions player_options(const ReplayOptions& options) {
  PlayerOptions result;
  result.stop_on_mismatch = options.stop_on_mismatch;
  result.poll_limit = options.poll_limit;
  result.strict = options.strict;
  result.memory.computed = options.tensors;
  result.memory.dump = options.dump;
  result.memory.golden = options.golden;
  result.memory.files = options.files;
  return result;
}

Player::Player(const Program& program, RegisterBus& bus, const engine::Accelerator& accelerator,
               const PlayerOptions& options)
    : program_(program),
      bus_(bus),
      accelerator_(accelerator),
      map_(RegisterMap::of(accelerator.hardware().generation)),
      options_(options),
      memory_(program, bus, options_.memory),
      status_offset_(map_.offset(Unit::kGlb, "S_INTR_STATUS")) {
  // Whoever reads several files for the program has named them all.
  if (!options_.memory.files.reads(program.path())) options_.memory.files.input(program.path(), "the trace");
}

void Player::on_fault(const std::string& text, Cycle /*at*/) {
  if (fault_) return;
  fault_ = std::make_exception_ptr(ReplayError(at_command(text) + other_map()));
  bus_.stop();
}

bool Player::play() {
  ++times_;
  const std::vector<Program::Command>& commands = program_.commands();
  for (std::size_t i = 0; i < commands.size();) {
    command_ = &commands[i];
    if (command_->kind == CommandKind::kWriteReg) {
      if (const std::size_t stored = store(); stored > 0) {
        i += stored;
        continue;
      }
    }
    const bool done = execute();
    if (fault_) std::rethrow_exception(fault_);
    if (!done) return false;
    ++i;
  }
  return true;
}

std::size_t Player::store() {
  const Program::Writes writes = program_.writes_from(*command_);
  const std::size_t stored = bus_.store(writes.first, writes.count);
  if (stored > 0) command_ += stored - 1;
  writes_ += stored;
  return stored;
}

double Player::fraction() const {
  if (command_ == nullptr) return 0;
  const auto played = static_cast<double>(command_ - program_.commands().data()) + 1;
  return played / static_cast<double>(program_.commands().size());
}

// False: the bus was stopped.
bool Player::execute() {
  switch (command_->kind) {
    case CommandKind::kWriteReg:
      write_register();
      return true;
    case CommandKind::kReadReg:
      return read_register();
    case CommandKind::kUntil:
      return until();
    case CommandKind::kWait:
      return wait_for_interrupt();
    case CommandKind::kReadCheck:
      return read_once();
    default:
      try {
        memory_command();
      } catch (const std::bad_alloc&) {
        reserve_.reset();
        fail("this machine has not enough memory for it");
      } catch (const std::length_error& error) {
        fail(error.what());
      }
      return true;
  }
}

// -- registers ---------------------------------------------------------------------------------------

void Player::check(AccessStatus status, bool write) const {
  if (fault_) std::rethrow_exception(fault_);
  switch (status) {
    case AccessStatus::kOk:
    case AccessStatus::kIgnored:  // dropped by hardware; a listener hears of it
      return;
    case AccessStatus::kUnmapped:
      fail("unknown " + register_text(command_->offset) + " in configuration " +
           accelerator_.hardware().name);
    case AccessStatus::kReadOnly:
    case AccessStatus::kWriteOnly:
    case AccessStatus::kMisaligned:
      fail(register_text(command_->offset) + (write ? " is read-only" : " is write-only"));
  }
}

// A write that could enable a unit. Other writes to one that is not there do no harm; this would wait for
// ever.
void Player::require_unit(const registers::RegisterInfo* target) const {
  if (target == nullptr || accelerator_.register_file().has_unit(target->unit)) return;
  if (target->name != "D_OP_ENABLE" && target->name.rfind("CFG_LAUNCH", 0) != 0) return;
  fail("configuration " + accelerator_.hardware().name + " has no " + std::string(unit_name(target->unit)));
}

void Player::write_register() {
  const registers::RegisterInfo* const target = info();
  if ((command_->value & 1U) != 0) require_unit(target);
  if (command_->offset == status_offset_) interrupts_.cleared(command_->value);
  const AccessStatus status = bus_.write(command_->offset, command_->value);
  if (status != AccessStatus::kOk || fault_) check(status, true);
  ++writes_;
}

bool Player::read_register() {
  const std::uint32_t expected = command_->value & command_->mask;
  const registers::RegisterInfo* const target = info();
  if (options_.strict || target == nullptr) return poll(command_->mask, expected);
  if (command_->offset == status_offset_) return poll_interrupts(expected);
  const std::uint32_t mask =
      timeless_bits(*target, command_->mask, expected, accelerator_.register_file().producer(target->unit));
  return poll(mask, expected & mask);
}

bool Player::until() {
  if (options_.strict || command_->offset != status_offset_) return poll(command_->value, command_->value);
  return poll_interrupts(command_->value);
}

bool Player::poll_interrupts(std::uint32_t bits) {
  const std::uint32_t missing = interrupts_.missing(bits);
  if (!poll(missing, missing)) return false;
  interrupts_.waited(bits);
  return true;
}

bool Player::poll(std::uint32_t mask, std::uint32_t expected) {
  const PollOutcome outcome = bus_.poll({command_->offset, mask, expected, options_.poll_limit});
  reads_ += outcome.reads;
  if (outcome.end == PollEnd::kStopped) return false;
  check(outcome.status, false);
  if (outcome.end == PollEnd::kMet) {
    const std::uint32_t all = command_->kind == CommandKind::kUntil ? command_->value : command_->mask;
    if (((outcome.value ^ command_->value) & all) != 0) ++untimely_reads_;
    return true;
  }
  const std::string what = register_text(command_->offset) + " is " + hex(outcome.value) + ", expected " +
                           hex(expected) + " under mask " + hex(mask) +
                           (outcome.end == PollEnd::kIdle
                                ? "; nothing is pending that could change it"
                                : "; no change within " + std::to_string(options_.poll_limit) + " cycles");
  if (command_->kind == CommandKind::kUntil) fail(what);
  mismatch(what);
  return true;
}

bool Player::read_once() {
  const PollOutcome outcome = bus_.poll({command_->offset, 0, 0, options_.poll_limit});
  reads_ += outcome.reads;
  if (outcome.end == PollEnd::kStopped) return false;
  check(outcome.status, false);
  if ((outcome.value & command_->mask) != (command_->value & command_->mask)) {
    mismatch(register_text(command_->offset) + " is " + hex(outcome.value) + ", expected " +
             hex(command_->value & command_->mask) + " under mask " + hex(command_->mask));
  }
  return true;
}

bool Player::wait_for_interrupt() {
  switch (bus_.wait_for_interrupt(options_.poll_limit)) {
    case WaitEnd::kRaised:
      interrupts_.waited_for_line();
      return true;
    case WaitEnd::kIdle:
      if (!options_.strict &&
          interrupts_.any(~accelerator_.register_file().value(Unit::kGlb, "S_INTR_MASK", 0))) {
        interrupts_.waited_for_line();
        return true;
      }
      fail("no interrupt will come: nothing is pending");
    case WaitEnd::kLimit:
      fail("no interrupt within " + std::to_string(options_.poll_limit) + " cycles");
    case WaitEnd::kStopped:
      return false;
  }
  return false;
}

// -- memory ------------------------------------------------------------------------------------------

void Player::memory_command() {
  try {
    if (const auto difference = memory_.execute(*command_)) mismatch(*difference);
  } catch (const CommandError& error) {
    fail(error.what());
  } catch (const InputError& error) {
    fail(error.what());
  } catch (const OutputError& error) {
    fail(error.what());
  }
}

// -- errors ------------------------------------------------------------------------------------------

std::string Player::register_text(std::uint32_t offset) const {
  const std::size_t index = map_.at(offset);
  const std::string name = index == RegisterMap::kNone ? "" : map_[index].full_name() + " at ";
  return "register " + name + hex(offset, 4);
}

std::string Player::at_command(const std::string& what) const {
  if (command_ == nullptr) return program_.path() + ": " + what;
  return program_.path() + ":" + std::to_string(command_->line) + ": " + what + ": " +
         std::string(program_.text(*command_));
}

void Player::mismatch(const std::string& what) {
  if (options_.stop_on_mismatch) fail(what + " (--keep-going lists such differences and goes on)");
  mismatches_.push_back(at_command(what));
}

void Player::fail(const std::string& what) const {
  std::string text = at_command(what);
  for (const std::string& line : hang_report(accelerator_)) text += "\n  " + line;
  if (times_ > 1) {
    text += "\n  in repetition " + std::to_string(times_);
    std::string pointers;
    for (const std::string& pointer : pointers_at_group_1(accelerator_))
      pointers += (pointers.empty() ? "" : ", ") + pointer;
    if (!pointers.empty())
      text += "; at group 1 stand " + pointers + ": a trace that begins after reset needs one in between";
  }
  throw ReplayError(text + other_map());
}

std::string Player::other_map() const {
  const auto map = recognised_map(program_);
  if (!map || *map == accelerator_.hardware().generation) return "";
  return "\n  its addresses are those of the register map " + std::string(RegisterMap::of(*map).name()) +
         (*map == Generation::kV1 ? ": use --config nv_full"
                                  : ": use --config nv_small, or another configuration with that map");
}

std::vector<const Program::Command*> Player::last_writes() const {
  std::vector<const Program::Command*> writes;
  const std::vector<Program::Command>& commands = program_.commands();
  const auto present = static_cast<std::size_t>(command_ - commands.data());
  const std::size_t all = times_ > 1 ? commands.size() : present;
  for (std::size_t back = 1; back <= all && writes.size() < kRememberedWrites; ++back) {
    const Program::Command& command = commands[(present + commands.size() - back) % commands.size()];
    if (command.kind == CommandKind::kWriteReg) writes.push_back(&command);
  }
  std::reverse(writes.begin(), writes.end());
  return writes;
}

std::string Player::refused(const engine::Burst& burst) const {
  const std::string text = refused_text(burst);
  const auto& map = RegisterMap::of(accelerator_.hardware().generation);
  if (command_ == nullptr) return at_command(text);
  const Program::Command* nearest = nullptr;
  const auto distance = [&](const Program::Command& write) {
    return static_cast<std::uint32_t>(burst.address) - write.value;  // wraps: an address above is far away
  };
  for (const Program::Command* const write : last_writes()) {
    const std::size_t index = map.at(write->offset);
    if (index == RegisterMap::kNone || map[index].name.find("ADDR_LOW") == std::string_view::npos) continue;
    if (nearest == nullptr || distance(*write) < distance(*nearest)) nearest = write;
  }
  if (nearest == nullptr) return at_command(text);
  return program_.path() + ":" + std::to_string(nearest->line) + ": " + text +
         "; nearest address programmed: " + register_text(nearest->offset) + " = " + hex(nearest->value);
}

std::string Player::stuck() const { return at_command("the simulation has ended while this command waits"); }

void Player::check_finished() const {
  if (accelerator_.unfinished().empty()) return;
  std::string text = program_.path() + ":" + std::to_string(line()) +
                     ": the trace ends while operations are not done (is it complete?)";
  for (const std::string& line : hang_report(accelerator_)) text += "\n  " + line;
  throw ReplayError(text + other_map());
}

}  // namespace nvdla::host
