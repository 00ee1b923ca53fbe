// SPDX-License-Identifier: Apache-2.0
// Registers by name on a DeviceAccess. Fields are put together as the firmware of nvdla/sw does it: shifted,
// not masked, unless it says so, so that a descriptor out of range writes the same bits.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "host/driver/device_access.h"
#include "registers/register_map.h"

namespace nvdla::host {

struct FieldValue {
  std::string_view name;
  std::int64_t value;
  bool masked = false;
};

class RegisterWindow {
 public:
  RegisterWindow(Generation generation, DeviceAccess& device)
      : map_(registers::RegisterMap::of(generation)), device_(device) {}

  void write(Unit unit, std::string_view name, std::int64_t value) {
    device_.write_register(info(unit, name).offset, static_cast<std::uint32_t>(value));
  }
  void write(Unit unit, std::string_view name, std::initializer_list<FieldValue> fields) {
    const registers::RegisterInfo& reg = info(unit, name);
    device_.write_register(reg.offset, pack(reg, fields));
  }
  std::uint32_t read(Unit unit, std::string_view name) {
    return device_.read_register(info(unit, name).offset);
  }
  std::uint32_t read_field(Unit unit, std::string_view name, std::string_view field) {
    const registers::RegisterInfo& reg = info(unit, name);
    return find(reg, field).extract(device_.read_register(reg.offset));
  }
  // Reads until the field has all its bits set; see DeviceAccess::poll_register().
  bool poll(Unit unit, std::string_view name, std::string_view field) {
    return device_.poll_register(info(unit, name).offset, mask(unit, name, field));
  }
  // Bits that a field occupies.
  [[nodiscard]] std::uint32_t mask(Unit unit, std::string_view name, std::string_view field) const {
    const registers::FieldInfo& found = find(info(unit, name), field);
    return found.mask() << found.lsb;
  }

 private:
  [[nodiscard]] const registers::RegisterInfo& info(Unit unit, std::string_view name) const {
    const std::size_t index = map_.find(unit, name);
    if (index == registers::RegisterMap::kNone) {
      throw std::out_of_range("no register " + std::string(unit_name(unit)) + "." + std::string(name));
    }
    return map_[index];
  }
  static const registers::FieldInfo& find(const registers::RegisterInfo& reg, std::string_view field) {
    const registers::FieldInfo* found = reg.find(field);
    if (found == nullptr) throw std::out_of_range("no field " + reg.full_name() + "." + std::string(field));
    return *found;
  }
  static std::uint32_t pack(const registers::RegisterInfo& reg, std::initializer_list<FieldValue> fields) {
    std::uint32_t value = 0;
    for (const FieldValue& field : fields) {
      const registers::FieldInfo& to = find(reg, field.name);
      const auto bits = static_cast<std::uint32_t>(field.value);
      value |= (field.masked ? bits & to.mask() : bits) << to.lsb;
    }
    return value;
  }

  const registers::RegisterMap& map_;
  DeviceAccess& device_;
};

}  // namespace nvdla::host
