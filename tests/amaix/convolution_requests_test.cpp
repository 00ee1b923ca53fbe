// SPDX-License-Identifier: Apache-2.0
// Proves that CDMA's data requests cover the input exactly once, in the shapes and the order that the
// hardware gives them, and what they cost on the bus. The recorded order of whole networks is checked in
// tests/engine/convolution_engine_recordings_test.cpp.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <vector>

#include "amaix/convolution_plan.h"

namespace nvdla::amaix {
namespace {

// Any number of the range, from the first case on.
template <class T>
T any(T low, T high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high));
}

// A dense cube in memory; channels are those of `surfaces` full atoms.
ConvolutionFetch cube(const HardwareParameters& hardware, std::uint32_t width, std::uint32_t height,
                      std::uint32_t surfaces) {
  ConvolutionFetch fetch;
  fetch.input = {width, height, surfaces * hardware.memory_atom_bytes};
  fetch.data.address = 0x80000000;
  fetch.data.line_stride = width * hardware.memory_atom_bytes;
  fetch.data.surface_stride = fetch.data.line_stride * height;
  fetch.batch_stride = fetch.data.surface_stride * surfaces;
  fetch.entries_per_slice = 1;
  return fetch;
}

std::vector<DataRequest> all(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  std::vector<DataRequest> result;
  for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    result.push_back(requests.front());
    if (result.size() > 1'000'000) throw std::runtime_error("requests do not end");
  }
  return result;
}

const HardwareParameters& nv_full() { return preset("nv_full"); }
const HardwareParameters& nv_small() { return preset("nv_small"); }

std::uint64_t data_bytes(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  return convolution_traffic(fetch, hardware, true, false).read[static_cast<std::size_t>(Client::kCdmaDat)];
}

// -- Direct ---------------------------------------------------------------------------------------

TEST(DirectRequests, SurfacesOfAPairAlternateOnV1) {
  // Two lines of 10 atoms in three surfaces: pair (0, 1) in turns, then surface 2 alone; then line 1.
  const ConvolutionFetch fetch = cube(nv_full(), 10, 2, 3);
  std::vector<std::uint32_t> slots, atoms;
  std::vector<bool> grains;
  for (const DataRequest& request : all(fetch, nv_full())) {
    slots.push_back(request.slot);
    atoms.push_back(request.atoms);
    grains.push_back(request.grain_start);
  }
  // Surface 1 begins 20 atoms behind: 4 atoms to the next multiple of 8, then 6. Line 1 begins 10 atoms
  // further: surface 0 has 6 + 4, surface 1 (30 atoms) 2 + 8, surface 2 (50 atoms) 6 + 4.
  EXPECT_EQ(slots, std::vector<std::uint32_t>({0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0}));
  EXPECT_EQ(atoms, std::vector<std::uint32_t>({8, 4, 2, 6, 8, 2, 6, 2, 4, 8, 6, 4}));
  EXPECT_EQ(grains, std::vector<bool>(
                        {true, false, false, false, false, false, true, false, false, false, false, false}));
}

TEST(DirectRequests, SurfacesFollowEachOtherInTheScalableGeneration) {
  std::vector<std::uint64_t> addresses;
  for (const DataRequest& request : all(cube(nv_small(), 16, 1, 2), nv_small())) {
    EXPECT_EQ(request.slot, 0U);
    addresses.push_back(request.address - 0x80000000);
  }
  EXPECT_EQ(addresses, std::vector<std::uint64_t>({0, 64, 128, 192}));
}

TEST(DirectRequests, APackedPointIsOneLineOfSurfaces) {
  ConvolutionFetch fetch = cube(nv_full(), 1, 1, 20);
  EXPECT_EQ(all(fetch, nv_full()).size(), 20U);
  fetch.surface_packed = true;
  const auto requests = all(fetch, nv_full());
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].atoms + requests[1].atoms + requests[2].atoms, 20U);
}

TEST(DirectRequests, OnlyPackedLinesAreFetchedInGrains) {
  ConvolutionFetch fetch = cube(nv_full(), 8, 7, 1);
  fetch.entries_per_slice = 5;
  fetch.fetch_grain = 3;
  const auto grains = [&] {
    std::vector<std::uint32_t> entries;
    for (DataRequests requests(fetch, nv_full()); !requests.done(); requests.advance()) {
      if (requests.front().grain_start) entries.push_back(requests.grain_entries());
    }
    return entries;
  };
  EXPECT_EQ(grains(), std::vector<std::uint32_t>(7, 5));
  fetch.line_packed = true;
  EXPECT_EQ(grains(), std::vector<std::uint32_t>({15, 15, 5}));
}

