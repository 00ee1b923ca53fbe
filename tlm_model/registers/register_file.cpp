// SPDX-License-Identifier: Apache-2.0
#include "registers/register_file.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "hardware/interrupt_bits.h"
#include "registers/lut_port.h"
#include "registers/register_rules.h"

namespace nvdla::registers {

namespace {

constexpr std::uint32_t kBdmaIdle = 1U << 8;
constexpr std::uint32_t kBdmaBusy0 = 1U << 9;
constexpr std::uint32_t kConsumerBit = 16;
constexpr std::uint32_t kStatus1Lsb = 16;

bool in_configuration(Unit unit, const HardwareParameters& hardware) {
  switch (unit) {
    case Unit::kCvif:
      return hardware.cvsram;
    case Unit::kBdma:
      return hardware.bdma;
    case Unit::kRubik:
      return hardware.rubik;
    default:
      return true;
  }
}

}  // namespace

std::string_view access_status_name(AccessStatus status) {
  static constexpr std::array<std::string_view, 6> kNames = {"ok",
                                                             "no register at this offset",
                                                             "offset is not a multiple of four",
                                                             "register is read-only",
                                                             "register is write-only",
                                                             "dropped: the register group is enabled"};
  return kNames[static_cast<std::size_t>(status)];
}

struct RegisterFile::Impl {
  // Ping-pong state of one unit. BDMA has no pointers: `order` then tells which group was launched first.
  struct Groups {
    std::array<bool, 2> enabled{};
    std::uint32_t producer = 0;
    std::uint32_t consumer = 0;
    std::uint32_t running = 0;  // groups that are taken and not done: one at most, BDMA: both
  };

  explicit Impl(const HardwareParameters& hardware)
      : map(RegisterMap::of(hardware.generation)), rules(RegisterRules::of(hardware.generation)) {
    for (std::size_t unit = 0; unit < kUnits; ++unit) {
      const auto& [single, grouped] = rules.ranges(static_cast<Unit>(unit));
      present[unit] = single.end + grouped.end != 0 && in_configuration(static_cast<Unit>(unit), hardware);
    }
    // Without BDMA and Rubik their bits of GLB are not built.
    const std::uint32_t all = interrupt_bits;
    if (!hardware.bdma) interrupt_bits &= ~(3U << interrupt_bit(Interrupt::kBdma));
    if (!hardware.rubik) interrupt_bits &= ~(3U << interrupt_bit(Interrupt::kRubik));
    // Branch master keeps the mask bits of units that it has not built (GLB_CSB_reg).
    mask_bits = hardware.master_rtl ? all : interrupt_bits;
    reset();
  }

  void reset() {
    values.fill(rules.reset_values());
    groups = {};
    sdp_lut = LutPort(LutPort::Kind::kSdp);
    cdp_lut = LutPort(LutPort::Kind::kCdp);
    interrupt_mask = interrupt_status = 0;
    bdma_queued = 0;
  }

  [[nodiscard]] Groups& of(Unit unit) { return groups[static_cast<std::size_t>(unit)]; }
  [[nodiscard]] const Groups& of(Unit unit) const { return groups[static_cast<std::size_t>(unit)]; }
  [[nodiscard]] bool has(Unit unit) const { return present[static_cast<std::size_t>(unit)]; }
  [[nodiscard]] LutPort& lut(Unit unit) { return unit == Unit::kSdp ? sdp_lut : cdp_lut; }
  [[nodiscard]] const LutPort& lut(Unit unit) const { return unit == Unit::kSdp ? sdp_lut : cdp_lut; }

  // Index of the register that an access names; kNone and a status when it names none.
  [[nodiscard]] std::size_t locate(std::uint32_t offset, AccessStatus& status) const {
    status = AccessStatus::kOk;
    if (offset % 4 != 0) {
      status = AccessStatus::kMisaligned;
      return RegisterMap::kNone;
    }
    const std::size_t index = map.at(offset);
    if (index == RegisterMap::kNone || !has(rules[index].unit)) {
      status = AccessStatus::kUnmapped;
      return RegisterMap::kNone;
    }
    return index;
  }

  [[nodiscard]] std::size_t index_of(Unit unit, std::string_view name) const {
    const std::size_t index = map.find(unit, name);
    if (index == RegisterMap::kNone) {
      throw std::out_of_range("register map " + std::string(map.name()) + " has no register " +
                              std::string(unit_name(unit)) + "." + std::string(name));
    }
    return index;
  }

