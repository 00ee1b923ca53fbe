// SPDX-License-Identifier: Apache-2.0
// One trace on one memory: what the tests compare.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/events.h"
#include "host/program.h"
#include "host/replay.h"
#include "memory/pattern.h"
#include "tests/torture/answer_times.h"
#include "tests/torture/torture_target.h"

namespace nvdla::torture {

inline const std::filesystem::path kTraces = std::filesystem::path(NVDLA_SOURCE_DIR) / "firmware_traces";

inline std::vector<std::string> every_trace() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kTraces))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

// All of them when the environment has NVDLA_ALL_TRACES (scripts/torture.sh).
inline bool all_wanted() { return std::getenv("NVDLA_ALL_TRACES") != nullptr; }

// Else some of every kind.
inline std::vector<std::string> traces() {
  if (all_wanted()) return every_trace();
  return {"lenet_img_nv_full_int8",     "lenet_nv_small_int8",
          "u_lrn_16x7_nv_small_int8",   "u_lrn_16x7_nv_full_fp16",
          "u_pool_max2_nv_small_int8",  "u_elt_64x28_nv_full_int8",
          "u_conv_nobias_nv_full_int8", "u_conv16_c3_64x64_k32_r3_s2_nv_small_int8"};
}

// Else all but AlexNet's.
inline std::vector<std::string> short_traces() {
  std::vector<std::string> names = every_trace();
  if (all_wanted()) return names;
  names.erase(std::remove_if(names.begin(), names.end(),
                             [](const std::string& name) { return name.find("alexnet") == 0; }),
              names.end());
  return names;
}

inline HardwareParameters hardware_of(const std::string& trace) {
  return preset(trace.find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
}

// What memory holds at first.
inline memory::Pattern pattern_of(const std::string& trace) {
  return {
      trace.find("fp16") != std::string::npos ? memory::Pattern::Kind::kFp16 : memory::Pattern::Kind::kBytes,
      1};
}

// What an operation has moved, by port, direction and client, and when it ended.
class Listener : public engine::Listener {
 public:
  void on_done(const engine::OperationRecord& record) override { operations[record.id] = record; }
  void on_warning(const std::string& text, Cycle /*at*/) override { warnings.push_back(text); }
  void on_fault(const std::string& text, Cycle /*at*/) override { warnings.push_back(text); }

  std::map<OperationId, engine::OperationRecord> operations;
  std::vector<std::string> warnings;
};

struct Played {
  Listener heard;
  std::vector<std::string> unfinished;
  std::map<OperationId, std::uint32_t> checksums;  // host/output_checksums.h
  std::uint64_t early_values = 0;                  // engine::Accelerator::early_values
  bool idle = false;
  std::uint64_t overtaken = 0, dmi_grants = 0, accesses = 0;  // SystemC only
};

// With the recordings' memory, which answers in order.
Played play_in_order(const host::Program& program, const HardwareParameters& hardware, std::uint32_t latency);
// On engine::Accelerator with torture::Memory. Throws host::ReplayError when a poll is never met.
Played play(const host::Program& program, const HardwareParameters& hardware, const Latencies& latencies);
// On the SystemC component with torture::Target.
Played play_systemc(const host::Program& program, const HardwareParameters& hardware,
                    const Latencies& latencies, Manner manner, bool dmi);

}  // namespace nvdla::torture
