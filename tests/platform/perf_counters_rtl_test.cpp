// SPDX-License-Identifier: Apache-2.0
// D_PERF counters against those of the RTL: nvdla/hw, Verilated (branch nv_small; branch master for nv_large;
// units of branch nvdlav1 for nv_full), ran these traces with every D_PERF_ENABLE set, from a memory as that
// of the recordings. On nv_small they may differ by ten cycles, of SDP by thirty, elsewhere by
// six, and as engine/perf_counters.h says.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <iomanip>
#include <regex>
#include <sstream>

#include "host/dma_trace.h"
#include "host/runner.h"
#include "host/text_source.h"
#include "registers/register_map.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::platform {
namespace {

using registers::RegisterMap;

struct Measured {
  const char* config;
  const char* trace;  // its folder
  std::uint32_t latency;
  double bandwidth;
  Unit unit;
  const char* reg;
  double rtl;
  double within = 10;
};

std::string address(const RegisterMap& map, Unit unit, const std::string& reg) {
  std::ostringstream text;
  text << "0xffff" << std::hex << std::setw(4) << std::setfill('0') << map.offset(unit, reg) / 4;
  return text.str();
}

// What the counter of group 0 reads at the end of the trace.
double counted(const Measured& measured) {
  const HardwareParameters hardware = preset(measured.config);
  const RegisterMap& map = RegisterMap::of(hardware.generation);
  const std::string enable = address(map, measured.unit, "D_PERF_ENABLE");
  const std::string pointer = address(map, measured.unit, "S_POINTER");
  std::string text = "write_reg " + pointer + " 0\nwrite_reg " + enable + " 0xffffffff\n";
  std::string file = NVDLA_SOURCE_DIR "/" + std::string(measured.trace) + "/input.txn";
  if (!std::filesystem::exists(file)) file += ".gz";
  host::TextSource source(file);
  for (std::string line; source.next(line);) {
    // Times do not depend on contents.
    if (line.find("write_reg " + enable) == std::string::npos && line.find("_mem ") == std::string::npos)
      text += line + "\n";
  }
  text += "write_reg " + pointer + " 0\nread_reg " + address(map, measured.unit, measured.reg) +
          " 0xffffffff 0x77777777\n";
  host::ReplayOptions options;
  const std::string trace = test::temporary_file("perf.txn");
  test::write_file(trace, text);
  options.hardware = hardware;
  options.dbb.latency = measured.latency;
  options.dbb.bytes_per_cycle = measured.bandwidth;
  if (hardware.cvsram) options.cvsram = options.dbb;
  options.stop_on_mismatch = false;
  options.strict = true;  // counters are what is compared here
  const host::ReplayResult result = host::run(host::Program(trace), options);
  std::smatch value;
  if (result.read_mismatches.size() != 1 ||
      !std::regex_search(result.read_mismatches[0], value, std::regex(" is (0x[0-9a-f]+)"))) {
    ADD_FAILURE() << "one mismatch is wanted: the counter";
    return NAN;
  }
  return static_cast<double>(std::stoul(value[1], nullptr, 16));
}

TEST(PerfCountersOfTheRtl, AreMet) {
  constexpr const char *kConvolution = "firmware_traces/u_conv00_c16_28x28_k16_r3_s1_nv_small_int8",
                       *kPooling = "firmware_traces/u_pool_max2_nv_small_int8",
                       *kNormalization = "firmware_traces/u_lrn_96x27_nv_small_int8",
                       *kElementwise = "firmware_traces/u_elt_64x28_nv_small_int8";
  const Measured cases[] = {
      {"nv_small", kConvolution, 50, 8, Unit::kCdma, "D_PERF_DAT_READ_STALL", 1577},
      {"nv_small", kConvolution, 50, 8, Unit::kCdma, "D_PERF_WT_READ_STALL", 444},
      {"nv_small", kConvolution, 50, 8, Unit::kCdma, "D_PERF_DAT_READ_LATENCY", 1961, 50},
      {"nv_small", kConvolution, 50, 8, Unit::kCdma, "D_PERF_WT_READ_LATENCY", 0, 0},
      {"nv_small", kConvolution, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_STALL", 2989},
      {"nv_small", kConvolution, 128, 4, Unit::kCdma, "D_PERF_WT_READ_STALL", 530},
      {"nv_small", kConvolution, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_LATENCY", 3848},
      {"nv_small", kConvolution, 50, 8, Unit::kSdp, "D_PERF_WDMA_WRITE_STALL", 0, 0},
      {"nv_small", kPooling, 50, 8, Unit::kPdpRdma, "D_PERF_READ_STALL", 197116},
      {"nv_small", kPooling, 128, 4, Unit::kPdpRdma, "D_PERF_READ_STALL", 197194},
      {"nv_small", kPooling, 50, 8, Unit::kPdp, "D_PERF_WRITE_STALL", 0, 0},
      {"nv_small", kNormalization, 50, 8, Unit::kCdpRdma, "D_PERF_READ_STALL", 69571},
      {"nv_small", kNormalization, 128, 4, Unit::kCdpRdma, "D_PERF_READ_STALL", 69654},
      {"nv_small", kNormalization, 50, 8, Unit::kCdp, "D_PERF_WRITE_STALL", 0, 0},
      {"nv_small", kElementwise, 50, 8, Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL", 47967, 30},
      {"nv_small", kElementwise, 50, 8, Unit::kSdpRdma, "D_PERF_BRDMA_READ_STALL", 47330, 30},
      {"nv_small", kElementwise, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_STALL", 12174},
      {"nv_small", kElementwise, 128, 4, Unit::kCdma, "D_PERF_WT_READ_STALL", 1398},
      {"nv_small", kElementwise, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_LATENCY", 13707},
      {"nv_small", kElementwise, 128, 4, Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL", 48050, 30},
      {"nv_small", kElementwise, 128, 4, Unit::kSdpRdma, "D_PERF_BRDMA_READ_STALL", 47413, 30},
      {"nv_large", "tests/rtl_cases/seen/pdp_s1_nv_large", 50, 32, Unit::kPdpRdma, "D_PERF_READ_STALL", 88,
       6},
      {"nv_large", "tests/rtl_cases/seen/pdp_s1_nv_large", 128, 8, Unit::kPdpRdma, "D_PERF_READ_STALL", 88,
       6},
      {"nv_large", "tests/rtl_cases/seen/pdp_s2_nv_large", 50, 32, Unit::kPdpRdma, "D_PERF_READ_STALL", 182,
       6},
      {"nv_large", "tests/rtl_cases/seen/pdp_s2_nv_large", 128, 8, Unit::kPdpRdma, "D_PERF_READ_STALL", 182,
       6},
      {"nv_large", "tests/rtl_cases/seen/cdp_s1_nv_large", 50, 32, Unit::kCdpRdma, "D_PERF_READ_STALL", 14,
       6},
      {"nv_large", "tests/rtl_cases/seen/cdp_s1_nv_large", 50, 32, Unit::kCdp, "D_PERF_WRITE_STALL", 3, 3},
      {"nv_large", "tests/rtl_cases/seen/cdp_s2_nv_large", 50, 32, Unit::kCdpRdma, "D_PERF_READ_STALL", 44,
       6},
      {"nv_large", "tests/rtl_cases/seen/cdp_s2_nv_large", 128, 8, Unit::kCdpRdma, "D_PERF_READ_STALL", 44,
       6},
      {"nv_large", "tests/rtl_cases/seen/conv_s1_nv_large", 50, 32, Unit::kCdma, "D_PERF_DAT_READ_STALL", 15,
       6},
      {"nv_large", "tests/rtl_cases/seen/conv_s1_nv_large", 50, 32, Unit::kCdma, "D_PERF_WT_READ_STALL", 84,
       2},
      {"nv_large", "tests/rtl_cases/seen/conv_s1_nv_large", 50, 32, Unit::kCdma, "D_PERF_DAT_READ_LATENCY",
       165, 2},
      {"nv_large", "tests/rtl_cases/seen/conv_s1_nv_large", 128, 8, Unit::kCdma, "D_PERF_WT_READ_STALL", 84,
       2},
      {"nv_large", "tests/rtl_cases/seen/conv_s1_nv_large", 128, 8, Unit::kCdma, "D_PERF_DAT_READ_LATENCY",
       560, 2},
      {"nv_large", "tests/rtl_cases/seen/image_s1_nv_large", 50, 32, Unit::kCdma, "D_PERF_DAT_READ_LATENCY",
       94, 2},
      {"nv_large", "tests/rtl_cases/seen/image_s1_nv_large", 128, 8, Unit::kCdma, "D_PERF_DAT_READ_LATENCY",
       262, 2},
      {"nv_large", "tests/rtl_cases/seen/mixed_s1_nv_large", 50, 32, Unit::kCdma, "D_PERF_WT_READ_STALL", 576,
       2},
      {"nv_large", "tests/rtl_cases/seen/mixed_s1_nv_large", 50, 32, Unit::kPdpRdma, "D_PERF_READ_STALL", 441,
       6},
      {"nv_full", "tests/golden/sdp_x1x2_nv_full_fp16", 50, 64, Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL", 35,
       2},
      {"nv_full", "tests/golden/sdp_x1x2_nv_full_fp16", 50, 64, Unit::kSdpRdma, "D_PERF_NRDMA_READ_STALL", 37,
       2},
      {"nv_full", "tests/golden/sdp_x1x2_nv_full_fp16", 128, 16, Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL",
       35, 2},
      {"nv_full", "tests/golden/sdp_x1x2_nv_full_fp16", 128, 16, Unit::kSdpRdma, "D_PERF_NRDMA_READ_STALL",
       37, 2},
      {"nv_full", "tests/golden/sdp_x1_both_elem_nv_full_int16", 50, 64, Unit::kSdpRdma,
       "D_PERF_MRDMA_READ_STALL", 13, 2},
      {"nv_full", "tests/golden/sdp_x1_both_elem_nv_full_int16", 50, 64, Unit::kSdpRdma,
       "D_PERF_BRDMA_READ_STALL", 27, 2},
      {"nv_full", "tests/golden/sdp_x1_both_elem_nv_full_int16", 128, 16, Unit::kSdpRdma,
       "D_PERF_BRDMA_READ_STALL", 27, 2},
      {"nv_full", "tests/golden/cdp_lrn3_nv_full_fp16", 50, 64, Unit::kCdpRdma, "D_PERF_READ_STALL", 14, 4},
      {"nv_full", "tests/golden/cdp_lrn3_nv_full_fp16", 128, 16, Unit::kCdpRdma, "D_PERF_READ_STALL", 14, 4},
      {"nv_full", "tests/golden/cdp_lrn5_nv_full_int8", 50, 64, Unit::kCdpRdma, "D_PERF_READ_STALL", 38, 4},
  };
  for (const Measured& measured : cases) {
    EXPECT_NEAR(counted(measured), measured.rtl, measured.within)
        << measured.trace << " latency " << measured.latency << ": " << measured.reg;
  }
}

}  // namespace
}  // namespace nvdla::platform