// Every atom of every line of every surface of every batch, once; 8-atom alignment is never crossed.
TEST(DirectRequests, CoverTheCubeExactlyOnce) {
  EXPECT_TRUE(rc::check([] {
    const HardwareParameters& hardware = *rc::gen::arbitrary<bool>() ? nv_full() : nv_small();
    const std::uint32_t atom = hardware.memory_atom_bytes;
    ConvolutionFetch fetch = cube(hardware, any(1U, 40U), any(1U, 6U), any(1U, 7U));
    fetch.data.address += std::uint64_t{atom} * any(0U, 16U);
    fetch.batches = any(1U, 4U);
    if (*rc::gen::arbitrary<bool>()) {
      fetch.line_packed = true;
      fetch.fetch_grain = any(1U, 8U);
    } else {
      fetch.data.line_stride += atom * any(0U, 9U);
      fetch.data.surface_stride = fetch.data.line_stride * fetch.input.height;
      fetch.batch_stride = fetch.data.surface_stride * data_surfaces(fetch, hardware);
    }
    std::map<std::uint64_t, int> touched;
    for (const DataRequest& request : all(fetch, hardware)) {
      RC_ASSERT(!request.dummy);
      RC_ASSERT(request.atoms >= 1U && request.atoms <= 8U);
      RC_ASSERT(request.address / atom / 8 == (request.address / atom + request.atoms - 1) / 8);
      for (std::uint32_t i = 0; i < request.atoms; ++i) ++touched[request.address + i * atom];
    }
    const std::uint32_t surfaces = data_surfaces(fetch, hardware);
    for (std::uint32_t batch = 0; batch < fetch.batches; ++batch)
      for (std::uint32_t surface = 0; surface < surfaces; ++surface)
        for (std::uint32_t line = 0; line < fetch.input.height; ++line)
          for (std::uint32_t x = 0; x < fetch.input.width; ++x)
            RC_ASSERT(touched[fetch.data.address + std::uint64_t{batch} * fetch.batch_stride +
                              std::uint64_t{surface} * fetch.data.surface_stride +
                              std::uint64_t{line} * fetch.data.line_stride + x * atom] == 1);
    RC_ASSERT(touched.size() ==
              std::size_t{fetch.batches} * surfaces * fetch.input.height * fetch.input.width);
  }));
}

TEST(DirectRequests, BusBytesLieBetweenTheCubeAndTwiceTheCube) {
  EXPECT_TRUE(rc::check([] {
    const auto& presets_ = presets();
    const HardwareParameters& hardware = presets_[any<std::size_t>(0, presets_.size())];
    ConvolutionFetch fetch = cube(hardware, any(1U, 60U), any(1U, 20U), any(1U, 9U));
    fetch.data.address += std::uint64_t{hardware.memory_atom_bytes} * any(0U, 4U);
    const std::uint64_t useful = std::uint64_t{fetch.input.width} * fetch.input.height * fetch.input.channels;
    const std::uint64_t moved = data_bytes(fetch, hardware);
    RC_ASSERT(moved >= useful);
    // At worst every atom comes alone: an atom is half a beat or a whole one.
    RC_ASSERT(moved <= useful * hardware.dbb_width_bytes /
                           std::min(hardware.dbb_width_bytes, hardware.memory_atom_bytes));
    RC_ASSERT(moved % hardware.dbb_width_bytes == 0U);
  }));
}

TEST(DirectRequests, AnOddWidthCostsHalfABeatALine) {
  // 28 atoms of 32 bytes: 14 beats of 64 bytes a line of a surface.
  EXPECT_EQ(data_bytes(cube(nv_full(), 28, 28, 2), nv_full()), 28U * 2 * 14 * 64);
  // 27 atoms: 14 beats, whether the line begins with a beat or in its middle.
  EXPECT_EQ(data_bytes(cube(nv_full(), 27, 28, 2), nv_full()), 28U * 2 * 14 * 64);
  // An atom is a beat of nv_small: nothing is lost.
  EXPECT_EQ(data_bytes(cube(nv_small(), 27, 28, 2), nv_small()), 28U * 2 * 27 * 8);
}

// -- Images ---------------------------------------------------------------------------------------

ConvolutionFetch image(std::uint32_t format, std::uint32_t width, std::uint32_t height) {
  ConvolutionFetch fetch;
  fetch.input_format = InputFormat::kPixel;
  fetch.pixel_format = format;
  fetch.input = {width, height, format >= 0x1c ? 3U : 4U};
  fetch.data.address = 0x80000000;
  fetch.data.line_stride = 4096;
  fetch.data_address_1 = 0x90000000;
  fetch.uv_line_stride = 4096;
  fetch.entries_per_slice = 1;
  return fetch;
}

