// SPDX-License-Identifier: Apache-2.0
// What is fixed of a register map: names, offsets, resets, access masks, fields and enumerations. The
// tables are generated at build time from registers/data/*.json (generator/generate_registers.cpp).
// Lookup by offset is O(1); lookup by name is one hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hardware/types.h"
#include "hardware/units.h"

namespace nvdla::registers {

struct EnumValue {
  std::string_view name;
  std::uint32_t value;
};

struct FieldInfo {
  std::string_view name;
  std::uint8_t lsb;
  std::uint8_t width;
  const EnumValue* values;  // null: any value is legal
  std::uint16_t value_count;

  [[nodiscard]] std::uint32_t mask() const { return width >= 32 ? ~0U : (1U << width) - 1U; }
  [[nodiscard]] std::uint32_t extract(std::uint32_t value) const { return (value >> lsb) & mask(); }
};

struct RegisterInfo {
  Unit unit;
  std::string_view name;  // without the unit: "D_OP_ENABLE"
  std::uint32_t offset;   // in the CSB window, bytes
  std::uint32_t reset;
  std::uint32_t read_mask;
  std::uint32_t write_mask;
  const FieldInfo* fields;
  std::uint16_t field_count;

  // One copy for each ping-pong group: the names that begin with D_.
  [[nodiscard]] bool grouped() const { return name.size() > 2 && name[0] == 'D' && name[1] == '_'; }
  // Null when there is no such field.
  [[nodiscard]] const FieldInfo* find(std::string_view field) const;
  // "SDP.D_CVT_SHIFT"
  [[nodiscard]] std::string full_name() const;
};

// What the generator writes for one data file.
struct RegisterTable {
  std::string_view name;
  const RegisterInfo* registers;
  std::size_t count;
};

namespace generated {
const RegisterTable& nv_full();
const RegisterTable& nv_small();
}  // namespace generated

class RegisterMap {
 public:
  // Generation V1 has the map nv_full, the scalable one nv_small.
  [[nodiscard]] static const RegisterMap& of(Generation generation);

  [[nodiscard]] std::string_view name() const { return table_.name; }
  [[nodiscard]] std::size_t size() const { return table_.count; }
  [[nodiscard]] const RegisterInfo& operator[](std::size_t index) const { return table_.registers[index]; }
  // Index of the register at a byte offset, kNone if there is none.
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t at(std::uint32_t offset) const {
    const std::size_t word = offset / 4;
    return word < by_offset_.size() && by_offset_[word] != 0 ? std::size_t{by_offset_[word]} - 1 : kNone;
  }
  [[nodiscard]] std::size_t find(Unit unit, std::string_view name) const;
  // Byte offset of a register; throws std::out_of_range for an unknown name.
  [[nodiscard]] std::uint32_t offset(Unit unit, std::string_view name) const;

 private:
  explicit RegisterMap(const RegisterTable& table);

  struct Key {
    Unit unit;
    std::string_view name;
    bool operator==(const Key& other) const { return unit == other.unit && name == other.name; }
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>{}(key.name) * 31 + static_cast<std::size_t>(key.unit);
    }
  };

  const RegisterTable& table_;
  std::vector<std::uint16_t> by_offset_;  // index + 1
  // Made when somebody asks for a name: who only accesses registers does not.
  mutable std::once_flag named_;
  mutable std::unordered_map<Key, std::size_t, KeyHash> by_name_;
};

}  // namespace nvdla::registers
