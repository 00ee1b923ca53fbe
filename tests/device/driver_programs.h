// SPDX-License-Identifier: Apache-2.0
// Operations as the driver programs them, small enough to be run by the hundred.
#pragma once

#include "driver_bench.h"

namespace nvdla::device {

inline constexpr std::initializer_list<Unit> kConvolutionUnits = {Unit::kCacc, Unit::kCmacA, Unit::kCmacB,
                                                                  Unit::kCsc, Unit::kCdma};

// SDP behind the convolution of registers::test::Convolution.
class FlyingSdp : public registers::test::Sdp {
 public:
  explicit FlyingSdp(const char* configuration) : Sdp(configuration) {
    const std::uint32_t atom = hardware().memory_atom_bytes;
    for (const Unit unit : {Unit::kSdpRdma, Unit::kSdp}) {
      set(unit, "D_DATA_CUBE_WIDTH", 11);
      set(unit, "D_DATA_CUBE_HEIGHT", 11);
      set(unit, "D_DATA_CUBE_CHANNEL", 31);
      set(unit, "D_FEATURE_MODE_CFG", "FLYING_MODE", 1);
    }
    set(Unit::kSdp, "D_DST_LINE_STRIDE", 12 * atom);
    set(Unit::kSdp, "D_DST_SURFACE_STRIDE", 144 * atom);
    set(Unit::kSdp, "D_DST_BASE_ADDR_LOW", 0x80200000);
  }
};

inline void program_convolution(BenchCpu& cpu, const char* configuration, std::uint32_t group) {
  cpu.program_group(FlyingSdp(configuration), {Unit::kSdp}, group);
  cpu.program_group(registers::test::Convolution(configuration), kConvolutionUnits, group);
}

inline void program_sdp(BenchCpu& cpu, const char* configuration, std::uint32_t group) {
  cpu.program_group(registers::test::Sdp(configuration), {Unit::kSdpRdma, Unit::kSdp}, group);
}

inline void program_pdp(BenchCpu& cpu, const char* configuration, std::uint32_t group) {
  cpu.program_group(registers::test::Pdp(configuration), {Unit::kPdpRdma, Unit::kPdp}, group);
}

inline void program_cdp(BenchCpu& cpu, const char* configuration, std::uint32_t group) {
  cpu.program_group(registers::test::Cdp(configuration), {Unit::kCdpRdma, Unit::kCdp}, group);
}

inline void program_rubik(BenchCpu& cpu, const char* configuration, std::uint32_t group) {
  cpu.program_group(registers::test::Rubik(configuration), {Unit::kRubik}, group);
}

// In the driver's order: consumers before producers.
inline void enable_convolution(BenchCpu& cpu, std::uint32_t group) {
  cpu.enable({Unit::kSdp}, group);
  cpu.enable(kConvolutionUnits, group);
}
inline void enable_sdp(BenchCpu& cpu, std::uint32_t group) {
  cpu.enable({Unit::kSdpRdma, Unit::kSdp}, group);
}
inline void enable_pdp(BenchCpu& cpu, std::uint32_t group) {
  cpu.enable({Unit::kPdpRdma, Unit::kPdp}, group);
}
inline void enable_cdp(BenchCpu& cpu, std::uint32_t group) {
  cpu.enable({Unit::kCdpRdma, Unit::kCdp}, group);
}
inline void enable_rubik(BenchCpu& cpu, std::uint32_t group) { cpu.enable({Unit::kRubik}, group); }

inline void queue_bdma(BenchCpu& cpu, const char* configuration) {
  const registers::test::Bdma bdma(configuration);
  for (const char* reg : {"CFG_SRC_ADDR_LOW", "CFG_SRC_ADDR_HIGH", "CFG_DST_ADDR_LOW", "CFG_DST_ADDR_HIGH",
                          "CFG_LINE", "CFG_CMD", "CFG_LINE_REPEAT", "CFG_SRC_LINE", "CFG_DST_LINE",
                          "CFG_SURF_REPEAT", "CFG_SRC_SURF", "CFG_DST_SURF"}) {
    cpu.write(Unit::kBdma, reg, bdma.file().value(Unit::kBdma, reg, 0));
  }
  cpu.write(Unit::kBdma, "CFG_OP", 1);
}

inline void start_bdma(BenchCpu& cpu, const char* configuration, std::uint32_t group) {
  queue_bdma(cpu, configuration);
  cpu.write(Unit::kBdma, group == 0 ? "CFG_LAUNCH0" : "CFG_LAUNCH1", 1);
}

}  // namespace nvdla::device
