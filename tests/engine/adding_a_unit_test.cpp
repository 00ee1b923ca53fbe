// SPDX-License-Identifier: Apache-2.0
// Proves docs/adding-a-unit.md: the unit that it shows runs at every level, with its bytes, record and
// interrupt, without a change elsewhere; and the page shows the code that is compiled here.
#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <sstream>

#include "engine/system.h"
#include "tests/engine/fill_unit.h"

namespace nvdla::engine {
namespace {

struct Log : Listener {
  void on_done(const OperationRecord& record) override { done.push_back(record); }
  void on_interrupt(std::uint32_t status, Cycle) override { interrupts.push_back(status); }
  void on_fault(const std::string& text, Cycle) override { faults.push_back(text); }
  std::vector<OperationRecord> done;
  std::vector<std::uint32_t> interrupts;
  std::vector<std::string> faults;
};

class AddingAUnit : public testing::TestWithParam<amaix::Level> {
 protected:
  AddingAUnit() : system_(hardware(), options(), {}, {}) { system_.accelerator().add_listener(log_); }
  static AcceleratorOptions options() {
    AcceleratorOptions result = fill::options(GetParam());
    result.nominal_memory.dbb.bytes_per_cycle = 8;  // a beat of nv_small
    return result;
  }
  static HardwareParameters hardware() {
    HardwareParameters result = preset("nv_small");
    result.rubik = true;  // its register window
    return result;
  }
  void write(const char* name, std::uint32_t value) {
    Accelerator& accelerator = system_.accelerator();
    accelerator.write(accelerator.register_file().map().offset(Unit::kRubik, name), value, accelerator.now());
  }
  void enable(std::uint32_t group, std::uint32_t stride) {
    write("S_POINTER", group);
    write("D_DAOUT_RAM_TYPE", 1);
    write("D_DAOUT_ADDR_LOW", 0x80000000);
    write("D_DATAIN_SIZE_0", 15U | 31U << 16U);  // 16 atoms a line, 32 lines
    write("D_DAOUT_LINE_STRIDE", stride);
    write("D_OP_ENABLE", 1);
  }
  System system_;
  Log log_;
};

TEST_P(AddingAUnit, FillsMemoryInBothGroups) {
  enable(0, 128);
  enable(1, 256);
  system_.advance(100'000);
  EXPECT_TRUE(log_.faults.empty());
  ASSERT_EQ(log_.done.size(), 2U);
  for (std::uint32_t i = 0; i < 2; ++i) {
    const OperationRecord& record = log_.done[i];
    EXPECT_EQ(record.group, i);
    EXPECT_EQ(record.dbb.written[static_cast<std::size_t>(Client::kRubik)], 16U * 8U * 32U);
    // At least a beat a cycle.
    EXPECT_GE(record.done - record.begin, 32 * 16);
    EXPECT_EQ(std::accumulate(record.time.begin(), record.time.end(), Cycle{0}), record.done - record.begin);
  }
  EXPECT_EQ(log_.interrupts.size(), 2U);
}

TEST_P(AddingAUnit, RefusesOverlappingLines) {
  enable(0, 64);
  system_.advance(100'000);
  ASSERT_EQ(log_.faults.size(), 1U);
  EXPECT_NE(log_.faults[0].find("D_DAOUT_LINE_STRIDE"), std::string::npos);
  EXPECT_TRUE(log_.done.empty());
}

INSTANTIATE_TEST_SUITE_P(Levels, AddingAUnit,
                         testing::Values(amaix::Level::kRoofline, amaix::Level::kRefined,
                                         amaix::Level::kDynamic),
                         [](const auto& info) { return std::string(amaix::level_name(info.param)); });

TEST(AddingAUnitPage, ConnectedUnitsAreNotReplacedAlone) {
  struct Fake : fill::FillUnit {
    using FillUnit::FillUnit;
    [[nodiscard]] Engine engine() const override { return Engine::kSdp; }
  };
  Core core(preset("nv_small"), nullptr);
  Units units = make_units(core);
  EXPECT_THROW(add_or_replace(units, std::make_unique<Fake>(core)), std::invalid_argument);
}

std::string contents(const std::string& path) {
  std::ifstream file(std::string(NVDLA_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(AddingAUnitPage, ShowsTheCodeThatIsTested) {
  const std::string code = contents("tests/engine/fill_unit.h");
  const std::string page = contents("docs/adding-a-unit.md");
  for (const char* part : {"operation", "unit", "options"}) {
    const std::string mark = std::string("// [") + part + "]\n";
    const std::size_t begin = code.find(mark) + mark.size();
    const std::size_t end = code.find(mark, begin);
    ASSERT_NE(end, std::string::npos) << part;
    EXPECT_NE(page.find("```cpp\n" + code.substr(begin, end - begin) + "```"), std::string::npos)
        << "docs/adding-a-unit.md does not show the part [" << part
        << "] of tests/engine/fill_unit.h as it is";
  }
}

}  // namespace
}  // namespace nvdla::engine
