// SPDX-License-Identifier: Apache-2.0
// The counters of every unit against those that the RTL of branch nv_small, master and nvdlav1 had behind the
// cases of tests/rtl_cases, with every D_PERF_ENABLE set (tests/rtl_cases/counters.csv): what counts values
// is equal, stalls and latencies as near as the bounds below. One table of all is printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "host/runner.h"
#include "host/text_source.h"
#include "registers/register_map.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::host {
namespace {

using registers::RegisterMap;

struct Counter {
  Unit unit{};
  std::uint32_t group = 0;
  std::string name;
  std::uint32_t rtl = 0;
  std::uint32_t model = 0;
};

struct Recording {
  std::string name;
  HardwareParameters hardware;
  std::vector<Counter> counters;
};

Unit unit_of(const std::string& name) {
  for (std::size_t unit = 0; unit < kUnits; ++unit)
    if (unit_name(static_cast<Unit>(unit)) == name) return static_cast<Unit>(unit);
  throw std::invalid_argument("no such unit: " + name);
}

std::vector<Recording> recordings() {
  std::vector<Recording> all;
  TextSource source(NVDLA_SOURCE_DIR "/tests/rtl_cases/counters.csv");
  std::string line;
  source.next(line);  // the heading
  while (source.next(line)) {
    std::istringstream text(line);
    std::string recording, unit, group, name, value;
    std::getline(text, recording, ',');
    std::getline(text, unit, ',');
    std::getline(text, group, ',');
    std::getline(text, name, ',');
    std::getline(text, value, ',');
    if (all.empty() || all.back().name != recording) {
      const std::string folder = recording.substr(0, recording.find("__"));
      all.push_back({recording, preset(folder.substr(folder.find("_nv_") + 1)), {}});
    }
    all.back().counters.push_back({unit_of(unit), static_cast<std::uint32_t>(std::stoul(group)), name,
                                   static_cast<std::uint32_t>(std::stoul(value))});
  }
  return all;
}

std::string write(const RegisterMap& map, Unit unit, const char* reg, std::uint32_t value) {
  std::ostringstream text;
  text << "write_reg 0x" << std::hex << (0xffff0000U | map.offset(unit, reg) / 4) << " 0x" << value << '\n';
  return text.str();
}

// The case's trace with all counters enabled, and at its end a read of each of them that cannot match.
std::string trace(const Recording& recording) {
  const RegisterMap& map = RegisterMap::of(recording.hardware.generation);
  const std::string folder =
      NVDLA_SOURCE_DIR "/tests/rtl_cases/seen/" + recording.name.substr(0, recording.name.find("__")) + "/";
  std::string text;
  std::vector<std::string> enables;
  if (recording.counters.front().unit == Unit::kBdma) text += write(map, Unit::kBdma, "CFG_STATUS", 1);
  for (const Counter& counter : recording.counters) {
    if (map.find(counter.unit, "D_PERF_ENABLE") == RegisterMap::kNone) continue;
    const std::string enable = write(map, counter.unit, "D_PERF_ENABLE", ~0U);
    const std::string address = enable.substr(0, enable.rfind(' '));
    if (std::find(enables.begin(), enables.end(), address) != enables.end()) continue;
    enables.push_back(address);
    for (const std::uint32_t group : {1U, 0U}) text += write(map, counter.unit, "S_POINTER", group) + enable;
  }
  TextSource source(folder + "input.txn");
  const std::regex load("^(load_mem \\S+ \\S+ )(\\S+)");
  for (std::string line; source.next(line);) {
    if (line.rfind("dump_mem", 0) == 0) continue;
    if (std::any_of(enables.begin(), enables.end(),
                    [&](const std::string& enable) { return line.rfind(enable, 0) == 0; }))
      continue;
    text += std::regex_replace(line, load, "$1" + folder + "$2") + '\n';
  }
  for (const Counter& counter : recording.counters) {
    if (counter.unit != Unit::kBdma) text += write(map, counter.unit, "S_POINTER", counter.group);
    std::ostringstream read;
    read << "read_reg 0x" << std::hex << (0xffff0000U | map.offset(counter.unit, counter.name) / 4)
         << " 0xffffffff 0x" << ~counter.rtl << '\n';
    text += read.str();
  }
  return text;
}

void play(Recording& recording) {
  ReplayOptions options;
  options.hardware = recording.hardware;
  unsigned latency = 0, open = 256;
  double bandwidth = 0;
  ASSERT_GE(std::sscanf(recording.name.c_str() + recording.name.find("__"), "__L%u_B%lf_O%u", &latency,
                        &bandwidth, &open),
            2);
  options.dbb.latency = latency;
  options.dbb.bytes_per_cycle = bandwidth;
  options.dbb.max_outstanding = open;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  options.stop_on_mismatch = false;
  options.strict = true;  // counters are what is compared
  options.tensors = true;
  const std::string file = test::temporary_file("counters.txn");
  test::write_file(file, trace(recording));
  const ReplayResult result = run(Program(file), options);
  std::filesystem::remove(file);
  std::size_t next = 0;
  std::smatch value;
  for (const std::string& mismatch : result.read_mismatches)
    if (std::regex_search(mismatch, value, std::regex(" is (0x[0-9a-f]+)")) &&
        next < recording.counters.size())
      recording.counters[next++].model = static_cast<std::uint32_t>(std::stoul(value[1], nullptr, 16));
  EXPECT_EQ(next, recording.counters.size()) << recording.name;
}

struct Sum {
  std::size_t all = 0, equal = 0, near = 0;
  double worst = 0;
  std::string worst_at;
};

bool counts_values(const std::string& name) {
  return name.find("STALL") == std::string::npos && name.find("LATENCY") == std::string::npos;
}

TEST(RecordedCounters, AreThoseOfTheRtl) {
  std::vector<Recording> all = recordings();
  ASSERT_EQ(all.size(), 182U);
  std::map<std::string, Sum> sums;
  Sum reads, latencies, writes;
  for (Recording& recording : all) {
    play(recording);
    for (const Counter& counter : recording.counters) {
      if (counter.rtl == 0 && counter.model == 0) continue;
      const std::string name = std::string(unit_name(counter.unit)) + ' ' + counter.name;
      const double off = std::abs(static_cast<double>(counter.model) - counter.rtl);
      if (counts_values(counter.name)) {
        EXPECT_EQ(counter.model, counter.rtl)
            << recording.name << ": " << name << ", group " << counter.group;
      }
      Sum& kind = counter.name.find("LATENCY") != std::string::npos ? latencies
                  : counter.name.find("WRITE") != std::string::npos ? writes
                                                                    : reads;
      for (Sum* const sum : {&sums[name], &kind}) {
        ++sum->all;
        sum->equal += off == 0 ? 1U : 0U;
        sum->near += off <= std::max(10.0, 0.01 * counter.rtl) ? 1U : 0U;
        if (off <= sum->worst) continue;
        sum->worst = off;
        sum->worst_at =
            recording.name + ": " + std::to_string(counter.model) + " for " + std::to_string(counter.rtl);
      }
    }
  }
  for (const auto& [name, sum] : sums)
    std::cout << name << ": " << sum.all << " counted, " << sum.equal << " equal, " << sum.near
              << " within 10 or 1 %, worst " << sum.worst_at << '\n';
  EXPECT_GE(reads.near, 0.98 * reads.all);
  EXPECT_GE(reads.equal, 0.7 * reads.all);
  EXPECT_GE(sums["CDMA D_PERF_WT_READ_STALL"].equal, 0.9 * sums["CDMA D_PERF_WT_READ_STALL"].all);
  EXPECT_GE(sums["RBK D_PERF_READ_STALL"].equal, 4U);
  EXPECT_GE(latencies.near, 0.95 * latencies.all);
  EXPECT_LE(reads.worst, 30);
  EXPECT_LE(latencies.worst, 50);
  for (const char* group : {"BDMA STATUS_GRP0_READ_STALL", "BDMA STATUS_GRP1_READ_STALL"}) {
    EXPECT_GT(sums[group].all, 2U) << group;
    EXPECT_GE(sums[group].equal + 1, sums[group].all) << group;
  }
  EXPECT_EQ(writes.near, writes.all);
  EXPECT_GE(writes.equal, 0.75 * writes.all);
  EXPECT_LE(writes.worst, 10);
}

}  // namespace
}  // namespace nvdla::host
