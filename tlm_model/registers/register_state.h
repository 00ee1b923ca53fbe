// SPDX-License-Identifier: Apache-2.0
// What a register file holds, and what a write does to it: the values of both groups, which groups are
// enabled, run or are in software's hands, the LUT ports, GLB's interrupt bits and BDMA's FIFO of commands.
// Of registers/register_file.cpp only, which says who may do it when.
#ifndef NVDLA_REGISTERS_REGISTER_STATE_H_
#define NVDLA_REGISTERS_REGISTER_STATE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/interrupt_bits.h"
#include "registers/lut_port.h"
#include "registers/register_file.h"
#include "registers/register_rules.h"

namespace nvdla::registers {

struct RegisterState {
  static constexpr std::uint32_t kBdmaIdle = 1U << 8;
  static constexpr std::uint32_t kBdmaBusy0 = 1U << 9;
  static constexpr std::uint32_t kConsumerBit = 16;
  static constexpr std::uint32_t kStatus1Lsb = 16;

  // Ping-pong state of one unit. BDMA has no pointers: `order` then tells which group was launched first.
  struct Groups {
    std::array<bool, 2> enabled{};
    std::uint32_t producer = 0;
    std::uint32_t consumer = 0;
    std::uint32_t running = 0;  // groups that are taken and not done: one at most, BDMA: both
  };

  explicit RegisterState(const HardwareParameters& hardware)
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

  // Whether a unit is built.
  [[nodiscard]] static bool in_configuration(Unit unit, const HardwareParameters& hardware) {
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

}  // namespace nvdla::registers

#endif  // NVDLA_REGISTERS_REGISTER_STATE_H_
