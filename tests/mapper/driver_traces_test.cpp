// SPDX-License-Identifier: Apache-2.0
// Proves that the mapper does what NVIDIA's compiler and driver do: its register accesses are those of
// the recorded traces, one for one, but for addresses and for numbers that depend on weights.
#include <gtest/gtest.h>

#include <sstream>

#include "registers/register_map.h"
#include "tests/support/trace_networks.h"

namespace nvdla::mapper {
namespace {

using registers::RegisterMap;

struct Access {
  host::CommandKind kind = host::CommandKind::kWait;
  std::uint32_t offset = 0, value = 0;
};

// Values of reads depend on time.
std::vector<Access> accesses_of(const host::Program& program) {
  std::vector<Access> result;
  for (const host::Program::Command& command : program.commands())
    result.push_back(
        {command.kind, command.offset, command.kind == host::CommandKind::kReadReg ? 0 : command.value});
  return result;
}

std::string text(const std::vector<Access>& accesses, std::size_t index, const RegisterMap& map) {
  if (index >= accesses.size()) return "nothing";
  const Access& access = accesses[index];
  std::ostringstream out;
  out << (access.kind == host::CommandKind::kWriteReg  ? "write "
          : access.kind == host::CommandKind::kReadReg ? "read "
                                                       : "until ")
      << map[map.at(access.offset)].full_name() << " 0x" << std::hex << access.value;
  return out.str();
}

// Where data lie, and what follows from their values.
bool depends_on_data(const std::string& name) {
  for (const char* part : {"ADDR", "D_CVT_", "SRC_VALUE", "_ALU_CFG", "_MUL_CFG", "S_LUT_", "LUT_CFG"})
    if (name.find(part) != std::string::npos) return true;
  return false;
}

class DriverTrace : public ::testing::TestWithParam<test::TraceNetwork> {};

TEST_P(DriverTrace, RegisterAccessesAreThoseOfTheDriver) {
  const test::TraceNetwork& trace = GetParam();
  const HardwareParameters& hardware = preset(trace.configuration);
  const RegisterMap& map = RegisterMap::of(hardware.generation);
  const std::vector<Access> driver =
      accesses_of(host::Program(NVDLA_SOURCE_DIR "/firmware_traces/" + trace.trace + "/input.txn.gz"));
  const std::vector<Access> mapped = accesses_of(mapper::map(trace.network, hardware, trace.options).program);
  std::ostringstream differences;
  int count = 0;
  for (std::size_t i = 0; i < std::max(driver.size(), mapped.size()) && count < 20; ++i) {
    if (i < driver.size() && i < mapped.size() && driver[i].kind == mapped[i].kind &&
        driver[i].offset == mapped[i].offset &&
        (driver[i].value == mapped[i].value || depends_on_data(map[map.at(driver[i].offset)].full_name())))
      continue;
    differences << "\n  access " << i << ": driver " << text(driver, i, map) << ", mapper "
                << text(mapped, i, map);
    ++count;
  }
  EXPECT_EQ(count, 0) << differences.str();
}

INSTANTIATE_TEST_SUITE_P(All, DriverTrace,
                         ::testing::ValuesIn(test::trace_networks(NVDLA_SOURCE_DIR "/firmware_traces")),
                         [](const auto& info) { return info.param.trace; });

}  // namespace
}  // namespace nvdla::mapper
