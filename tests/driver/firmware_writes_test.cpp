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
#include "tests/support/shell.h"
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

// In five orders of completion, one behind the other.
Writes writes_of(const Loadable& loadable, const HardwareParameters& hardware) {
  Writes result;
  for (std::uint32_t order = 0; order < 5; ++order) {
    test::InstantDevice device(hardware, order);
    Driver driver(loadable, hardware, device, {});
    driver.run();
    EXPECT_THAT(device.refused(), ::testing::IsEmpty());
    for (const auto& access : device.writes()) {
      ++result.count;
      result.add(access.offset);
      result.add(access.value);
    }
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
      {"nv_full", 1, 9798, 0xd122e9fab588f300},  {"nv_full", 2, 2525, 0x24f998a2edbe6a4e},
      {"nv_full", 3, 4310, 0x559294f1d8ded6e7},  {"nv_full", 4, 5965, 0x3d78b6b8e4c2bd9c},
      {"nv_full", 5, 7008, 0x3cd3186eb1b83ac6},  {"nv_full", 6, 6098, 0x3e4c8ee6d13ad289},
      {"nv_full", 7, 1995, 0x454df477efa6cd0b},  {"nv_full", 8, 5100, 0x5932a3093c610076},
      {"nv_small", 1, 2305, 0xc81441977802cd42}, {"nv_small", 2, 475, 0xc154fac0815b5287},
      {"nv_small", 3, 7746, 0x4667fb85b40264cd}, {"nv_small", 4, 7928, 0x8cd66182c9000f4f},
      {"nv_large", 1, 2305, 0xa6331e6522307eda}, {"nv_large", 2, 475, 0x4ffcc3d14bd52149},
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
  ASSERT_TRUE(test::unpack(archive.string(), path("")));
  constexpr Recorded kRecorded[] = {
      {"BDMA/BDMA_L0_0_fbuf", 0, 80, 0xdb68f147519d1a0a},
      {"CDP/CDP_L0_0_fbuf", 0, 1845, 0x11c21107271ff675},
      {"CDP/CDP_L0_0_large_fbuf", 0, 1845, 0x3f78ed440c5bbe51},
      {"CDP/CDP_L0_0_small_fbuf", 0, 1845, 0x9e0ccde80261fe99},
      {"CONV/CONV_D_L0_0_fbuf", 0, 558, 0x1468a76c8275f36f},
      {"CONV/CONV_D_L0_0_large_fbuf", 0, 558, 0xeeacc11a5a1c0fbc},
      {"CONV/CONV_D_L0_0_small_fbuf", 0, 558, 0xbdfc4aeff2b44588},
      {"NN/NN_L0_0_fbuf", 0, 3122, 0xcfe3d961ad2944a0},
      {"PDP/PDP_L0_0_fbuf", 0, 245, 0xe11d65fe3ff1f84f},
      {"PDP/PDP_L0_0_large_fbuf", 0, 245, 0x3c0948e3b75d492f},
      {"PDP/PDP_L0_0_small_fbuf", 0, 245, 0xcab80dfe697ba9b6},
      {"RBK/RBK_L0_0_fbuf", 0, 110, 0x01a777f69c68c86d},
      {"SDP/SDP_X1_L0_0_fbuf", 0, 215, 0xf59c1bd6f513203e},
      {"SDP/SDP_X1_L0_0_large_fbuf", 0, 215, 0x00faed4d9accd8b7},
      {"SDP/SDP_X1_L0_0_small_fbuf", 0, 215, 0xdf1238b8a4ba7fc3},
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
