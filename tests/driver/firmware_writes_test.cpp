// SPDX-License-Identifier: Apache-2.0
// Register writes equal those of the unmodified firmware of nvdla/sw, write for write. The firmware was built
// natively (gcc -O2, as the kernel is) against the same device as here, with the same loadables; its writes
// are kept as their number and a hash. Two firmwares: the last one (cubes with offset, DLA interface 0.12)
// and the one before that change (0.10, 0.11).
//
// nvdla/sw's own regression loadables are tested where they are: in NVDLA_VENDOR or ../shared/vendor as
// loadables.tar.xz (the folder regression/flatbufs/kmd of a checkout as loadables/kmd).
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "host/driver/driver.h"
#include "tests/support/instant_device.h"
#include "tests/support/random_chain.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

struct Writes {
  std::size_t count = 0;
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a of offset and value

  void add(std::uint32_t word) {
    for (int shift = 0; shift < 32; shift += 8) {
      hash ^= word >> shift & 0xff;
      hash *= 0x100000001b3;
    }
  }
};

Writes writes_of(const Loadable& loadable, const HardwareParameters& hardware) {
  test::InstantDevice device(hardware, 0);
  Driver driver(loadable, hardware, device, {});
  driver.run();
  EXPECT_THAT(device.refused(), ::testing::IsEmpty());
  Writes result;
  for (const auto& access : device.writes()) {
    ++result.count;
    result.add(access.offset);
    result.add(access.value);
  }
  return result;
}

struct Recorded {
  const char* name;  // configuration, or file below loadables/kmd
  std::uint32_t seed;
  std::size_t count;
  std::uint64_t hash;
};

TEST(FirmwareWrites, RandomChains) {
  constexpr Recorded kRecorded[] = {
      {"nv_full", 1, 1960, 0x733c230e97766570},  {"nv_full", 2, 505, 0xa2eec21a8cc960d6},
      {"nv_full", 3, 863, 0xeeee3ecda4a46ff3},   {"nv_full", 4, 1194, 0x679ac357962d4490},
      {"nv_full", 5, 1402, 0x8f07479e408320ce},  {"nv_full", 6, 1220, 0x370810f83e098b99},
      {"nv_full", 7, 400, 0xea6f51d94119c317},   {"nv_full", 8, 1020, 0xa8ffde703e1e0896},
      {"nv_small", 1, 461, 0xd000a703bee361fa},  {"nv_small", 2, 95, 0xaca566288a22ea9f},
      {"nv_small", 3, 1550, 0xa586f473da3bae9d}, {"nv_small", 4, 1588, 0xbcfe90c1ee41d43f},
      {"nv_large", 1, 461, 0xd47b1a18f04c9e62},  {"nv_large", 2, 95, 0x63026cf2e7e97ac9},
  };
  for (const Recorded& recorded : kRecorded) {
    const HardwareParameters& hardware = preset(recorded.name);
    for (const std::uint8_t minor : {std::uint8_t{11}, std::uint8_t{12}}) {
      const std::vector<unsigned char> bytes = test::random_chain(hardware, minor, recorded.seed);
      const Writes writes = writes_of(parse_loadable(bytes.data(), bytes.size(), "net"), hardware);
      EXPECT_EQ(writes.count, recorded.count) << recorded.name << " " << recorded.seed;
      EXPECT_EQ(writes.hash, recorded.hash) << recorded.name << " " << recorded.seed;
    }
  }
}

class RegressionLoadables : public test::TemporaryDirectory {};

TEST_F(RegressionLoadables, WritesEqualTheFirmwares) {
  const char* configured = std::getenv("NVDLA_VENDOR");
  const std::filesystem::path folder =
      configured != nullptr ? configured : std::filesystem::path(NVDLA_SOURCE_DIR) / "../shared/vendor";
  const std::filesystem::path archive = folder / "loadables.tar.xz";
  if (!std::filesystem::exists(archive)) GTEST_SKIP() << archive << " is not there";
  ASSERT_EQ(std::system(("tar xJf '" + archive.string() + "' -C '" + path("") + "'").c_str()), 0);
  constexpr Recorded kRecorded[] = {
      {"BDMA/BDMA_L0_0_fbuf", 0, 16, 0x5174f4139ff97d2a},
      {"CDP/CDP_L0_0_fbuf", 0, 369, 0xd3af41a09b8b7575},
      {"CDP/CDP_L0_0_large_fbuf", 0, 369, 0xfc693292874ae2a1},
      {"CDP/CDP_L0_0_small_fbuf", 0, 369, 0xd0dd031300ecca89},
      {"CONV/CONV_D_L0_0_fbuf", 0, 112, 0xe3cca898590686bf},
      {"CONV/CONV_D_L0_0_large_fbuf", 0, 112, 0xdc66072ac5d151ac},
      {"CONV/CONV_D_L0_0_small_fbuf", 0, 112, 0xc088666e54982858},
      {"NN/NN_L0_0_fbuf", 0, 625, 0x2617cd6e622ca59c},
      {"PDP/PDP_L0_0_fbuf", 0, 49, 0x8564396c0b646927},
      {"PDP/PDP_L0_0_large_fbuf", 0, 49, 0x0cda93178b3385e7},
      {"PDP/PDP_L0_0_small_fbuf", 0, 49, 0x1782fd77e4c12a2e},
      {"RBK/RBK_L0_0_fbuf", 0, 22, 0x7345dfb1aa6f2e6d},
      {"SDP/SDP_X1_L0_0_fbuf", 0, 43, 0x1b2ea03019f6571e},
      {"SDP/SDP_X1_L0_0_large_fbuf", 0, 43, 0x5f8b36238a023527},
      {"SDP/SDP_X1_L0_0_small_fbuf", 0, 43, 0x47272b095a614be3},
  };
  for (const Recorded& recorded : kRecorded) {
    const std::string name = recorded.name;
    const HardwareParameters& hardware = preset(name.find("_large") != std::string::npos   ? "nv_large"
                                                : name.find("_small") != std::string::npos ? "nv_small"
                                                                                           : "nv_full");
    const Writes writes = writes_of(read_loadable(path("loadables/kmd/" + name)), hardware);
    EXPECT_EQ(writes.count, recorded.count) << name;
    EXPECT_EQ(writes.hash, recorded.hash) << name;
  }
}

}  // namespace
}  // namespace nvdla::host
