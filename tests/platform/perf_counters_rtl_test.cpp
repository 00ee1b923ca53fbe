// SPDX-License-Identifier: Apache-2.0
// D_PERF counters against those of the RTL: branch nv_small of nvdla/hw, Verilated, ran these traces with
// every D_PERF_ENABLE set, from a memory as that of the recordings. They may differ by ten cycles, of SDP by
// thirty, and where CDMA's shared buffer stops the bus (engine/perf_counters.h).
#include <gtest/gtest.h>

#include <cmath>
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
  const char* trace;
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
  const RegisterMap& map = RegisterMap::of(Generation::kScalable);
  const std::string enable = address(map, measured.unit, "D_PERF_ENABLE");
  const std::string pointer = address(map, measured.unit, "S_POINTER");
  std::string text = "write_reg " + pointer + " 0\nwrite_reg " + enable + " 0xffffffff\n";
  host::TextSource source(NVDLA_SOURCE_DIR "/firmware_traces/" + std::string(measured.trace) +
                          "/input.txn.gz");
  for (std::string line; source.next(line);) {
    if (line.find("write_reg " + enable) == std::string::npos) text += line + "\n";
  }
  text += "write_reg " + pointer + " 0\nread_reg " + address(map, measured.unit, measured.reg) +
          " 0xffffffff 0x77777777\n";
  host::ReplayOptions options;
  const std::string trace = test::temporary_file("perf.txn");
  test::write_file(trace, text);
  options.hardware = preset("nv_small");
  options.dbb.latency = measured.latency;
  options.dbb.bytes_per_cycle = measured.bandwidth;
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
  constexpr const char *kConvolution = "u_conv00_c16_28x28_k16_r3_s1_nv_small_int8",
                       *kPooling = "u_pool_max2_nv_small_int8", *kNormalization = "u_lrn_96x27_nv_small_int8",
                       *kElementwise = "u_elt_64x28_nv_small_int8";
  const Measured cases[] = {
      {kConvolution, 50, 8, Unit::kCdma, "D_PERF_DAT_READ_STALL", 1577},
      {kConvolution, 50, 8, Unit::kCdma, "D_PERF_WT_READ_STALL", 444},
      {kConvolution, 50, 8, Unit::kCdma, "D_PERF_DAT_READ_LATENCY", 1961, 50},
      {kConvolution, 50, 8, Unit::kCdma, "D_PERF_WT_READ_LATENCY", 0, 0},
      {kConvolution, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_STALL", 2989},
      {kConvolution, 128, 4, Unit::kCdma, "D_PERF_WT_READ_STALL", 530},
      {kConvolution, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_LATENCY", 3848},
      {kConvolution, 50, 8, Unit::kSdp, "D_PERF_WDMA_WRITE_STALL", 0, 0},
      {kPooling, 50, 8, Unit::kPdpRdma, "D_PERF_READ_STALL", 197116},
      {kPooling, 128, 4, Unit::kPdpRdma, "D_PERF_READ_STALL", 197194},
      {kPooling, 50, 8, Unit::kPdp, "D_PERF_WRITE_STALL", 0, 0},
      {kNormalization, 50, 8, Unit::kCdpRdma, "D_PERF_READ_STALL", 69571},
      {kNormalization, 128, 4, Unit::kCdpRdma, "D_PERF_READ_STALL", 69654},
      {kNormalization, 50, 8, Unit::kCdp, "D_PERF_WRITE_STALL", 0, 0},
      {kElementwise, 50, 8, Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL", 47967, 30},
      {kElementwise, 50, 8, Unit::kSdpRdma, "D_PERF_BRDMA_READ_STALL", 47330, 30},
      {kElementwise, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_STALL", 12174},
      {kElementwise, 128, 4, Unit::kCdma, "D_PERF_WT_READ_STALL", 1398},
      {kElementwise, 128, 4, Unit::kCdma, "D_PERF_DAT_READ_LATENCY", 13707},
      {kElementwise, 128, 4, Unit::kSdpRdma, "D_PERF_MRDMA_READ_STALL", 48050, 30},
      {kElementwise, 128, 4, Unit::kSdpRdma, "D_PERF_BRDMA_READ_STALL", 47413, 30},
  };
  for (const Measured& measured : cases) {
    EXPECT_NEAR(counted(measured), measured.rtl, measured.within)
        << measured.trace << " latency " << measured.latency << ": " << measured.reg;
  }
}

}  // namespace
}  // namespace nvdla::platform
