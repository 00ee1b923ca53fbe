// SPDX-License-Identifier: Apache-2.0
// Proves that the resource which is made scarce is the one that gets the blame, in whole replays: and how
// much, against what follows from the shape of the traffic alone.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "host/runner.h"
#include "host/text_source.h"
#include "registers/register_map.h"
#include "tests/support/temporary_directory.h"
#include "tests/torture/played.h"

namespace nvdla::torture {
namespace {

class Blame : public test::TemporaryDirectory {
 protected:
  // A trace with one memory; `registers`: trace lines to play first.
  std::vector<engine::OperationRecord> records(const std::string& trace, Engine engine,
                                               const memory::MemoryDescription& dbb,
                                               const std::string& registers = {}) {
    std::string text = registers;
    host::TextSource source((kTraces / trace / "input.txn.gz").string());
    for (std::string line; source.next(line);) text += line + "\n";
    host::ReplayOptions options;
    options.hardware = hardware_of(trace);
    static_cast<memory::MemoryDescription&>(options.dbb) = dbb;
    std::vector<engine::OperationRecord> result;
    for (const engine::OperationRecord& record :
         host::run(host::Program(file("input.txn", text)), options).operations)
      if (record.id.engine == engine) result.push_back(record);
    EXPECT_FALSE(result.empty());
    return result;
  }
  // The trace line that writes a register of MCIF.
  static std::string mcif(const char* name, std::uint32_t value) {
    const std::uint32_t offset = registers::RegisterMap::of(Generation::kV1).offset(Unit::kMcif, name);
    std::ostringstream text;
    text << "write_reg 0x" << std::hex << 0xffff0000 + offset / 4 << " 0x" << value << "\n";
    return text.str();
  }
};

Cycle of(const engine::OperationRecord& record, Resource resource) {
  return record.time[static_cast<std::size_t>(resource)];
}

const char* const kPooling = "u_pool_max2_nv_full_int8";
constexpr Cycle kPoolingReads = 3136, kPoolingWrites = 784;  // beats of 64 bytes, as recorded
const char* const kSum = "u_elt_64x28_nv_full_int8";         // its last operation adds two cubes

TEST_F(Blame, FewOpenReadsBlameTheLimit) {
  for (const auto& record : records(kPooling, Engine::kPdp, {400, 64, 4}))
    EXPECT_EQ(record.bound_by, Resource::kOutstanding);
}

// RD_OS_CNT: one chunk of four beats may be open, so that every chunk takes a latency; while the next one is
// on its way, the core works for eight cycles a beat.
TEST_F(Blame, TheReadLimitOfTheRegisterIsTheLimit) {
  constexpr Cycle kLatency = 400;
  for (const auto& record :
       records(kPooling, Engine::kPdp, {kLatency, 64, 256}, mcif("CFG_OUTSTANDING_CNT", 0xff03))) {
    EXPECT_EQ(record.bound_by, Resource::kOutstanding);
    EXPECT_GE(of(record, Resource::kOutstanding), (kPoolingReads / 4 - 1) * (kLatency - 4 * 8));
    EXPECT_LE(of(record, Resource::kOutstanding), kPoolingReads / 4 * (kLatency + 8));
    EXPECT_LE(of(record, Resource::kDbbLatency), 2 * kLatency);  // the first read and the last write
  }
}

// WR_OS_CNT: the same of writes. While PDP's output waits, its core waits.
TEST_F(Blame, TheWriteLimitOfTheRegisterIsTheLimit) {
  constexpr Cycle kLatency = 400;
  for (const auto& record :
       records(kPooling, Engine::kPdp, {kLatency, 64, 256}, mcif("CFG_OUTSTANDING_CNT", 0x03ff))) {
    EXPECT_EQ(record.bound_by, Resource::kOutstanding);
    const Cycle all = kPoolingWrites / 4 * kLatency;
    EXPECT_GE(of(record, Resource::kOutstanding), all - 25'347);  // less all that PDP does, as recorded
    EXPECT_LE(of(record, Resource::kOutstanding), all + kPoolingWrites / 4 * 8);
  }
}

TEST_F(Blame, LimitsThatDoNotBindAreNotBlamed) {
  for (const auto& record :
       records(kPooling, Engine::kPdp, {50, 64, 256}, mcif("CFG_OUTSTANDING_CNT", 0xffff)))
    EXPECT_EQ(of(record, Resource::kOutstanding), 0);
}

TEST_F(Blame, ASlowBusBlamesBandwidth) {
  for (const auto& record : records(kPooling, Engine::kPdp, {20, 4, 256})) {
    EXPECT_EQ(record.bound_by, Resource::kDbbBandwidth);
    EXPECT_GE(of(record, Resource::kDbbBandwidth), (kPoolingReads + kPoolingWrites) * 64 / 4 * 95 / 100);
  }
}

// Two cubes in, one out, over a bus that needs three times as long for them as SDP: every stream of SDP
// waits, and all of it is the bus but the way of the first data and of the last.
TEST_F(Blame, ASlowBusOfSeveralStreamsBlamesBandwidth) {
  constexpr Cycle kBytes = 3 * 64 * 28 * 28, kRate = 16;
  const engine::OperationRecord sum = records(kSum, Engine::kSdp, {50, kRate, 256}).back();
  EXPECT_EQ(sum.bound_by, Resource::kDbbBandwidth);
  EXPECT_GE(of(sum, Resource::kDbbBandwidth), kBytes / kRate - 200);
  EXPECT_LE(of(sum, Resource::kDbbBandwidth), kBytes / kRate + 200);
  EXPECT_LE(of(sum, Resource::kOperandFetch) + of(sum, Resource::kWritePath), 100);
}

TEST_F(Blame, ASmallOperationFarFromMemoryBlamesLatency) {
  for (const auto& record : records("u_lrn_16x7_nv_full_int8", Engine::kCdp, {4000, 64, 256}))
    EXPECT_EQ(record.bound_by, Resource::kDbbLatency);
}

// SDP's input and its operand are asked for in the same cycle, in chunks of four beats, and the first result
// needs both: it waits once for the other's chunk. After that SDP takes 16 elements a cycle, 32 bytes of the
// 64 that the port has, and never waits for one of them again.
TEST_F(Blame, TwoClientsOnOnePortShowArbitration) {
  const engine::OperationRecord sum = records(kSum, Engine::kSdp, {50, 64, 256}).back();
  EXPECT_EQ(of(sum, Resource::kArbitration), 4);
  EXPECT_EQ(sum.bound_by, Resource::kSdpCore);
}

}  // namespace
}  // namespace nvdla::torture
