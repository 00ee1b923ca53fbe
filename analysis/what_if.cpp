// SPDX-License-Identifier: Apache-2.0
#include "analysis/what_if.h"

#include <algorithm>
#include <cstdio>

#include "analysis/parallel.h"
#include "hardware/parameter_table.h"

namespace nvdla::analysis {

namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

// 1,234,567
std::string grouped(Cycle value) {
  std::string text = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

class Changes {
 public:
  explicit Changes(const Explanation& base) : base_(base) {}

  std::vector<Change> take() {
    memory();
    hardware("atomic_c", {{"atomic_c", 2.0 * base_.hardware.atomic_c}},
             "an array of " + number(2.0 * base_.hardware.atomic_c) + " channels");
    hardware("atomic_k", {{"atomic_k_int8", 2.0 * base_.hardware.atomic_k_int8}},
             "an array of " + number(2.0 * base_.hardware.atomic_k_int8) + " kernels (int8)");
    hardware("cbuf", {{"cbuf_entries_per_bank", 2.0 * base_.hardware.cbuf_entries_per_bank}},
             "a CBUF of " + number(2.0 * static_cast<double>(base_.hardware.cbuf_bytes()) / 1024) + " KiB");
    hardware("sdp",
             {{"sdp_bs_throughput", 2.0 * base_.hardware.sdp_bs_throughput},
              {"sdp_bn_throughput", 2.0 * base_.hardware.sdp_bn_throughput},
              {"sdp_ew_throughput", 2.0 * base_.hardware.sdp_ew_throughput},
              {"sdp_throughput", 2.0 * base_.hardware.sdp_throughput}},
             "an SDP of " + number(2.0 * base_.hardware.sdp_throughput) + " elements a cycle");
    hardware("pdp", {{"pdp_throughput", 2.0 * base_.hardware.pdp_throughput}},
             "a PDP of " + number(2.0 * base_.hardware.pdp_throughput) + " elements a cycle");
    hardware("cdp", {{"cdp_throughput", 2.0 * base_.hardware.cdp_throughput}},
             "a CDP of " + number(2.0 * base_.hardware.cdp_throughput) + " elements a cycle");
    compression();
    return std::move(changes_);
  }

 private:
  Change same(std::string key, std::string text) const {
    return {std::move(key), std::move(text), base_.hardware, base_.memory, {}, std::nullopt};
  }

  // Nothing where check() refuses it.
  void hardware(const char* key, const std::vector<ParameterSetting>& settings, std::string text) {
    Change change = same(key, std::move(text));
    try {
      change.hardware = derived(base_.hardware, settings);
    } catch (const std::invalid_argument&) {
      return;
    }
    try {
      if (change.key == "atomic_c" || change.key == "atomic_k")
        change.roomier = derived(change.hardware,
                                 {{"cbuf_entries_per_bank", 2.0 * change.hardware.cbuf_entries_per_bank}});
    } catch (const std::invalid_argument&) {
      change.roomier.reset();
    }
    changes_.push_back(std::move(change));
  }

  void memory() {
    const auto port = [&](const char* key, const char* name, const auto& of) {
      const double twice = 2 * of(base_.memory).bytes_per_cycle;
      Change faster = same(std::string(key) + "bandwidth", number(twice) + " bytes a cycle on " + name);
      of(faster.memory).bytes_per_cycle = twice;
      bool possible = true;
      if (twice > base_.hardware.dbb_width_bytes) {
        try {
          faster.hardware =
              derived(base_.hardware, {{"dbb_width_bytes", 2.0 * base_.hardware.dbb_width_bytes}});
          faster.text += " (a bus of " + number(faster.hardware.dbb_width_bytes) + " bytes)";
        } catch (const std::invalid_argument&) {
          possible = false;
        }
      }
      if (possible) changes_.push_back(std::move(faster));
      Change closer = same(std::string(key) + "latency",
                           std::to_string(of(base_.memory).latency / 2) + " cycles of latency on " + name);
      if (of(base_.memory).latency == 0) return;
      of(closer.memory).latency /= 2;
      changes_.push_back(std::move(closer));
    };
    port(
        "dbb_", "DBB", [](auto& memory) -> auto& { return memory.dbb; });
    if (base_.memory.cvsram && base_.evaluation.cvsram.total() > 0)
      port(
          "cvsram_", "CVSRAM", [](auto& memory) -> auto& { return *memory.cvsram; });
  }

  void compression() {
    if (!base_.hardware.weight_compression) return;
    Change change = same("weight_compression", "compressing those weights, were half of them zero,");
    for (const ExplainedLayer& layer : base_.layers) {
      const Cause cause = layer.main_cause();
      const bool memory = cause == Cause::kDbbBandwidth || cause == Cause::kCvsramBandwidth ||
                          cause == Cause::kOutstanding || cause == Cause::kWeightFetch;
      if (layer.head.engine == Engine::kConv && memory && layer.compressible &&
          layer.weight_bytes * 2 > layer.dbb.total() + layer.cvsram.total())
        change.compression.convolutions.push_back(layer.head.sequence);
    }
    if (change.compression.convolutions.empty()) return;
    change.compression.zeros = 0.5;
    changes_.push_back(std::move(change));
  }

  const Explanation& base_;
  std::vector<Change> changes_;
};

Cycle length(const LayerCauses& layer) { return layer.to - layer.from; }

// "fc6 waits 1,301,000 of its 1,800,000 cycles for DBB bandwidth"; "conv2 spends ... on the MAC array"
std::string complaint(const ExplainedLayer& layer) {
  const Cause cause = layer.main_cause();
  const Cycle cycles = layer.causes[static_cast<std::size_t>(cause)];
  const std::string share = grouped(cycles) + " of its " + grouped(length(layer)) + " cycles";
  switch (cause) {
    case Cause::kMacActive:
      return layer.name + " keeps the MAC array busy for " + share;
    case Cause::kMacStripe:
    case Cause::kMacKernels:
    case Cause::kMacChannels:
      return layer.name + " loses " + share + " to " +
             (cause == Cause::kMacStripe ? "stripes shorter than the array's minimum and the load of weights"
              : cause == Cause::kMacKernels ? "a kernel group that is not full"
                                            : "channels that do not fill the array");
    case Cause::kDbbBandwidth:
    case Cause::kCvsramBandwidth: {
      const auto bytes = static_cast<double>(layer.dbb.total() + layer.cvsram.total());
      const double weights = bytes > 0 ? static_cast<double>(layer.weight_bytes) / bytes : 0;
      const std::string of = weights > 0.5 ? ", " + percent(weights) + " of its bytes are weights" : "";
      return layer.name + " waits " + share + " for " + std::string(cause_text(cause)) + of;
    }
    case Cause::kDbbLatency:
    case Cause::kCvsramLatency:
    case Cause::kOutstanding:
    case Cause::kArbitration:
      return layer.name + " waits " + share + " for the " + std::string(cause_text(cause));
    default:
      return layer.name + " spends " + share + " on " + std::string(cause_text(cause));
  }
}

// The layers of one name as one: a driver splits what does not fit at once.
std::vector<ExplainedLayer> by_name(const std::vector<ExplainedLayer>& layers) {
  std::vector<ExplainedLayer> result;
  for (const ExplainedLayer& layer : layers) {
    const auto same = std::find_if(result.begin(), result.end(), [&](const ExplainedLayer& other) {
      return other.name == layer.name && other.head.engine == layer.head.engine;
    });
    if (same == result.end()) {
      result.push_back(layer);
      continue;
    }
    same->to += length(layer);  // only the length counts here
    for (std::size_t i = 0; i < kCauses; ++i) same->causes[i] += layer.causes[i];
    same->dbb += layer.dbb;
    same->cvsram += layer.cvsram;
    same->weight_bytes += layer.weight_bytes;
  }
  return result;
}

void compare(const Network& network, const Explanation& base, const std::vector<LayerCauses>& changed,
             WhatIf& result) {
  if (base.evaluation.cycles > 0)
    result.saved = 1 - static_cast<double>(result.cycles) / static_cast<double>(base.evaluation.cycles);
  const std::vector<ExplainedLayer> layers = by_name(base.layers);
  const ExplainedLayer* best = nullptr;
  for (const ExplainedLayer& layer : layers) {
    Cycle after = 0;
    for (const LayerCauses& other : changed)
      if (other.head.engine == layer.head.engine && network.name_of(other.head) == layer.name)
        after += length(other);
    const Cycle gain = length(layer) - after;
    if (best != nullptr && gain <= result.layer_saved) continue;
    best = &layer;
    result.layer_saved = gain;
  }
  if (best == nullptr) return;
  result.layer = best->name;
  result.layer_cycles = length(*best);
  const Cycle gain = base.evaluation.cycles - result.cycles;
  const std::string total = grouped(gain < 0 ? -gain : gain) + " cycles, " +
                            percent(result.saved < 0 ? -result.saved : result.saved) + " of the total";
  if (gain <= 0) {
    result.advice = result.change.text + " would " + (gain < 0 ? "cost " + total : "change nothing") + ".";
    return;
  }
  result.advice = complaint(*best) + "; " + result.change.text + " would save " + total + ".";
}

}  // namespace

std::vector<Change> usual_changes(const Explanation& base) {
  if (base.layers.empty()) return {};
  return Changes(base).take();
}

std::vector<WhatIf> what_if(const Network& network, const Explanation& base,
                            const std::vector<Change>& changes, unsigned threads) {
  std::vector<WhatIf> results(changes.size());
  parallel_for(changes.size(), threads, [&](std::size_t i) {
    WhatIf& result = results[i];
    result.change = changes[i];
    const auto run = [&] {
      const Design design(network, result.change.hardware, result.change.compression);
      Recorder recorder;
      const Evaluation evaluation = design.evaluate(result.change.memory, base.level, {&recorder, &recorder});
      result.cycles = evaluation.cycles;
      compare(network, base,
              find_causes(evaluation.operations, recorder, {}, design.hardware(), evaluation.cycles), result);
    };
    try {
      try {
        run();
      } catch (const Infeasible&) {
        if (!result.change.roomier) throw;
        result.change.hardware = *result.change.roomier;
        result.change.text += " with a CBUF of " +
                              number(static_cast<double>(result.change.hardware.cbuf_bytes()) / 1024) +
                              " KiB";
        run();
      }
    } catch (const Infeasible& error) {
      result.feasible = false;
      result.reason = error.what();
      result.advice = result.change.text + " is not possible with this trace: " + result.reason + ".";
    }
  });
  std::stable_sort(results.begin(), results.end(), [](const WhatIf& a, const WhatIf& b) {
    return a.feasible != b.feasible ? a.feasible : a.saved > b.saved;
  });
  return results;
}

}  // namespace nvdla::analysis
