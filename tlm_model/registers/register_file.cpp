// SPDX-License-Identifier: Apache-2.0
#include "registers/register_file.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "hardware/interrupt_bits.h"
#include "registers/register_state.h"

namespace nvdla::registers {

std::string_view access_status_name(AccessStatus status) {
  static constexpr std::array<std::string_view, 6> kNames = {"ok",
                                                             "no register at this offset",
                                                             "offset is not a multiple of four",
                                                             "register is read-only",
                                                             "register is write-only",
                                                             "dropped: the register group is enabled"};
  return kNames[static_cast<std::size_t>(status)];
}

RegisterFile::RegisterFile(const HardwareParameters& hardware)
    : map_(RegisterMap::of(hardware.generation)), state_(std::make_unique<RegisterState>(hardware)) {}

RegisterFile::~RegisterFile() = default;

void RegisterFile::set_listener(RegisterListener* listener) { state_->listener = listener; }

AccessStatus RegisterFile::write(std::uint32_t offset, std::uint32_t value, Cycle entered) {
  AccessStatus status{};
  const std::size_t index = state_->locate(offset, status);
  if (index == RegisterMap::kNone) return status;
  const RegisterRule& rule = state_->rules[index];
  if (rule.write_mask == 0) return AccessStatus::kReadOnly;
  if (!rule.grouped) return state_->write_single(index, value, entered);
  const RegisterState::Groups& unit = state_->of(rule.unit);
  const std::uint32_t group = unit.producer;
  if (unit.enabled[group]) return AccessStatus::kIgnored;
  if (rule.behaviour == Behaviour::kOpEnable) return state_->enable(rule.unit, group, value, entered);
  state_->store(index, group, value);
  return AccessStatus::kOk;
}

std::size_t RegisterFile::store(const RegisterWrite* writes, std::size_t count) {
  RegisterState& state = *state_;
  const RegisterRules& rules = state.rules;
  const auto storing = [&](const RegisterWrite& write) { return rules.storing(write.offset, write.value); };
  std::size_t done = 0;
  while (done < count) {
    std::size_t index = storing(writes[done]);
    if (index == RegisterMap::kNone) return done;
    const RegisterRule& first = rules[index];
    if (!state.has(first.unit)) return done;
    if (first.behaviour == Behaviour::kLutData) {  // a table is filled entry by entry
      LutPort& lut = state.lut(first.unit);
      const std::uint32_t offset = writes[done].offset;
      do {
        lut.write(writes[done++].value);
      } while (done < count && writes[done].offset == offset &&
               (writes[done].value & ~first.write_mask) == 0);
      continue;
    }
    if (!first.grouped) {
      state.store_single(index, writes[done++].value);
      continue;
    }
    // And a unit's group register by register.
    const RegisterState::Groups& groups = state.of(first.unit);
    if (groups.enabled[groups.producer]) return done;
    std::uint32_t* const values = state.values[groups.producer].data();
    do {
      values[index] = (values[index] & ~rules[index].write_mask) | writes[done].value;
      if (++done == count) return count;
      index = storing(writes[done]);
    } while (index != RegisterMap::kNone && rules[index].grouped && rules[index].unit == first.unit);
  }
  return count;
}

AccessStatus RegisterFile::peek(std::uint32_t offset, std::uint32_t& value) const {
  std::size_t index = 0;
  return state_->look(offset, value, index);
}

AccessStatus RegisterFile::read(std::uint32_t offset, std::uint32_t& value) {
  std::size_t index = 0;
  const AccessStatus status = state_->look(offset, value, index);
  if (status == AccessStatus::kOk && state_->rules[index].behaviour == Behaviour::kLutData)
    value = state_->lut(state_->map[index].unit).read() & state_->map[index].read_mask;
  return status;
}

std::uint32_t RegisterFile::value(Unit unit, std::string_view name, std::uint32_t group) const {
  return state_->current(state_->index_of(unit, name), group);
}

std::uint32_t RegisterFile::field(Unit unit, std::string_view name, std::string_view field,
                                  std::uint32_t group) const {
  const std::size_t index = state_->index_of(unit, name);
  const FieldInfo* info = state_->map[index].find(field);
  if (info == nullptr) {
    throw std::out_of_range(state_->map[index].full_name() + " has no field " + std::string(field));
  }
  return info->extract(state_->current(index, group));
}

void RegisterFile::set_value(Unit unit, std::string_view name, std::uint32_t group, std::uint32_t value) {
  const std::size_t index = state_->index_of(unit, name);
  const RegisterInfo& info = state_->map[index];
  if (state_->rules[index].behaviour != Behaviour::kStorage || info.write_mask != 0) {
    throw std::logic_error(info.full_name() + " is not set by hardware");
  }
  state_->values[info.grouped() ? group : 0][index] = value & info.read_mask;
}

std::array<RegisterFile::Words, 2> RegisterFile::contents(Unit unit, std::uint32_t group) const {
  const auto& [single, grouped] = state_->rules.ranges(unit);
  const std::uint32_t* const singles = state_->values[0].data();
  const std::uint32_t* const of_group = state_->values[group].data();
  return {Words{singles + single.begin, singles + single.end},
          Words{of_group + grouped.begin, of_group + grouped.end}};
}

bool RegisterFile::has_unit(Unit unit) const { return state_->has(unit); }

bool RegisterFile::enabled(Unit unit, std::uint32_t group) const { return state_->of(unit).enabled[group]; }

std::uint32_t RegisterFile::producer(Unit unit) const { return state_->of(unit).producer; }

std::uint32_t RegisterFile::consumer(Unit unit) const { return state_->of(unit).consumer; }

void RegisterFile::start(Unit unit) {
  RegisterState::Groups& groups = state_->of(unit);
  const std::uint32_t most = unit == Unit::kBdma && groups.enabled[0] && groups.enabled[1] ? 2 : 1;
  if (!groups.enabled[groups.consumer] || groups.running == most) {
    throw std::logic_error(std::string(unit_name(unit)) + " starts without an enabled group");
  }
  ++groups.running;
}

std::uint16_t RegisterFile::lut_entry(Unit unit, bool lo, std::uint32_t index) const {
  if ((unit != Unit::kSdp && unit != Unit::kCdp) ||
      index >= (lo ? LutPort::kLoEntries : LutPort::kLeEntries)) {
    throw std::out_of_range("no such entry of a look-up table");
  }
  return state_->lut(unit).entry(lo, index);
}

bool RegisterFile::running(Unit unit) const { return state_->of(unit).running != 0; }

void RegisterFile::complete(Unit unit) {
  RegisterState::Groups& groups = state_->of(unit);
  if (!groups.enabled[groups.consumer]) {
    throw std::logic_error(std::string(unit_name(unit)) + " completes a group that is not enabled");
  }
  groups.enabled[groups.consumer] = false;
  groups.running -= std::min(groups.running, 1U);
  // BDMA's groups may be launched in any order: the other one is next only if it waits.
  if (unit != Unit::kBdma || groups.enabled[1 - groups.consumer]) groups.consumer = 1 - groups.consumer;
}

void RegisterFile::take_bdma_transfer() {
  if (state_->bdma_queued == 0) throw std::logic_error("BDMA takes a transfer from an empty FIFO");
  --state_->bdma_queued;
}

std::uint32_t RegisterFile::raise(Interrupt source, std::uint32_t group) {
  const std::uint32_t bit = (1U << (interrupt_bit(source) + group)) & state_->interrupt_bits;
  state_->interrupt_status |= bit;
  return bit;
}

bool RegisterFile::interrupt() const { return (state_->interrupt_status & ~state_->interrupt_mask) != 0; }

void RegisterFile::set_cbuf_flushed(bool done) {
  set_value(Unit::kCdma, "S_CBUF_FLUSH_STATUS", 0, done ? 1 : 0);
}

void RegisterFile::reset() { state_->reset(); }

}  // namespace nvdla::registers
