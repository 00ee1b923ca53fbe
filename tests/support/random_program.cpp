// SPDX-License-Identifier: Apache-2.0
#include "random_program.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace nvdla::test {

namespace {

// Results lie above everything that is read.
constexpr std::uint32_t kSources = 0x80000000, kResults = 0xc0000000, kResultBytes = 1U << 17U;

}  // namespace

RandomProgram::RandomProgram(const HardwareParameters& hardware, Precision precision, std::uint64_t seed)
    : hardware_(hardware),
      map_(registers::RegisterMap::of(hardware.generation)),
      precision_(precision),
      random_(seed) {}

std::uint32_t RandomProgram::number(std::uint32_t bits) {
  const std::uint32_t width = one_in(3) ? bits : between(1, bits);
  const auto value =
      static_cast<std::int32_t>(static_cast<std::uint32_t>(random_()) << (32 - width)) >> (32 - width);
  const std::uint32_t mask = bits == 32 ? ~0U : (1U << bits) - 1;
  return static_cast<std::uint32_t>(value) & mask;
}

std::uint32_t RandomProgram::fp32(double value) {
  const auto single = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &single, sizeof bits);
  return bits;
}

// Cut, not rounded; below the normal numbers zero.
std::uint32_t RandomProgram::fp17(double value) {
  const std::uint32_t bits = fp32(value);
  const std::int32_t exponent = static_cast<std::int32_t>(bits >> 23U & 0xffU) - 127 + 31;
  const std::uint32_t sign = bits >> 31U << 16U;
  if (exponent <= 0) return sign;
  return sign | static_cast<std::uint32_t>(exponent) << 10U | (bits >> 13U & 0x3ffU);
}

std::uint32_t RandomProgram::fp16(double value) {
  const std::uint32_t bits = fp32(value);
  const std::int32_t exponent = static_cast<std::int32_t>(bits >> 23U & 0xffU) - 127 + 15;
  const std::uint32_t sign = bits >> 31U << 15U;
  if (exponent <= 0) return sign;
  return sign | static_cast<std::uint32_t>(exponent) << 10U | (bits >> 13U & 0x3ffU);
}

// In steps of 2^-16 of the magnitude: the same everywhere.
double RandomProgram::real(double magnitude) {
  return (static_cast<double>(below(1U << 17U)) - 65536.0) / 65536.0 * magnitude;
}

void RandomProgram::set(Unit unit, std::string_view reg, std::uint32_t value) {
  pending_[{unit, std::string(reg)}] = value;
}

void RandomProgram::set(Unit unit, std::string_view reg, std::string_view field, std::uint32_t value) {
  const registers::FieldInfo* info = map_[map_.find(unit, reg)].find(field);
  if (info == nullptr) throw std::logic_error(std::string(reg) + " has no field " + std::string(field));
  std::uint32_t& whole = pending_[{unit, std::string(reg)}];
  whole = (whole & ~(info->mask() << info->lsb)) | (value & info->mask()) << info->lsb;
}

void RandomProgram::write(Unit unit, std::string_view reg, std::uint32_t value) {
  char line[64];
  std::snprintf(line, sizeof line, "write_reg 0x%08x 0x%08x\n", 0xffff0000U + map_.offset(unit, reg) / 4,
                value);
  text_ += line;
}

void RandomProgram::run(const std::vector<Unit>& units, const std::vector<Interrupt>& interrupts) {
  const std::array<std::string_view, 2> launch = {"CFG_LAUNCH0", "CFG_LAUNCH1"};
  std::uint32_t group = 0;
  for (const Unit unit : units) {
    group = runs_[unit]++ % 2;
    if (unit != Unit::kBdma) write(unit, "S_POINTER", group);
    for (const auto& [where, value] : pending_)
      if (where.first == unit) write(unit, where.second, value);
  }
  for (const Unit unit : units) {
    if (unit == Unit::kBdma) {
      write(unit, launch[group], 1);
    } else {
      write(unit, "S_POINTER", (runs_[unit] - 1) % 2);
      write(unit, "D_OP_ENABLE", 1);
    }
  }
  pending_.clear();
  std::uint32_t status = 0;
  const auto bit = [](Interrupt interrupt) {
    const auto index = static_cast<std::uint32_t>(interrupt);
    return interrupt >= Interrupt::kCdmaData ? 16 + 2 * (index - 5) : 2 * index;
  };
  for (const Interrupt interrupt : interrupts) status |= 1U << (bit(interrupt) + group);
  char line[64];
  std::snprintf(line, sizeof line, "until 0x%08x 0x%08x\n",
                0xffff0000U + map_.offset(Unit::kGlb, "S_INTR_STATUS") / 4, status);
  text_ += line;
  write(Unit::kGlb, "S_INTR_STATUS", status);
  ++operations_;
}

std::uint32_t RandomProgram::source() { return kSources + below(1U << 18U) * hardware_.memory_atom_bytes; }

