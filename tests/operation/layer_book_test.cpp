// SPDX-License-Identifier: Apache-2.0
// Proves which operations form a hardware layer, in whatever order software enables them.
#include "operation/layer_book.h"

#include <gtest/gtest.h>

#include <map>

namespace nvdla {
namespace {

constexpr Links kGives{false, true}, kTakes{true, false}, kBoth{true, true}, kAlone{};

OperationId conv(std::uint32_t n) { return {Engine::kConv, n}; }
OperationId sdp(std::uint32_t n) { return {Engine::kSdp, n}; }
OperationId pdp(std::uint32_t n) { return {Engine::kPdp, n}; }

struct Bench {
  std::map<OperationId, OperationId> layer;
  LayerBook book{[this](OperationId member, OperationId head) {
    EXPECT_EQ(layer.count(member), 0U);  // told once
    layer[member] = head;
  }};
};

TEST(LayerBook, AnOperationFromMemoryIsItsOwnLayer) {
  Bench b;
  b.book.add(sdp(0), kAlone);
  b.book.add(pdp(0), kAlone);
  EXPECT_EQ(b.layer.at(sdp(0)), sdp(0));
  EXPECT_EQ(b.layer.at(pdp(0)), pdp(0));
}

TEST(LayerBook, TheOrderOfTheEnablesDoesNotMatter) {
  const OperationId ids[3] = {conv(0), sdp(0), pdp(0)};
  const Links links[3] = {kGives, kBoth, kTakes};
  const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : orders) {
    Bench b;
    for (const int i : order) b.book.add(ids[i], links[i]);
    for (const OperationId id : ids) EXPECT_EQ(b.layer.at(id), conv(0));
  }
}

TEST(LayerBook, PairsInOrderOverOperationsThatDoNotTakePart) {
  Bench b;
  b.book.add(conv(0), kGives);
  b.book.add(sdp(0), kAlone);  // from memory, between the convolutions
  b.book.add(sdp(1), kTakes);
  b.book.add(conv(1), kGives);
  b.book.add(pdp(0), kAlone);
  b.book.add(pdp(1), kTakes);
  b.book.add(sdp(2), kBoth);
  EXPECT_EQ(b.layer.at(sdp(1)), conv(0));
  EXPECT_EQ(b.layer.at(sdp(2)), conv(1));
  EXPECT_EQ(b.layer.at(pdp(1)), conv(1));
  EXPECT_EQ(b.layer.at(pdp(0)), pdp(0));
}

// Both groups of one side are enabled before the first of the other.
TEST(LayerBook, TwoThatWaitAreTakenInTheirOrder) {
  Bench givers;
  for (const std::uint32_t n : {0U, 1U}) givers.book.add(conv(n), kGives);
  for (const std::uint32_t n : {0U, 1U}) givers.book.add(sdp(n), kTakes);
  Bench takers;
  for (const std::uint32_t n : {0U, 1U}) takers.book.add(sdp(n), kTakes);
  for (const std::uint32_t n : {0U, 1U}) takers.book.add(conv(n), kGives);
  for (const std::uint32_t n : {0U, 1U}) {
    EXPECT_EQ(givers.layer.at(sdp(n)), conv(n));
    EXPECT_EQ(takers.layer.at(sdp(n)), conv(n));
  }
}

TEST(LayerBook, SdpFromMemoryFeedsPdp) {
  Bench b;
  b.book.add(pdp(0), kTakes);
  b.book.add(sdp(0), kGives);
  EXPECT_EQ(b.layer.at(pdp(0)), sdp(0));
}

TEST(LayerBook, ResetForgetsHalfLayers) {
  Bench b;
  b.book.add(conv(0), kGives);
  b.book.reset();
  b.book.add(conv(1), kGives);
  b.book.add(sdp(1), kTakes);
  EXPECT_EQ(b.layer.at(sdp(1)), conv(1));
}

}  // namespace
}  // namespace nvdla