  [[nodiscard]] std::uint32_t status(const Groups& unit) const {
    std::uint32_t value = 0;
    for (std::uint32_t group = 0; group < 2; ++group) {
      if (unit.enabled[group]) value |= (unit.consumer == group ? 1U : 2U) << (group * kStatus1Lsb);
    }
    return value;
  }

  [[nodiscard]] std::uint32_t bdma_status() const {
    const Groups& bdma = of(Unit::kBdma);
    std::uint32_t value = kBdmaSlots - bdma_queued;
    if (bdma_queued == 0 && bdma.running == 0) value |= kBdmaIdle;
    if (bdma.enabled[0]) value |= kBdmaBusy0;
    if (bdma.enabled[1]) value |= kBdmaBusy0 << 1;
    return value;
  }

  // What a register holds, read masks not applied.
  [[nodiscard]] std::uint32_t current(std::size_t index, std::uint32_t group) const {
    const RegisterInfo& info = map[index];
    switch (rules[index].behaviour) {
      case Behaviour::kStatus:
        return status(of(info.unit));
      case Behaviour::kPointer:
        return of(info.unit).producer | (of(info.unit).consumer << kConsumerBit);
      case Behaviour::kOpEnable:
        return of(info.unit).enabled[group] ? 1 : 0;
      case Behaviour::kInterruptMask:
        return interrupt_mask;
      case Behaviour::kInterruptStatus:
        return interrupt_status;
      case Behaviour::kLutConfiguration:
        return lut(info.unit).configuration(values[0][index]);
      case Behaviour::kLutData:
        return lut(info.unit).peek();
      case Behaviour::kBdmaStatus:
        return bdma_status();
      default:
        return values[rules[index].grouped ? group : 0][index];
    }
  }

  // What software sees of the register at `offset`, without the read's effect on a LUT port.
  AccessStatus look(std::uint32_t offset, std::uint32_t& value, std::size_t& index) const {
    value = 0;
    AccessStatus status{};
    index = locate(offset, status);
    if (index == RegisterMap::kNone) return status;
    const RegisterInfo& info = map[index];
    if (info.read_mask == 0) return AccessStatus::kWriteOnly;
    value = current(index, of(info.unit).producer) & info.read_mask;
    return AccessStatus::kOk;
  }

  // Not inlined, as write_single() is not: most writes only store, and pay for what write() keeps in
  // registers.
  [[gnu::noinline]] AccessStatus enable(Unit unit, std::uint32_t group, std::uint32_t value, Cycle entered) {
    of(unit).enabled[group] = (value & 1U) != 0;
    if (of(unit).enabled[group] && listener != nullptr) listener->on_enable(unit, group, entered);
    return AccessStatus::kOk;
  }

  void store(std::size_t index, std::uint32_t group, std::uint32_t value) {
    std::uint32_t& stored = values[group][index];
    const std::uint32_t mask = rules[index].write_mask;
    stored = (stored & ~mask) | (value & mask);
  }

  AccessStatus launch_bdma(std::uint32_t group, std::uint32_t value, Cycle entered) {
    if ((value & 1U) == 0) return AccessStatus::kOk;
    Groups& bdma = of(Unit::kBdma);
    if (bdma.enabled[group]) return AccessStatus::kIgnored;
    if (!bdma.enabled[1 - group]) bdma.consumer = group;
    bdma.enabled[group] = true;
    if (listener != nullptr) listener->on_enable(Unit::kBdma, group, entered);
    return AccessStatus::kOk;
  }

  AccessStatus queue_bdma(std::uint32_t value) {
    if ((value & 1U) == 0) return AccessStatus::kOk;
    if (bdma_queued == kBdmaSlots) return AccessStatus::kIgnored;
    ++bdma_queued;
    if (listener != nullptr) listener->on_bdma_queued();
    return AccessStatus::kOk;
  }

  // Of one that stores.
  void store_single(std::size_t index, std::uint32_t value) {
    const RegisterRule& rule = rules[index];
    switch (rule.behaviour) {
      case Behaviour::kPointer:
        of(rule.unit).producer = value & 1U;
        break;
      case Behaviour::kLutConfiguration:
        store(index, 0, value);
        lut(rule.unit).configure(value);
        break;
      case Behaviour::kLutData:
        lut(rule.unit).write(value);
        break;
      default:
        store(index, 0, value);
        break;
    }
  }

