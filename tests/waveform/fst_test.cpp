// SPDX-License-Identifier: Apache-2.0
// FST files: the same import as of VCD; damaged ones end in an error, never in a crash.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "host/files/byte_source.h"
#include "host/waveform/import_waveform.h"
#include "tests/support/port_waveform.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

#ifdef NVDLA_HAS_FST
#include <fstapi.h>
#endif

namespace nvdla::host {
namespace {

class Fst : public test::TemporaryDirectory {};

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

#ifdef NVDLA_HAS_FST

void write_fst(const test::PortWaveform& waveform, const std::string& path) {
  void* const file = fstWriterCreate(path.c_str(), 1);
  ASSERT_NE(file, nullptr);
  fstWriterSetScope(file, FST_ST_VCD_MODULE, "bench", nullptr);
  fstWriterSetScope(file, FST_ST_VCD_MODULE, "dut", nullptr);
  const auto variable = [&](const std::string& name, std::uint32_t width) {
    return fstWriterCreateVar(file, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, width, name.c_str(), 0);
  };
  const fstHandle clock = variable("dla_core_clk", 1);
  std::map<std::string, std::pair<fstHandle, std::uint32_t>> pins;
  for (const std::string& pin : test::dumped_pins(waveform)) {
    const std::uint32_t width = test::pin_width(pin);
    pins[pin] = {variable(width == 1 ? pin : pin + " [" + std::to_string(width - 1) + ":0]", width), width};
  }
  fstWriterSetUpscope(file);
  fstWriterSetUpscope(file);
  const auto emit = [&](const std::string& pin, std::uint64_t value) {
    const auto [handle, width] = pins.at(pin);
    std::string bits;
    for (std::uint32_t bit = width; bit-- > 0;) bits += (value >> bit & 1U) != 0 ? '1' : '0';
    fstWriterEmitValueChange(file, handle, bits.c_str());
  };
  fstWriterEmitTimeChange(file, 0);
  fstWriterEmitValueChange(file, clock, "0");
  for (const auto& [pin, handle] : pins) emit(pin, 0);
  auto next = waveform.changes.begin();
  for (Cycle cycle = 0; cycle < waveform.end; ++cycle) {
    fstWriterEmitTimeChange(file, 10 * static_cast<std::uint64_t>(cycle) + 5);
    fstWriterEmitValueChange(file, clock, "1");
    for (; next != waveform.changes.end() && next->first == cycle; ++next)
      for (const auto& change : next->second) emit(change.pin, change.value);
    fstWriterEmitTimeChange(file, 10 * static_cast<std::uint64_t>(cycle) + 10);
    fstWriterEmitValueChange(file, clock, "0");
  }
  fstWriterClose(file);
}

TEST_F(Fst, IsWhatTheVcdIs) {
  ReplayOptions options;
  options.hardware = preset("nv_small");
  options.dbb.bytes_per_cycle = 8;
  const Program program(std::string(NVDLA_SOURCE_DIR) +
                        "/firmware_traces/u_pool_max2_nv_small_int8/input.txn.gz");
  const test::PortWaveform waveform = test::play_ports(program, options, true);
  write_fst(waveform, path("wave.fst"));
  test::write_file(path("wave.vcd"), test::as_vcd(waveform, {}));
  for (const char* kind : {"fst", "vcd"}) {
    WaveformImport import;
    import.waveform = path(std::string("wave.") + kind);
    import.directory = path(kind);
    import.dbb = options.dbb;
    EXPECT_TRUE(is_waveform(import.waveform));
    (void)import_waveform(import);
  }
  for (const char* file : {"input.txn", "recording.ops.csv", "recording.dma.csv"})
    EXPECT_EQ(contents(path(std::string("fst/") + file)), contents(path(std::string("vcd/") + file))) << file;

  // Cut, or with bytes changed: an error that names the file, or a file that is still whole.
  const std::string good = contents(path("wave.fst"));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    std::string bad = good;
    if (i % 2 == 0) bad.resize(good.size() * (i + 1) / 61);
    if (i % 2 == 1)
      for (std::size_t k = 0; k < 20; ++k)
        bad[(k * 7919 + i * 104729) % bad.size()] ^= static_cast<char>(1U << i % 8);
    test::write_file(path("bad.fst"), bad);
    WaveformImport import;
    import.waveform = path("bad.fst");
    import.directory = path("bad");
    import.dbb = options.dbb;
    try {
      (void)import_waveform(import);
    } catch (const InputError& error) {
      ++refused;
      EXPECT_THAT(error.what(), ::testing::HasSubstr("bad"));
    }
  }
  EXPECT_GT(refused, 40U);
}

#else

TEST_F(Fst, IsRefusedByABuildWithoutItsReader) {
  WaveformImport import;
  import.waveform = file("wave.fst", std::string("\0\0\0\0\0\0\0\1\x49", 9));
  import.directory = path("out");
  EXPECT_THAT(test::thrown_text<InputError>([&] { (void)import_waveform(import); }),
              ::testing::HasSubstr("this build reads no FST"));
}

#endif

}  // namespace
}  // namespace nvdla::host