constexpr std::uint32_t kRgba = 0xf;         // four bytes
constexpr std::uint32_t kSemiPlanar = 0x1c;  // Y8, then U8V8

TEST(ImageRequests, ALineIsCutIntoBundlesOfEightAtomsTheFirstOfNine) {
  // 227 pixels of 4 bytes, 8 in an atom: 29 atoms with pixels and one of padding behind them.
  std::vector<std::uint32_t> atoms;
  std::vector<bool> dummies, ends;
  for (const DataRequest& request : all(image(kRgba, 227, 1), nv_full())) {
    atoms.push_back(request.atoms);
    dummies.push_back(request.dummy);
    ends.push_back(request.bundle_end);
  }
  EXPECT_EQ(atoms, std::vector<std::uint32_t>({9, 8, 8, 4, 1}));
  EXPECT_EQ(dummies, std::vector<bool>({false, false, false, false, true}));
  EXPECT_EQ(ends, std::vector<bool>({true, true, true, false, true}));
}

TEST(ImageRequests, PlanesOfASemiPlanarImageAlternate) {
  // 512 pixels: 16 atoms of Y, 32 of UV.
  std::vector<std::uint32_t> slots, atoms;
  for (const DataRequest& request : all(image(kSemiPlanar, 512, 1), nv_full())) {
    if (request.dummy) continue;
    slots.push_back(request.slot);
    atoms.push_back(request.atoms);
    EXPECT_EQ(request.address >= 0x90000000U, request.slot == 1U);
  }
  EXPECT_EQ(slots, std::vector<std::uint32_t>({0, 1, 0, 1}));
  EXPECT_EQ(atoms, std::vector<std::uint32_t>({9, 17, 7, 15}));
}

TEST(ImageRequests, TouchEveryPixelOnceAndNothingBeyondItsAtoms) {
  EXPECT_TRUE(rc::check([] {
    const std::uint32_t format = *rc::gen::element(0x00U, 0x02U, 0x06U, kRgba, kSemiPlanar, 0x1eU);
    ConvolutionFetch fetch = image(format, any(1U, 400U), any(1U, 5U));
    const std::uint32_t bytes = format == 0x00U   ? 1
                                : format <= 0x05U ? 2
                                : format <= 0x0bU ? 8
                                : format <= 0x1bU ? 4
                                : format <= 0x1dU ? 1
                                                  : 2;
    const std::uint32_t pixels = 32 / bytes;  // of an atom of V1
    fetch.pixel_x_offset = any(0U, pixels);
    fetch.padding.left = any(0U, 32U);
    fetch.padding.right = any(0U, 32U);
    std::map<std::uint64_t, int> touched;
    std::uint32_t lines = 0;
    std::uint32_t in_bundle[2] = {0, 0};
    bool first = true;
    for (const DataRequest& request : all(fetch, nv_full())) {
      in_bundle[request.slot] += request.atoms;
      if (request.bundle_end) {
        RC_ASSERT(in_bundle[0] <= (first ? 9U : 8U));
        RC_ASSERT(in_bundle[1] <= (first ? 17U : 16U));
        in_bundle[0] = in_bundle[1] = 0;
        first = false;
      }
      if (request.line_end) {
        ++lines;
        first = true;
      }
      if (request.dummy || request.slot == 1) continue;
      for (std::uint32_t i = 0; i < request.atoms; ++i) ++touched[request.address + i * 32];
    }
    RC_ASSERT(lines == fetch.input.height);
    const std::uint32_t expected = (fetch.pixel_x_offset + fetch.input.width - 1) / pixels + 1;
    for (std::uint32_t line = 0; line < lines; ++line)
      for (std::uint32_t atom = 0; atom < expected; ++atom)
        RC_ASSERT(touched[fetch.data.address + line * 4096 + atom * 32] == 1);
    RC_ASSERT(touched.size() == std::size_t{expected} * lines);
  }));
}

// 28 atoms a line, two in a beat: a bundle that ends in the middle of a beat has the beat read again. Padding
// of 3 pixels on the left is one atom of the first bundle, which puts the borders between beats; it is not
// read itself.
TEST(ImageRequests, ABeatAcrossABundleBorderIsReadTwiceAndPaddingNever) {
  ConvolutionFetch fetch = image(kRgba, 224, 3);
  EXPECT_EQ(data_bytes(fetch, nv_full()), 3U * (14 + 3) * 64);  // 9 + 8 + 8 + 3 atoms
  fetch.padding.left = fetch.padding.right = 3;
  EXPECT_EQ(data_bytes(fetch, nv_full()), 3U * 14 * 64);  // 8 + 8 + 8 + 4 atoms
}

}  // namespace
}  // namespace nvdla::amaix