  [[gnu::noinline]] AccessStatus write_single(std::size_t index, std::uint32_t value, Cycle entered) {
    if (rules[index].stores) {
      store_single(index, value);
      return AccessStatus::kOk;
    }
    const RegisterInfo& info = map[index];
    AccessStatus result = AccessStatus::kOk;
    switch (rules[index].behaviour) {
      case Behaviour::kInterruptMask:
        interrupt_mask = value & mask_bits;
        break;
      case Behaviour::kInterruptSet:
        interrupt_status |= value & interrupt_bits;
        break;
      case Behaviour::kInterruptStatus:
        interrupt_status &= ~value;
        break;
      case Behaviour::kBdmaOperation:
        store(index, 0, value);
        result = queue_bdma(value);
        break;
      case Behaviour::kBdmaLaunch0:
      case Behaviour::kBdmaLaunch1:
        store(index, 0, value);
        result = launch_bdma(rules[index].behaviour == Behaviour::kBdmaLaunch1 ? 1 : 0, value, entered);
        break;
      default:
        store(index, 0, value);
        break;
    }
    if (result == AccessStatus::kOk && listener != nullptr) {
      listener->on_written(info.unit, info.offset, current(index, 0));
    }
    return result;
  }

  const RegisterMap& map;
  const RegisterRules& rules;
  std::array<bool, kUnits> present{};
  RegisterListener* listener = nullptr;
  std::array<std::vector<std::uint32_t>, 2> values;  // by group; single registers use group 0
  std::array<Groups, kUnits> groups{};
  LutPort sdp_lut{LutPort::Kind::kSdp}, cdp_lut{LutPort::Kind::kCdp};
  std::uint32_t interrupt_bits = 0x003f03ff;
  std::uint32_t mask_bits = 0;  // of S_INTR_MASK
  std::uint32_t interrupt_mask = 0, interrupt_status = 0;
  std::uint32_t bdma_queued = 0;
};

RegisterFile::RegisterFile(const HardwareParameters& hardware)
    : map_(RegisterMap::of(hardware.generation)), impl_(std::make_unique<Impl>(hardware)) {}

RegisterFile::~RegisterFile() = default;

void RegisterFile::set_listener(RegisterListener* listener) { impl_->listener = listener; }

AccessStatus RegisterFile::write(std::uint32_t offset, std::uint32_t value, Cycle entered) {
  AccessStatus status{};
  const std::size_t index = impl_->locate(offset, status);
  if (index == RegisterMap::kNone) return status;
  const RegisterRule& rule = impl_->rules[index];
  if (rule.write_mask == 0) return AccessStatus::kReadOnly;
  if (!rule.grouped) return impl_->write_single(index, value, entered);
  const Impl::Groups& unit = impl_->of(rule.unit);
  const std::uint32_t group = unit.producer;
  if (unit.enabled[group]) return AccessStatus::kIgnored;
  if (rule.behaviour == Behaviour::kOpEnable) return impl_->enable(rule.unit, group, value, entered);
  impl_->store(index, group, value);
  return AccessStatus::kOk;
}

std::size_t RegisterFile::store(const RegisterWrite* writes, std::size_t count) {
  Impl& impl = *impl_;
  const RegisterRules& rules = impl.rules;
  const auto storing = [&](const RegisterWrite& write) { return rules.storing(write.offset, write.value); };
  std::size_t done = 0;
  while (done < count) {
    std::size_t index = storing(writes[done]);
    if (index == RegisterMap::kNone) return done;
    const RegisterRule& first = rules[index];
    if (!impl.has(first.unit)) return done;
    if (first.behaviour == Behaviour::kLutData) {  // a table is filled entry by entry
      LutPort& lut = impl.lut(first.unit);
      const std::uint32_t offset = writes[done].offset;
      do {
        lut.write(writes[done++].value);
      } while (done < count && writes[done].offset == offset &&
               (writes[done].value & ~first.write_mask) == 0);
      continue;
    }
    if (!first.grouped) {
      impl.store_single(index, writes[done++].value);
      continue;
    }
    // And a unit's group register by register.
    const Impl::Groups& groups = impl.of(first.unit);
    if (groups.enabled[groups.producer]) return done;
    std::uint32_t* const values = impl.values[groups.producer].data();
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
  return impl_->look(offset, value, index);
}

AccessStatus RegisterFile::read(std::uint32_t offset, std::uint32_t& value) {
  std::size_t index = 0;
  const AccessStatus status = impl_->look(offset, value, index);
  if (status == AccessStatus::kOk && impl_->rules[index].behaviour == Behaviour::kLutData)
    value = impl_->lut(impl_->map[index].unit).read() & impl_->map[index].read_mask;
  return status;
}

std::uint32_t RegisterFile::value(Unit unit, std::string_view name, std::uint32_t group) const {
  return impl_->current(impl_->index_of(unit, name), group);
}

std::uint32_t RegisterFile::field(Unit unit, std::string_view name, std::string_view field,
                                  std::uint32_t group) const {
  const std::size_t index = impl_->index_of(unit, name);
  const FieldInfo* info = impl_->map[index].find(field);
  if (info == nullptr) {
    throw std::out_of_range(impl_->map[index].full_name() + " has no field " + std::string(field));
  }
  return info->extract(impl_->current(index, group));
}

void RegisterFile::set_value(Unit unit, std::string_view name, std::uint32_t group, std::uint32_t value) {
  const std::size_t index = impl_->index_of(unit, name);
  const RegisterInfo& info = impl_->map[index];
  if (impl_->rules[index].behaviour != Behaviour::kStorage || info.write_mask != 0) {
    throw std::logic_error(info.full_name() + " is not set by hardware");
  }
  impl_->values[info.grouped() ? group : 0][index] = value & info.read_mask;
}

std::array<RegisterFile::Words, 2> RegisterFile::contents(Unit unit, std::uint32_t group) const {
  const auto& [single, grouped] = impl_->rules.ranges(unit);
  const std::uint32_t* const singles = impl_->values[0].data();
  const std::uint32_t* const of_group = impl_->values[group].data();
  return {Words{singles + single.begin, singles + single.end},
          Words{of_group + grouped.begin, of_group + grouped.end}};
}

bool RegisterFile::has_unit(Unit unit) const { return impl_->has(unit); }

bool RegisterFile::enabled(Unit unit, std::uint32_t group) const { return impl_->of(unit).enabled[group]; }

std::uint32_t RegisterFile::producer(Unit unit) const { return impl_->of(unit).producer; }

std::uint32_t RegisterFile::consumer(Unit unit) const { return impl_->of(unit).consumer; }

void RegisterFile::start(Unit unit) {
  Impl::Groups& groups = impl_->of(unit);
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
  return impl_->lut(unit).entry(lo, index);
}

bool RegisterFile::running(Unit unit) const { return impl_->of(unit).running != 0; }

void RegisterFile::complete(Unit unit) {
  Impl::Groups& groups = impl_->of(unit);
  if (!groups.enabled[groups.consumer]) {
    throw std::logic_error(std::string(unit_name(unit)) + " completes a group that is not enabled");
  }
  groups.enabled[groups.consumer] = false;
  groups.running -= std::min(groups.running, 1U);
  // BDMA's groups may be launched in any order: the other one is next only if it waits.
  if (unit != Unit::kBdma || groups.enabled[1 - groups.consumer]) groups.consumer = 1 - groups.consumer;
}

void RegisterFile::take_bdma_transfer() {
  if (impl_->bdma_queued == 0) throw std::logic_error("BDMA takes a transfer from an empty FIFO");
  --impl_->bdma_queued;
}

std::uint32_t RegisterFile::raise(Interrupt source, std::uint32_t group) {
  const std::uint32_t bit = (1U << (interrupt_bit(source) + group)) & impl_->interrupt_bits;
  impl_->interrupt_status |= bit;
  return bit;
}

bool RegisterFile::interrupt() const { return (impl_->interrupt_status & ~impl_->interrupt_mask) != 0; }

void RegisterFile::set_cbuf_flushed(bool done) {
  set_value(Unit::kCdma, "S_CBUF_FLUSH_STATUS", 0, done ? 1 : 0);
}

void RegisterFile::reset() { impl_->reset(); }

}  // namespace nvdla::registers
