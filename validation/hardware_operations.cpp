// SPDX-License-Identifier: Apache-2.0
#include "validation/hardware_operations.h"

#include <algorithm>
#include <array>
#include <map>

namespace nvdla::validation {

using engine::OperationRecord;

std::string operation_name(Engine unit, std::uint32_t sequence) {
  return std::string(engine_name(unit)) + " " + std::to_string(sequence);
}

std::string chain_name(const std::vector<Engine>& chain) {
  std::string text;
  for (const Engine unit : chain) text += (text.empty() ? "" : "+") + std::string(engine_name(unit));
  return text;
}

std::vector<OperationRecord> with_layers(const std::vector<OperationRecord>& recorded,
                                         const std::vector<OperationRecord>& modelled,
                                         std::vector<OperationId>& missing) {
  std::map<OperationId, OperationId> layers;
  for (const OperationRecord& record : modelled) layers[record.id] = record.layer;
  std::vector<OperationRecord> result;
  for (OperationRecord record : recorded) {
    const auto found = layers.find(record.id);
    if (found == layers.end()) {
      missing.push_back(record.id);
      continue;
    }
    record.layer = found->second;
    result.push_back(record);
  }
  return result;
}

std::vector<HardwareOperation> hardware_operations(std::vector<OperationRecord> activations) {
  // The head of a layer stands before the engines behind it.
  std::sort(activations.begin(), activations.end(),
            [](const OperationRecord& a, const OperationRecord& b) { return a.id < b.id; });
  std::map<OperationId, HardwareOperation> layers;
  std::array<Cycle, kEngines> previous{};
  for (const OperationRecord& record : activations) {
    Cycle& last = previous[static_cast<std::size_t>(record.id.engine)];
    const Cycle begin = std::max(record.enable, last);
    last = record.done;
    if (record.layer == record.id) {
      HardwareOperation& operation = layers[record.id];
      operation.unit = record.id.engine;
      operation.sequence = record.id.sequence;
      operation.begin = begin;
      operation.bound_by = record.bound_by;
    }
    const auto layer = layers.find(record.layer);
    if (layer == layers.end())
      throw MatchingError(operation_name(record.id.engine, record.id.sequence) + " works behind " +
                          operation_name(record.layer.engine, record.layer.sequence) +
                          ", which is not there");
    // What waits for the unit behind it is bound by what bounds that one.
    if (layer->second.bound_by == Resource::kDownstream) layer->second.bound_by = record.bound_by;
    layer->second.chain.push_back(record.id.engine);
    layer->second.end = record.done;
  }
  std::vector<HardwareOperation> result;
  result.reserve(layers.size());
  for (auto& [head, operation] : layers) result.push_back(std::move(operation));
  return result;
}

}  // namespace nvdla::validation
