// SPDX-License-Identifier: Apache-2.0
#include "analysis/explain.h"

#include <algorithm>

#include "amaix/convolution_plan.h"
#include "operation/weight_mask.h"

namespace nvdla::analysis {

namespace {

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

std::uint64_t elements(const Cube& cube) { return std::uint64_t{cube.width} * cube.height * cube.channels; }

class Explainer {
 public:
  Explainer(const Network& network, const HardwareParameters& hardware, const memory::MemorySystem& memory,
            const ReadOperations& operations)
      : network_(network), hardware_(hardware), memory_(memory), operations_(operations) {}

  ExplainedLayer layer(const LayerCauses& causes, const Evaluation& evaluation) const {
    ExplainedLayer result;
    static_cast<LayerCauses&>(result) = causes;
    result.name = network_.name_of(causes.head);
    for (const engine::OperationRecord& operation : evaluation.operations) {
      if (operation.layer != causes.head) continue;
      result.dbb += operation.dbb;
      result.cvsram += operation.cvsram;
    }
    constexpr auto kWeights = static_cast<std::size_t>(Client::kCdmaWt);
    result.weight_bytes = result.dbb.read[kWeights] + result.cvsram.read[kWeights];
    const auto cycles = static_cast<double>(causes.to - causes.begin);
    work(result);
    RooflinePoint& point = result.roofline;
    const auto bytes = static_cast<double>(result.dbb.total() + result.cvsram.total());
    point.intensity = ratio(static_cast<double>(point.work), bytes);
    point.attained = ratio(static_cast<double>(point.work), cycles);
    point.memory_roof = memory_roof(result);
    Utilisation& used = result.utilisation;
    if (point.multiplications) used.mac_array = ratio(point.attained, point.compute_roof);
    used.dbb = ratio(static_cast<double>(result.dbb.total()), cycles * bandwidth(memory_.dbb));
    if (memory_.cvsram)
      used.cvsram = ratio(static_cast<double>(result.cvsram.total()), cycles * bandwidth(*memory_.cvsram));
    return result;
  }

  [[nodiscard]] double bandwidth(const memory::MemoryDescription& memory) const {
    return std::min<double>(memory.bytes_per_cycle, hardware_.dbb_width_bytes);
  }

 private:
  // With traffic on both ports, as divided between them.
  [[nodiscard]] double memory_roof(const ExplainedLayer& layer) const {
    double cycles = static_cast<double>(layer.dbb.total()) / bandwidth(memory_.dbb);
    if (memory_.cvsram)
      cycles = std::max(cycles, static_cast<double>(layer.cvsram.total()) / bandwidth(*memory_.cvsram));
    return ratio(static_cast<double>(layer.roofline.work), cycles);
  }

  void work(ExplainedLayer& layer) const {
    RooflinePoint& point = layer.roofline;
    const std::size_t n = layer.head.sequence;
    switch (layer.head.engine) {
      case Engine::kConv:
        if (n < operations_.convolutions.size()) convolution(operations_.convolutions[n], layer);
        return;
      case Engine::kSdp:
        if (n >= operations_.sdp.size()) return;
        point.work = elements(operations_.sdp[n].cube) * operations_.sdp[n].batches;
        point.compute_roof = sdp_rate(operations_.sdp[n]);
        return;
      case Engine::kPdp:
        if (n >= operations_.pdp.size()) return;
        point.work = elements(operations_.pdp[n].input);
        point.compute_roof = ratio(hardware_.pdp_throughput, bytes_per_element(operations_.pdp[n].precision));
        return;
      case Engine::kCdp:
        if (n >= operations_.cdp.size()) return;
        point.work = elements(operations_.cdp[n].cube);
        point.compute_roof = ratio(hardware_.cdp_throughput, bytes_per_element(operations_.cdp[n].precision));
        return;
      case Engine::kBdma:
      case Engine::kRubik:
        // Bytes moved; the bus is the only roof.
        point.work = (layer.dbb.total() + layer.cvsram.total()) / 2;
        point.compute_roof = hardware_.dbb_width_bytes;
        return;
    }
  }

