// SPDX-License-Identifier: Apache-2.0
// Proves the rates of CDMA's line packer: a beat of atoms a cycle in, a beat of atoms a cycle out, bundles
// one after the other, padding at the cost of its cycles only.
#include "engine/units/convolution/cdma_image_packer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "hardware/parameters.h"

namespace nvdla::engine {
namespace {

ConvolutionFetch image(std::uint32_t format, std::uint32_t width, std::uint32_t height) {
  ConvolutionFetch fetch;
  fetch.input_format = InputFormat::kPixel;
  fetch.pixel_format = format;
  fetch.input = {width, height, 4};
  fetch.data.line_stride = 4096;
  fetch.data_address_1 = 0x100000;
  fetch.uv_line_stride = 4096;
  return fetch;
}

constexpr std::uint32_t kRgba = 0xf;
constexpr std::uint32_t kSemiPlanar = 0x1c;

// The last write slot, counted from the first beat, when a beat comes every `period` cycles.
Cycle cycles(const ConvolutionFetch& fetch, Cycle period = 1) {
  const HardwareParameters& hardware = preset("nv_full");
  ImagePacker packer;
  packer.start(fetch, hardware);
  Cycle arrival = 1000;
  for (amaix::DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const amaix::DataRequest& request = requests.front();
    packer.expect(request);
    if (request.dummy) continue;
    std::uint64_t at = request.address;
    const std::uint64_t end = at + request.atoms * 32U;
    while (at < end) {
      const std::uint64_t stop = std::min(end, at / 64 * 64 + 64);
      packer.accept(arrival, static_cast<std::uint32_t>(stop - at) / 32);
      arrival += period;
      at = stop;
    }
  }
  return packer.drain() - 1000;
}

TEST(ImagePacker, KeepsUpWithABeatACycle) {
  // 8 pixels of 4 bytes an atom, 16 a beat. 8 atoms more are 4 beats in and 4 writes out, plus the beat that
  // lies across the border of its bundle: 5 cycles.
  const Cycle more = cycles(image(kRgba, 512, 1)) - cycles(image(kRgba, 448, 1));
  EXPECT_EQ(more, 5);
}

TEST(ImagePacker, LinesFollowEachOther) {
  const Cycle one = cycles(image(kRgba, 64, 9)) - cycles(image(kRgba, 64, 8));
  const Cycle ten = cycles(image(kRgba, 64, 18)) - cycles(image(kRgba, 64, 8));
  EXPECT_EQ(ten, 10 * one);
}

TEST(ImagePacker, TwoPlanesWriteThreeTimes) {
  // A bundle of 8 + 16 atoms: 12 beats of input, 3 writes for each of 4 steps.
  const Cycle more = cycles(image(kSemiPlanar, 1024, 1)) - cycles(image(kSemiPlanar, 768, 1));
  EXPECT_GE(more, 12);
  EXPECT_LE(more, 14);  // and a beat of each plane across the border
}

// One bundle of 8 + 16 atoms: all of its 12 beats are there before the first of its 12 writes, three for each
// two atoms of the first plane; writes of two planes are a cycle behind.
TEST(ImagePacker, TheLastBundleIsWrittenBehindItsLastBeat) {
  const Cycle last = cycles(image(kSemiPlanar, 256, 1));
  EXPECT_GE(last, 12 + 12);
  EXPECT_LE(last, 12 + 12 + 1);
}

// 21 pixels of three bytes fill one beat of 64 bytes, 22 begin a second, of as many atoms: two in the first
// plane, one of which is kept, three in the second. The one is read in two cycles, not in three.
TEST(ImagePacker, ALineOfTwoPlanesMayEndEarly) {
  const Cycle early = cycles(image(kSemiPlanar, 21, 1)), late = cycles(image(kSemiPlanar, 22, 1));
  EXPECT_EQ(late - early, 1);
  // Beats: one of the first plane, its padding, one of the second, its padding; two reads; no further write.
  EXPECT_EQ(early, 3 + 2 - 1);
}

TEST(ImagePacker, SlowBeatsArePackedAsTheyCome) {
  const Cycle slow = cycles(image(kRgba, 512, 1), 10) - cycles(image(kRgba, 448, 1), 10);
  EXPECT_EQ(slow, 50);
}

TEST(ImagePacker, PaddingCostsItsCyclesButNoBeats) {
  ConvolutionFetch fetch = image(kRgba, 63, 1);
  const Cycle plain = cycles(fetch);
  fetch.padding.left = 8;  // one atom
  const Cycle padded = cycles(fetch);
  EXPECT_GE(padded, plain);
  EXPECT_LE(padded, plain + 1);
}

TEST(ImagePacker, BeginsANewOperationFromNothing) {
  const HardwareParameters& hardware = preset("nv_full");
  ImagePacker packer;
  const ConvolutionFetch fetch = image(kRgba, 16, 1);  // two atoms, one beat
  packer.start(fetch, hardware);
  amaix::DataRequests requests(fetch, hardware);
  packer.expect(requests.front());  // left behind
  packer.start(fetch, hardware);
  for (amaix::DataRequests again(fetch, hardware); !again.done(); again.advance())
    packer.expect(again.front());
  packer.accept(500, 2);
  EXPECT_GE(packer.drain(), 500);
  EXPECT_LE(packer.drain(), 502);
}

}  // namespace
}  // namespace nvdla::engine