std::uint32_t RandomProgram::destination() {
  return kResults + operations_ * kResultBytes + below(8) * hardware_.memory_atom_bytes;
}

RandomProgram::Strides RandomProgram::strides(std::uint32_t width, std::uint32_t height,
                                              std::uint32_t packed) {
  const std::uint32_t atom = hardware_.memory_atom_bytes;
  if (height == 1 && width <= packed) return {width * atom, width * atom};
  Strides s;
  s.line = (width + (one_in(3) ? below(4) : 0)) * atom;
  s.surface = s.line * height + (one_in(3) ? below(9) : 0) * atom;
  return s;
}

std::uint32_t RandomProgram::lanes() const {
  return hardware_.memory_atom_bytes / bytes_per_element(precision_);
}

void RandomProgram::set_cube(Unit unit, const Cube& cube) {
  set(unit, "D_DATA_CUBE_WIDTH", cube.width - 1);
  set(unit, "D_DATA_CUBE_HEIGHT", cube.height - 1);
  set(unit, "D_DATA_CUBE_CHANNEL", cube.channels - 1);
}

// A wave: neighbours differ, the whole range occurs.
std::uint32_t RandomProgram::table_entry(std::uint32_t i, double phase) {
  const double wave = (static_cast<double>((i * 37 + static_cast<std::uint32_t>(phase)) % 128) - 64) / 64;
  if (precision_ == Precision::kFp16) return fp16(wave * 4 + real(0.5));
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(wave * 30000) +
                                    static_cast<std::int32_t>(below(2000))) &
         0xffffU;
}

void RandomProgram::look_up_tables(Unit unit) {
  const bool is_float = precision_ == Precision::kFp16, wide = unit == Unit::kCdp;
  if (operations_ % 16 == 0 || runs_[unit] == 0) {
    for (std::uint32_t table = 0; table < 2; ++table) {
      write(unit, "S_LUT_ACCESS_CFG", 1U << 17U | table << 16U);
      const double phase = below(128);
      for (std::uint32_t i = 0; i < (table == 0 ? 65U : 257U); ++i)
        write(unit, "S_LUT_ACCESS_DATA", table_entry(i, phase));
    }
  }
  const bool exponential = one_in(2);
  write(unit, "S_LUT_CFG", (exponential ? 0U : 1U) | below(8) << 4U);
  const std::uint32_t top = precision_ == Precision::kInt8 ? 16 : 24;
  std::int32_t offset =
      is_float ? static_cast<std::int32_t>(below(12)) - 8 : static_cast<std::int32_t>(below(7)) - 3;
  // At 0 the functional model leaves out the first step of SDP's underflow, the RTL does not
  // (NV_NVDLA_SDP_CORE_Y_lut.v).
  if (offset == 0 && !is_float && !wide) offset = 1;
  const std::int32_t le_select =
      is_float ? static_cast<std::int32_t>(below(10)) - 6 : static_cast<std::int32_t>(below(top - 5));
  const std::int32_t lo_select =
      is_float ? static_cast<std::int32_t>(below(10)) - 8 : static_cast<std::int32_t>(below(top - 7));
  write(unit, "S_LUT_INFO",
        (static_cast<std::uint32_t>(offset) & 0xffU) | (static_cast<std::uint32_t>(le_select) & 0xffU) << 8U |
            (static_cast<std::uint32_t>(lo_select) & 0xffU) << 16U);
  const auto bounds = [&](const std::string& table, std::int32_t select, double entries) {
    const double start = is_float ? real(1) : std::floor(real(std::ldexp(1, static_cast<int>(top) - 3)));
    const double end = start + std::ldexp(entries, select);
    const auto put = [&](const std::string& name, double value) {
      const std::string reg = "S_LUT_" + table + name;
      if (is_float) {
        write(unit, wide ? reg + "_LOW" : reg, fp32(value));
        if (wide) write(unit, reg + "_HIGH", 0);
        return;
      }
      const auto integer = static_cast<std::int64_t>(value);
      write(unit, wide ? reg + "_LOW" : reg, static_cast<std::uint32_t>(integer));
      if (wide) write(unit, reg + "_HIGH", static_cast<std::uint32_t>(integer >> 32U) & 0x3fU);
    };
    put("_START", start);
    put("_END", end);
    const auto scale = [&] { return is_float ? fp16(real(2)) : number(16); };
    const std::uint32_t low = scale();
    write(unit, "S_LUT_" + table + "_SLOPE_SCALE", low | scale() << 16U);
    const std::uint32_t shift = is_float ? 0 : below(16);
    write(unit, "S_LUT_" + table + "_SLOPE_SHIFT", is_float ? 0 : shift | below(16) << 5U);
  };
  bounds("LE", exponential ? (is_float ? 4 : static_cast<std::int32_t>(top) - 8) : le_select, 64);
  bounds("LO", lo_select, 256);
}

}  // namespace nvdla::test
