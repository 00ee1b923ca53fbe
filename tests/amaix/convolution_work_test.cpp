// SPDX-License-Identifier: Apache-2.0
// Proves what CDMA's shared buffer has to do behind a beat in Winograd mode, against the buffer itself, and
// its cycles for pairs of surfaces.
#include "amaix/convolution_work.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "amaix/convolution_plan.h"
#include "amaix/winograd_buffer.h"

namespace nvdla::amaix {
namespace {

// The last group of four lines is one line of input and three of padding, for two surfaces.
ConvolutionFetch padded() {
  ConvolutionFetch fetch;
  fetch.mode = ConvolutionMode::kWinograd;
  fetch.input = {12, 12, 64};
  fetch.input_ext = {16, 16, 64};
  fetch.padding = {1, 3, 1, 3};
  fetch.data.address = 0x80001000;
  fetch.data.line_stride = 384;
  fetch.data.surface_stride = 4608;
  fetch.entries_per_slice = 8;
  return fetch;
}

// The last cycle of the last cube, of data that come a beat in `pace` cycles.
Cycle played(const ConvolutionFetch& fetch, Cycle pace) {
  const HardwareParameters& hardware = preset("nv_full");
  WinogradBuffer buffer;
  buffer.start(fetch, hardware);
  Cycle at = 0;
  for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const DataRequest& request = requests.front();
    buffer.expect(request, 0);
    for (std::uint32_t atoms = 0; !request.dummy && atoms < request.atoms; atoms += 2, at += pace)
      buffer.accept(at, std::min(2U, request.atoms - atoms));
  }
  return buffer.drain();
}

TEST(WinogradWork, EndsWhatABeatLeavesBehindItLater) {
  const ConvolutionFetch fetch = padded();
  const ConvolutionDataWork work = convolution_data_work(fetch, preset("nv_full"));
  EXPECT_EQ(work.beats, 72 * 2);
  // Eight cubes that wait do not stop slow data.
  for (const Cycle pace : {3, 4, 7}) {
    double end = 0;
    for (const ConvolutionDataWork::Behind& behind : work.behind)
      end = std::max(end, behind.beat * static_cast<double>(pace) + behind.cycles);
    EXPECT_EQ(end, played(fetch, pace)) << pace;
  }
  // Slow data leave the padding of the last surface behind them, those that come fast that of others, too.
  ASSERT_FALSE(work.behind.empty());
  EXPECT_EQ(work.behind.back().beat, work.beats - 1);
  EXPECT_GT(work.behind.front().cycles, work.behind.back().cycles + 200);
}

// Seven atoms are four beats of each surface: a cycle a beat, and one for two of the seven reads.
TEST(DirectWork, APairTakesItsBeatsAndACycleForTwoReads) {
  ConvolutionFetch fetch;
  fetch.input = {7, 3, 64};
  fetch.data.address = 0x80001000;
  fetch.data.line_stride = 256;
  fetch.data.surface_stride = 768;
  fetch.entries_per_slice = 4;
  const ConvolutionDataWork work = convolution_data_work(fetch, preset("nv_full"));
  EXPECT_EQ(work.beats, 3 * 2 * 4);
  EXPECT_EQ(work.path, 3 * (2 * 4 + 3.5));
  fetch.data.line_stride = 224;  // the second line begins inside a beat, and is four beats all the same
  fetch.data.surface_stride = 672;
  EXPECT_EQ(convolution_data_work(fetch, preset("nv_full")).path, 3 * (2 * 4 + 3.5));
}

}  // namespace
}  // namespace nvdla::amaix
