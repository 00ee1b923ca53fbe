// SPDX-License-Identifier: Apache-2.0
// Properties that hold for any sequence of accesses: an enabled group never changes, bits that software
// cannot write never change, group status and pointers stay consistent, and nothing depends on what was only
// read.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "registers/decoder.h"
#include "registers/register_file.h"

namespace nvdla::registers {

namespace {

struct Access {
  enum Kind { kWrite, kRead, kStart, kComplete } kind;
  std::uint32_t offset;
  std::uint32_t value;
  Unit unit;
};

// Offsets of registers are far likelier than others; OP_ENABLE and the pointer likelier than other registers.
rc::Gen<std::uint32_t> any_offset(const RegisterMap& map) {
  std::vector<std::uint32_t> all, control;
  for (std::size_t i = 0; i < map.size(); ++i) {
    all.push_back(map[i].offset);
    if (map[i].name == "D_OP_ENABLE" || map[i].name == "S_POINTER") control.push_back(map[i].offset);
  }
  return rc::gen::weightedOneOf<std::uint32_t>({{6, rc::gen::elementOf(all)},
                                                {3, rc::gen::elementOf(control)},
                                                {1, rc::gen::inRange<std::uint32_t>(0, 0x20010)}});
}

rc::Gen<Access> any_access(const RegisterMap& map) {
  const auto unit =
      rc::gen::map(rc::gen::inRange<int>(static_cast<int>(Unit::kBdma), static_cast<int>(kUnits)),
                   [](int index) { return static_cast<Unit>(index); });
  const auto kind = rc::gen::weightedElement<Access::Kind>(
      {{8, Access::kWrite}, {2, Access::kRead}, {2, Access::kStart}, {2, Access::kComplete}});
  const auto value =
      rc::gen::oneOf(rc::gen::element<std::uint32_t>(0, 1, 0xffffffff), rc::gen::arbitrary<std::uint32_t>());
  return rc::gen::construct<Access>(kind, any_offset(map), value, unit);
}

// All D_ registers of one group of one unit, as hardware sees them.
std::vector<std::uint32_t> group_values(const RegisterFile& file, Unit unit, std::uint32_t group) {
  std::vector<std::uint32_t> values;
  for (std::size_t i = 0; i < file.map().size(); ++i) {
    const RegisterInfo& info = file.map()[i];
    if (info.unit == unit && info.grouped()) values.push_back(file.value(unit, info.name, group));
  }
  return values;
}

void perform(RegisterFile& file, const Access& access) {
  std::uint32_t unused = 0;
  switch (access.kind) {
    case Access::kWrite:
      (void)file.write(access.offset, access.value);
      break;
    case Access::kRead:
      (void)file.read(access.offset, unused);
      break;
    case Access::kStart:
      if (file.enabled(access.unit, file.consumer(access.unit)) && !file.running(access.unit)) {
        file.start(access.unit);
      }
      break;
    case Access::kComplete:
      if (file.running(access.unit)) file.complete(access.unit);
      break;
  }
}

class Properties : public testing::TestWithParam<const char*> {
 protected:
  HardwareParameters hardware = preset(GetParam());
  const RegisterMap& map = RegisterMap::of(hardware.generation);
  rc::Gen<std::vector<Access>> accesses = rc::gen::container<std::vector<Access>>(any_access(map));
};

TEST_P(Properties, AnEnabledGroupChangesOnlyWhenItCompletes) {
  EXPECT_TRUE(rc::check([&] {
    RegisterFile file(hardware);
    std::map<std::pair<Unit, std::uint32_t>, std::vector<std::uint32_t>> frozen;
    for (const Access& access : *accesses) {
      perform(file, access);
      for (std::size_t u = static_cast<std::size_t>(Unit::kCdma); u < kUnits; ++u) {
        const auto unit = static_cast<Unit>(u);
        for (const std::uint32_t group : {0U, 1U}) {
          if (!file.enabled(unit, group)) {
            frozen.erase({unit, group});
            continue;
          }
          auto values = group_values(file, unit, group);
          const auto [entry, first] = frozen.emplace(std::make_pair(unit, group), values);
          RC_ASSERT(first || entry->second == values);
        }
      }
    }
  }));
}

TEST_P(Properties, SoftwareNeverChangesBitsThatItCannotWrite) {
  EXPECT_TRUE(rc::check([&] {
    RegisterFile file(hardware);
    for (const Access& access : *accesses) {
      if (access.kind != Access::kWrite) continue;
      (void)file.write(access.offset, access.value);
    }
    for (std::size_t i = 0; i < map.size(); ++i) {
      const RegisterInfo& info = map[i];
      // Status that follows from what software did is not storage.
      const bool derived = info.name == "S_STATUS" || info.name == "S_INTR_STATUS" || info.name == "STATUS" ||
                           info.name.substr(0, 12) == "S_LUT_ACCESS";
      if (derived) continue;
      for (const std::uint32_t group : {0U, 1U}) {
        const std::uint32_t fixed = ~info.write_mask;
        RC_ASSERT((file.value(info.unit, info.name, group) & fixed) == (info.reset & fixed));
      }
    }
  }));
}

TEST_P(Properties, StatusAgreesWithPointersAndEnables) {
  EXPECT_TRUE(rc::check([&] {
    RegisterFile file(hardware);
    for (const Access& access : *accesses) perform(file, access);
    for (std::size_t u = static_cast<std::size_t>(Unit::kCdma); u < kUnits; ++u) {
      const auto unit = static_cast<Unit>(u);
      if (!file.has_unit(unit)) continue;
      for (const std::uint32_t group : {0U, 1U}) {
        const char* name = group == 0 ? "STATUS_0" : "STATUS_1";
        const std::uint32_t expected = !file.enabled(unit, group)     ? 0U
                                       : file.consumer(unit) == group ? 1U
                                                                      : 2U;
        RC_ASSERT(file.field(unit, "S_STATUS", name, 0) == expected);
      }
      RC_ASSERT(!file.running(unit) || file.enabled(unit, file.consumer(unit)));
    }
  }));
}

TEST_P(Properties, PeekTellsWhatReadReturns) {
  EXPECT_TRUE(rc::check([&] {
    RegisterFile file(hardware);
    for (const Access& access : *accesses) {
      perform(file, access);
      std::uint32_t peeked = 0, read = 0;
      const AccessStatus status = file.peek(access.offset, peeked);
      RC_ASSERT(file.read(access.offset, read) == status);
      RC_ASSERT(peeked == read);
    }
  }));
}

// Any register contents decode or are refused with a DecodeError: nothing else escapes.
TEST_P(Properties, AnyRegisterContentsDecodeOrAreRefused) {
  EXPECT_TRUE(rc::check([&] {
    RegisterFile file(hardware);
    for (std::size_t i = 0; i < map.size(); ++i) {
      const RegisterInfo& info = map[i];
      const bool configuration = info.grouped() || info.unit == Unit::kBdma;
      if (!configuration || info.name == "D_OP_ENABLE") continue;
      // Small values are likelier to be legal and to reach the later rules.
      const auto value = *rc::gen::oneOf(rc::gen::arbitrary<std::uint32_t>(), rc::gen::just(0U),
                                         rc::gen::inRange<std::uint32_t>(0, 16));
      (void)file.write(info.offset, value);
    }
    const auto decodes = [](const auto& decode) {
      try {
        decode();
      } catch (const DecodeError& error) {
        RC_ASSERT(std::string(error.what()).find("(0x") != std::string::npos);
      }
    };
    decodes([&] { (void)decode_fetch(file, 0, hardware); });
    decodes([&] { (void)decode_sequence(file, 0, hardware); });
    decodes([&] { (void)decode_accumulate(file, 0, hardware); });
    decodes([&] { (void)decode_sdp(file, 0, hardware); });
    decodes([&] { (void)decode_sdp_fetch(file, 0, hardware); });
    decodes([&] { (void)decode_pdp(file, 0, hardware); });
    decodes([&] { (void)decode_cdp(file, 0, hardware); });
    decodes([&] { (void)decode_pdp_fetch(file, 0, hardware); });
    decodes([&] { (void)decode_cdp_fetch(file, 0, hardware); });
    decodes([&] { (void)decode_bdma(file, hardware); });
    decodes([&] { (void)decode_rubik(file, 0, hardware); });
  }));
}

INSTANTIATE_TEST_SUITE_P(Configurations, Properties, testing::Values("nv_full", "nv_small"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace

}  // namespace nvdla::registers
