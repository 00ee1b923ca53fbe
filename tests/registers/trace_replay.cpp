// SPDX-License-Identifier: Apache-2.0
#include "trace_replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>

namespace nvdla::registers::test {

namespace {

namespace fs = std::filesystem;

const fs::path kTraces = fs::path(NVDLA_SOURCE_DIR) / "firmware_traces";

bool ready(const RegisterFile& file, Unit unit) { return file.enabled(unit, file.consumer(unit)); }

// The unit's consumer group, if it is enabled, runs and is done.
void finish(RegisterFile& file, Unit unit, std::initializer_list<Interrupt> interrupts = {}) {
  if (!ready(file, unit)) return;
  const std::uint32_t group = file.consumer(unit);
  file.start(unit);
  file.complete(unit);
  for (const Interrupt source : interrupts) file.raise(source, group);
}

}  // namespace

std::vector<std::string> trace_names() {
  std::vector<std::string> names;
  if (!fs::exists(kTraces)) return names;
  for (const auto& entry : fs::directory_iterator(kTraces)) {
    if (fs::exists(entry.path() / "layers.json")) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string trace_folder(const std::string& name) { return (kTraces / name).string(); }

std::vector<TraceLine> read_trace(const std::string& name) {
  const fs::path plain = kTraces / name / "input.txn";
  const bool packed = !fs::exists(plain);
  std::ifstream file(packed ? fs::path(plain.string() + ".gz") : plain, std::ios::binary);
  boost::iostreams::filtering_istream in;
  if (packed) in.push(boost::iostreams::gzip_decompressor());
  in.push(file);

  std::vector<TraceLine> lines;
  std::string text;
  for (std::uint32_t number = 1; std::getline(in, text); ++number) {
    std::istringstream words(text);
    TraceLine line;
    std::string address, a, b;
    if (!(words >> line.command >> address >> a) || line.command[0] == '#') continue;
    words >> b;
    line.number = number;
    line.offset = (static_cast<std::uint32_t>(std::stoul(address, nullptr, 0)) - 0xffff0000U) * 4;
    line.a = static_cast<std::uint32_t>(std::stoul(a, nullptr, 0));
    line.b = b.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(b, nullptr, 0));
    lines.push_back(line);
  }
  return lines;
}

HardwareParameters hardware_of(const std::string& name) {
  return preset(name.find("nv_full") != std::string::npos ? "nv_full" : "nv_small");
}

void finish_all(RegisterFile& file) {
  const auto convolution = {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc};
  while (ready(file, Unit::kSdp)) {
    if (file.field(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE", file.consumer(Unit::kSdp)) != 0) {
      if (!std::all_of(convolution.begin(), convolution.end(), [&](Unit u) { return ready(file, u); })) break;
      finish(file, Unit::kCdma, {Interrupt::kCdmaData, Interrupt::kCdmaWeight});
      finish(file, Unit::kCsc);
      finish(file, Unit::kCmacA);
      finish(file, Unit::kCmacB);
      finish(file, Unit::kCacc, {Interrupt::kCacc});
    }
    finish(file, Unit::kSdpRdma);
    finish(file, Unit::kSdp, {Interrupt::kSdp});
  }
  while (ready(file, Unit::kPdp)) {
    finish(file, Unit::kPdpRdma);
    finish(file, Unit::kPdp, {Interrupt::kPdp});
  }
  while (ready(file, Unit::kCdp)) {
    finish(file, Unit::kCdpRdma);
    finish(file, Unit::kCdp, {Interrupt::kCdp});
  }
}

void replay(RegisterFile& file, const std::vector<TraceLine>& lines,
            const std::function<void(const TraceLine&)>& after_write) {
  const std::uint32_t flush = file.map().offset(Unit::kCdma, "S_CBUF_FLUSH_STATUS");
  for (const TraceLine& line : lines) {
    std::uint32_t value = 0;
    if (line.command == "write_reg") {
      const AccessStatus status = file.write(line.offset, line.a);
      ASSERT_EQ(status, AccessStatus::kOk) << "line " << line.number << ": " << access_status_name(status);
      after_write(line);
    } else if (line.command == "read_reg") {
      ASSERT_EQ(file.read(line.offset, value), AccessStatus::kOk) << "line " << line.number;
      ASSERT_EQ(value & line.a, line.b & line.a) << "line " << line.number;
    } else if (line.command == "until") {
      if (line.offset == flush) {
        file.set_cbuf_flushed(true);
      } else {
        finish_all(file);
      }
      ASSERT_EQ(file.read(line.offset, value), AccessStatus::kOk) << "line " << line.number;
      ASSERT_EQ(value & line.a, line.a) << "line " << line.number;
    }
  }
}

}  // namespace nvdla::registers::test
