// SPDX-License-Identifier: Apache-2.0
// Proves that the accelerator does not depend on when, and in which order, memory answers: every trace ends,
// with every operation done, the values and the bytes of each client those of the in-order memory, and
// nothing written before its input had come, when each access is answered after a random 1 to 500 cycles;
// without SystemC, and through the component by b_transport that annotates or waits, by four phases in and
// out of order, and with DMI for half of the pages. And that with one latency for all the order of answers
// costs nothing: cycles are those of the in-order memory.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/temporary_directory.h"
#include "tests/torture/played.h"

namespace nvdla::torture {
namespace {

void expect_same_work(const Played& tortured, const Played& reference) {
  EXPECT_TRUE(tortured.idle);
  EXPECT_TRUE(tortured.unfinished.empty()) << tortured.unfinished.front();
  EXPECT_TRUE(tortured.heard.warnings.empty()) << tortured.heard.warnings.front();
  EXPECT_FALSE(reference.checksums.empty());
  EXPECT_EQ(tortured.checksums, reference.checksums);
  EXPECT_EQ(tortured.early_values, 0U);
  EXPECT_EQ(reference.early_values, 0U);
  ASSERT_EQ(tortured.heard.operations.size(), reference.heard.operations.size());
  for (const auto& [id, expected] : reference.heard.operations) {
    const auto found = tortured.heard.operations.find(id);
    ASSERT_NE(found, tortured.heard.operations.end());
    const engine::OperationRecord& record = found->second;
    SCOPED_TRACE(std::string(engine_name(id.engine)) + " " + std::to_string(id.sequence));
    EXPECT_EQ(record.dbb.read, expected.dbb.read);
    EXPECT_EQ(record.dbb.written, expected.dbb.written);
    EXPECT_EQ(record.cvsram.read, expected.cvsram.read);
    EXPECT_EQ(record.cvsram.written, expected.cvsram.written);
    EXPECT_EQ(record.layer, expected.layer);
  }
}

void expect_same_cycles(const Played& one, const Played& other) {
  ASSERT_EQ(one.heard.operations.size(), other.heard.operations.size());
  for (const auto& [id, expected] : other.heard.operations) {
    SCOPED_TRACE(std::string(engine_name(id.engine)) + " " + std::to_string(id.sequence));
    const engine::OperationRecord& record = one.heard.operations.at(id);
    EXPECT_EQ(record.start, expected.start);
    EXPECT_EQ(record.done, expected.done);
    EXPECT_EQ(record.time, expected.time);
  }
}

class Torture : public testing::TestWithParam<std::string> {
 protected:
  const host::Program program_{(kTraces / GetParam() / "input.txn.gz").string()};
  const HardwareParameters hardware_ = hardware_of(GetParam());
  const Played reference_ = play_in_order(program_, hardware_, 50);
};

TEST_P(Torture, EndsWithoutSystemC) {
  ASSERT_GT(reference_.heard.operations.size(), 0U);
  for (const std::uint32_t seed : {1U, 2U}) {
    for (const bool in_order : {true, false}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (in_order ? ", in order" : ", out of order"));
      expect_same_work(play(program_, hardware_, {seed, 1, 500, in_order}), reference_);
    }
  }
}

TEST_P(Torture, EqualLatenciesCostWhatTheInOrderMemoryCosts) {
  const Cycle latency = 50;
  const Played constant = play(program_, hardware_, {1, latency, latency, false});
  expect_same_work(constant, reference_);
  expect_same_cycles(constant, reference_);
  const Played ordered = play(program_, hardware_, {1, latency, latency, true});
  expect_same_cycles(ordered, constant);
  expect_same_cycles(
      play_systemc(program_, hardware_, {1, latency, latency, false}, Manner::kFourPhase, false), constant);
}

TEST_P(Torture, EndsWithBlockingTransport) {
  for (const Manner manner : {Manner::kAnnotated, Manner::kWaiting}) {
    SCOPED_TRACE(manner == Manner::kAnnotated ? "annotated" : "waiting");
    expect_same_work(play_systemc(program_, hardware_, {3, 1, 500, false}, manner, false), reference_);
  }
}

TEST_P(Torture, EndsWithFourPhases) {
  for (const bool in_order : {true, false}) {
    SCOPED_TRACE(in_order ? "in order" : "out of order");
    const Played played = play_systemc(program_, hardware_, {4, 1, 500, in_order}, Manner::kFourPhase, false);
    expect_same_work(played, reference_);
    EXPECT_EQ(played.overtaken > 0, !in_order);
  }
}

TEST_P(Torture, EndsWithDirectMemoryForPartOfTheRange) {
  for (const Manner manner : {Manner::kAnnotated, Manner::kFourPhase}) {
    SCOPED_TRACE(manner == Manner::kAnnotated ? "annotated" : "four phases");
    const Played played = play_systemc(program_, hardware_, {5, 1, 500, false}, manner, true);
    expect_same_work(played, reference_);
    EXPECT_GT(played.dmi_grants, 0U);
    EXPECT_GT(played.accesses, played.dmi_grants);
  }
}

INSTANTIATE_TEST_SUITE_P(Traces, Torture, testing::ValuesIn(traces()),
                         [](const auto& info) { return info.param; });

// A copy whose lines begin in the middle of a beat: its requests have chunks of unequal size, so that a
// response taken for another's would leave bytes missing.
class TortureCopy : public test::TemporaryDirectory {};

TEST_F(TortureCopy, LinesOffTheBeatEndWithTheirBytes) {
  const registers::RegisterMap& map = registers::RegisterMap::of(Generation::kV1);
  std::ostringstream trace;
  const auto write = [&](const char* name, std::uint32_t value) {
    trace << "write_reg " << 0xffff0000U + map.offset(Unit::kBdma, name) / 4 << ' ' << value << '\n';
  };
  constexpr std::uint32_t kUnits = 5;  // of 32 bytes: a line of 160 bytes
  write("CFG_SRC_ADDR_LOW", 0x80000060);
  write("CFG_DST_ADDR_LOW", 0x90000020);
  write("CFG_CMD", 3);
  write("CFG_LINE", kUnits - 1);
  write("CFG_LINE_REPEAT", 63);
  write("CFG_SURF_REPEAT", 0);
  write("CFG_SRC_LINE", 288);
  write("CFG_DST_LINE", 352);
  write("CFG_OP", 1);
  write("CFG_LAUNCH0", 1);
  trace << "until " << 0xffff0000U + map.offset(Unit::kGlb, "S_INTR_STATUS") / 4 << " 0x40\n";
  const host::Program program(file("copy.txn", trace.str()));
  const HardwareParameters hardware = preset("nv_full");
  const Played reference = play_in_order(program, hardware, 50);
  ASSERT_EQ(reference.heard.operations.size(), 1U);
  EXPECT_GT(reference.heard.operations.begin()->second.dbb.read[0], 64U * 160U);
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    expect_same_work(play(program, hardware, {seed, 1, 500, false}), reference);
    expect_same_work(play_systemc(program, hardware, {seed, 1, 60, false}, Manner::kAnnotated, false),
                     reference);
  }
}

}  // namespace
}  // namespace nvdla::torture
