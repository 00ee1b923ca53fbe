// SPDX-License-Identifier: Apache-2.0
// Proves the order of CDMA's data requests in Winograd mode: blocks of four lines, padding as dummies, groups
// of four lines of the extended cube, every real atom once.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "amaix/convolution_plan.h"

namespace nvdla::amaix {
namespace {

// 14 x 10 int8, two surfaces; padded to 20 x 16.
ConvolutionFetch winograd() {
  ConvolutionFetch fetch;
  fetch.mode = ConvolutionMode::kWinograd;
  fetch.input = {14, 10, 64};
  fetch.input_ext = {20, 16, 64};
  fetch.padding = {1, 5, 1, 5};
  fetch.data.address = 0x80001000;
  fetch.data.line_stride = 448;
  fetch.data.surface_stride = 4480;
  fetch.entries_per_slice = 10;
  return fetch;
}

std::vector<DataRequest> all(const ConvolutionFetch& fetch) {
  std::vector<DataRequest> result;
  for (DataRequests requests(fetch, preset("nv_full")); !requests.done(); requests.advance())
    result.push_back(requests.front());
  return result;
}

TEST(WinogradRequests, ComeInBlocksOfFourLines) {
  const std::vector<DataRequest> requests = all(winograd());
  // 4 groups, 2 surfaces; left padding, two blocks of pixels, right padding.
  ASSERT_EQ(requests.size(), 4U * 2 * 4 * 4);
  const std::uint32_t atoms[] = {1, 8, 6, 5};
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(requests[i].atoms, atoms[i / 4]) << i;
    EXPECT_EQ(requests[i].bundle_end, i % 4 == 3) << i;
    EXPECT_EQ(requests[i].grain_start, i == 0) << i;
    // The line above the input is padding, too.
    EXPECT_EQ(requests[i].dummy, i / 4 == 0 || i / 4 == 3 || i % 4 == 0) << i;
  }
  EXPECT_EQ(requests[5].address, 0x80001000U);
  EXPECT_EQ(requests[6].address, 0x80001000U + 448);
  EXPECT_EQ(requests[9].address, 0x80001000U + 8 * 32);
  EXPECT_EQ(requests[21].address, 0x80001000U + 4480);
}

TEST(WinogradRequests, CoverTheInputOnce) {
  for (const std::uint32_t stride : {1U, 2U}) {
    ConvolutionFetch fetch = winograd();
    fetch.stride_x = fetch.stride_y = stride;
    fetch.input_ext = {20 / stride, 16 / stride, 64 * stride * stride};
    std::map<std::uint64_t, int> seen;
    for (const DataRequest& request : all(fetch))
      for (std::uint32_t i = 0; !request.dummy && i < request.atoms; ++i) ++seen[request.address + 32 * i];
    EXPECT_EQ(seen.size(), 14U * 10 * 2) << stride;
    for (const auto& [address, times] : seen) EXPECT_EQ(times, 1) << address;
  }
}

TEST(WinogradRequests, AGroupTakesTheEntriesOfFourLines) {
  DataRequests requests(winograd(), preset("nv_full"));
  std::uint32_t groups = 0;
  for (; !requests.done(); requests.advance()) {
    if (!requests.front().grain_start) continue;
    ++groups;
    EXPECT_EQ(requests.grain_entries(), 40U);
  }
  EXPECT_EQ(groups, 4U);
}

}  // namespace
}  // namespace nvdla::amaix