  [[nodiscard]] double sdp_rate(const SdpOperation& operation) const {
    std::uint32_t rate = hardware_.sdp_throughput;
    const auto take = [&](const SdpStage& stage, std::uint32_t throughput) {
      if (!stage.bypass && throughput != 0) rate = std::min(rate, throughput);
    };
    take(operation.x1, hardware_.sdp_bs_throughput);
    take(operation.x2, hardware_.sdp_bn_throughput);
    take(operation.y, hardware_.sdp_ew_throughput);
    return rate;
  }

  void convolution(const ReadConvolution& c, ExplainedLayer& layer) const {
    layer.multiplications = multiplications(c.sequence);
    layer.compressible = mask_fits(c.fetch, hardware_);
    layer.roofline.multiplications = true;
    layer.roofline.work = layer.multiplications;
    layer.roofline.compute_roof =
        double{1} * hardware_.atomic_c * atomic_k(hardware_, c.fetch.processing_precision);
    const std::uint64_t bank = hardware_.cbuf_bytes() / hardware_.cbuf_banks;
    const std::uint64_t data =
        std::min(bank * c.fetch.data_banks, std::uint64_t{c.fetch.entries_per_slice} * c.fetch.input.height *
                                                c.fetch.batches * hardware_.cbuf_entry_bytes);
    const std::uint64_t weights = std::min(bank * c.fetch.weight_banks, c.fetch.weight_bytes);
    layer.utilisation.cbuf =
        ratio(static_cast<double>(data + weights), static_cast<double>(hardware_.cbuf_bytes()));
  }

  const Network& network_;
  const HardwareParameters& hardware_;
  const memory::MemorySystem& memory_;
  const ReadOperations& operations_;
};

}  // namespace

Cause ExplainedLayer::main_cause() const {
  return static_cast<Cause>(std::max_element(causes.begin(), causes.end()) - causes.begin());
}

Explanation explain(const Network& network, const Design& design, const memory::MemorySystem& memory,
                    amaix::Level level) {
  Explanation result;
  result.input = network.path();
  result.hardware = design.hardware();
  result.memory = memory;
  result.level = level;
  const ReadOperations operations = read_operations(design.program(), design.hardware());
  std::vector<LayerCauses> layers;
  for (const amaix::Level each : {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic}) {
    if (each > level) break;
    Recorder recorder;
    result.traffic = TrafficOverTime(design.hardware().dbb_width_bytes);
    recorder.count(result.traffic);
    result.evaluation = design.evaluate(memory, each, {&recorder, &recorder});
    layers = find_causes(result.evaluation.operations, recorder, operations, design.hardware(),
                         result.evaluation.cycles);
    LevelTotal total{each, result.evaluation.cycles, {}};
    for (const LayerCauses& layer : layers)
      for (std::size_t i = 0; i < kCauses; ++i) total.causes[i] += layer.causes[i];
    result.levels.push_back(total);
  }
  result.causes = result.levels.back().causes;

  const Explainer explainer(network, result.hardware, memory, operations);
  const auto cycles = static_cast<double>(result.evaluation.cycles);
  double array = 0;
  for (const LayerCauses& each : layers) {
    const ExplainedLayer layer = explainer.layer(each, result.evaluation);
    if (layer.roofline.multiplications)
      array += ratio(static_cast<double>(layer.roofline.work), layer.roofline.compute_roof);
    result.utilisation.cbuf = std::max(result.utilisation.cbuf, layer.utilisation.cbuf);
    result.layers.push_back(layer);
  }
  result.utilisation.mac_array = ratio(array, cycles);
  result.utilisation.dbb =
      ratio(static_cast<double>(result.evaluation.dbb.total()), cycles * explainer.bandwidth(memory.dbb));
  if (memory.cvsram)
    result.utilisation.cvsram = ratio(static_cast<double>(result.evaluation.cvsram.total()),
                                      cycles * explainer.bandwidth(*memory.cvsram));
  return result;
}

}  // namespace nvdla::analysis
