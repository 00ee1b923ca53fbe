// SPDX-License-Identifier: Apache-2.0
// DMA differences are found, by byte count and by address and order.
#include "validation/dma_comparison.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

using ::testing::HasSubstr;

engine::OperationRecord pooling(std::uint64_t read, std::uint64_t written) {
  engine::OperationRecord record;
  record.id = record.layer = {Engine::kPdp, 0};
  record.dbb.read[static_cast<std::size_t>(Client::kPdp)] = read;
  record.dbb.written[static_cast<std::size_t>(Client::kPdp)] = written;
  return record;
}

TEST(DmaBytes, EqualBytesHaveNoMismatch) {
  const ByteComparison result = compare_bytes({pooling(128, 64)}, {pooling(128, 64)});
  EXPECT_EQ(result.compared, 2u);
  EXPECT_TRUE(result.mismatches.empty());
}

TEST(DmaBytes, DifferenceNamesOperationAndStream) {
  const ByteComparison result = compare_bytes({pooling(128, 64)}, {pooling(192, 64)});
  ASSERT_EQ(result.mismatches.size(), 1u);
  EXPECT_EQ(result.mismatches[0].stream, "DBB read pdp");
  EXPECT_EQ(result.mismatches[0].recorded, 128u);
  EXPECT_EQ(result.mismatches[0].modelled, 192u);
}

TEST(DmaBytes, ReadsOfAnotherPortDiffer) {
  engine::OperationRecord cvsram = pooling(0, 64);
  cvsram.cvsram.read[static_cast<std::size_t>(Client::kPdp)] = 128;
  EXPECT_EQ(compare_bytes({pooling(128, 64)}, {cvsram}).mismatches.size(), 2u);
}

TEST(DmaBytes, WritesAreComparedOverBothPorts) {
  engine::OperationRecord cvsram = pooling(128, 0);
  cvsram.cvsram.written[static_cast<std::size_t>(Client::kPdp)] = 64;
  EXPECT_TRUE(compare_bytes({pooling(128, 64)}, {cvsram}).mismatches.empty());
}

TEST(DmaBytes, WritesRecordedForAnOperationThatWritesNothingAreTheNextOnes) {
  engine::OperationRecord next = pooling(128, 192);
  next.id.sequence = next.layer.sequence = 1;
  engine::OperationRecord modelled_next = next;
  modelled_next.dbb.written[static_cast<std::size_t>(Client::kPdp)] = 256;
  EXPECT_TRUE(compare_bytes({pooling(128, 64), next}, {pooling(128, 0), modelled_next}).mismatches.empty());
  // It must be somebody's.
  EXPECT_EQ(compare_bytes({pooling(128, 64)}, {pooling(128, 0)}).mismatches.size(), 1u);
  EXPECT_EQ(compare_bytes({pooling(128, 64), next}, {pooling(128, 64), modelled_next}).mismatches.size(), 1u);
}

TEST(DmaBytes, OperationOfOneSideOnlyDiffers) {
  EXPECT_EQ(compare_bytes({pooling(128, 64)}, {}).mismatches.size(), 2u);
  EXPECT_EQ(compare_bytes({}, {pooling(128, 64)}).mismatches.size(), 2u);
}

host::DmaBurst read_burst(std::uint64_t address, std::uint32_t beats) {
  return {0, MemorySpace::kDbb, false, Client::kPdp, address, beats};
}

TEST(DmaTrace, GroupingOfBeatsDoesNotMatter) {
  DmaStreams recorded(64), modelled(64);
  recorded.add(read_burst(0x1000, 2));
  modelled.add(read_burst(0x1000, 1));
  modelled.add(read_burst(0x1040, 1));
  const auto result = compare_streams(recorded, modelled);
  ASSERT_EQ(result.size(), 1u);
  EXPECT_EQ(result[0].in_order, 2u);
  EXPECT_FALSE(result[0].first_difference);
}

TEST(DmaTrace, AnotherOrderIsFoundAndToldFromOtherAddresses) {
  DmaStreams recorded(64), swapped(64), moved(64);
  for (const std::uint64_t address : {0x1000, 0x2000}) recorded.add(read_burst(address, 1));
  for (const std::uint64_t address : {0x2000, 0x1000}) swapped.add(read_burst(address, 1));
  for (const std::uint64_t address : {0x1000, 0x3000}) moved.add(read_burst(address, 1));
  const auto order = compare_streams(recorded, swapped);
  EXPECT_EQ(order[0].first_difference, 0u);
  EXPECT_TRUE(order[0].same_set);
  const auto addresses = compare_streams(recorded, moved);
  EXPECT_EQ(addresses[0].first_difference, 1u);
  EXPECT_EQ(addresses[0].recorded_address, 0x2000u);
  EXPECT_EQ(addresses[0].modelled_address, 0x3000u);
  EXPECT_FALSE(addresses[0].same_set);
}

TEST(DmaTrace, MissingBeatsAreADifference) {
  DmaStreams recorded(64), modelled(64);
  recorded.add(read_burst(0x1000, 2));
  modelled.add(read_burst(0x1000, 1));
  const auto result = compare_streams(recorded, modelled);
  EXPECT_EQ(result[0].first_difference, 1u);
  EXPECT_FALSE(result[0].modelled_address);
}

using DmaTraceFile = test::TemporaryDirectory;

TEST_F(DmaTraceFile, RowsBecomeStreams) {
  const DmaStreams streams = load_dma_trace(
      file("t.csv",
           "cycle,port,access,client,address,beats\n5,DBB,R,pdp,80000000,2\n6,CVSRAM,W,sdp,ff40,1\n"),
      64);
  ASSERT_EQ(streams.beats().size(), 2u);
  const std::vector<std::uint64_t> expected{0x80000000, 0x80000040};
  EXPECT_EQ(streams.beats().at({MemorySpace::kDbb, false, Client::kPdp}), expected);
}

TEST_F(DmaTraceFile, BadRowNamesFileAndLine) {
  const std::string path = file("t.csv", "cycle,port,access,client,address,beats\n5,DBB,X,pdp,80000000,2\n");
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)load_dma_trace(path, 64); }),
              HasSubstr(path + ":2"));
}

}  // namespace
}  // namespace nvdla::validation
