// SPDX-License-Identifier: Apache-2.0
#include "validation/hardware_operations.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace nvdla::validation {
namespace {

using engine::OperationRecord;

constexpr std::size_t kUnits = 6;

bool writes_memory(const OperationRecord& record, Client client) {
  const auto index = static_cast<std::size_t>(client);
  return record.dbb.written[index] + record.cvsram.written[index] > 0;
}

// SDP's results go to PDP or to memory, never both.
bool feeds_pdp(const OperationRecord& record) {
  return record.unit == Engine::kSdp && !writes_memory(record, Client::kSdp);
}

}  // namespace

std::string operation_name(Engine unit, std::uint32_t sequence) {
  return std::string(engine_name(unit)) + " " + std::to_string(sequence);
}

std::string chain_name(const std::vector<Engine>& chain) {
  std::string text;
  for (const Engine unit : chain) text += (text.empty() ? "" : "+") + std::string(engine_name(unit));
  return text;
}

std::vector<HardwareOperation> hardware_operations(std::vector<OperationRecord> activations) {
  std::sort(activations.begin(), activations.end(), [](const OperationRecord& a, const OperationRecord& b) {
    return std::tie(a.unit, a.sequence) < std::tie(b.unit, b.sequence);
  });
  // Units on the fly keep the order of their sources: the next free one is the right one.
  std::vector<const OperationRecord*> flying_sdp, flying_pdp;
  for (const OperationRecord& record : activations) {
    if (record.flying && record.unit == Engine::kSdp) flying_sdp.push_back(&record);
    if (record.flying && record.unit == Engine::kPdp) flying_pdp.push_back(&record);
  }
  std::vector<const OperationRecord*> pdp_sources;
  for (const OperationRecord& record : activations)
    if (feeds_pdp(record)) pdp_sources.push_back(&record);
  if (pdp_sources.size() != flying_pdp.size())
    throw MatchingError(std::to_string(pdp_sources.size()) + " SDP operations write nothing to memory, but " +
                        std::to_string(flying_pdp.size()) + " PDP operations work on the fly");

  const auto pdp_behind = [&](const OperationRecord& sdp) -> const OperationRecord* {
    const auto found = std::find(pdp_sources.begin(), pdp_sources.end(), &sdp);
    return found == pdp_sources.end() ? nullptr
                                      : flying_pdp[static_cast<std::size_t>(found - pdp_sources.begin())];
  };

  std::vector<HardwareOperation> result;
  std::array<Cycle, kUnits> previous{};
  std::size_t convolutions = 0;
  for (const OperationRecord& record : activations) {
    Cycle& last = previous[static_cast<std::size_t>(record.unit)];
    const Cycle begin = std::max(record.enable, last);
    last = record.done;
    if (record.flying) continue;
    HardwareOperation operation;
    operation.unit = record.unit;
    operation.sequence = record.sequence;
    operation.chain = {record.unit};
    operation.begin = begin;
    operation.end = record.done;
    operation.bound_by = record.bound_by;
    const OperationRecord* sdp = &record;
    if (record.unit == Engine::kConv) {
      if (convolutions == flying_sdp.size())
        throw MatchingError(operation_name(record.unit, record.sequence) +
                            " has no SDP on the fly behind it");
      sdp = flying_sdp[convolutions++];
      operation.chain.push_back(sdp->unit);
      operation.end = sdp->done;
    }
    if (const OperationRecord* pdp = pdp_behind(*sdp)) {
      operation.chain.push_back(pdp->unit);
      operation.end = pdp->done;
    }
    result.push_back(std::move(operation));
  }
  if (convolutions != flying_sdp.size())
    throw MatchingError(operation_name(Engine::kSdp, flying_sdp[convolutions]->sequence) +
                        " works on the fly behind no convolution");
  return result;
}

}  // namespace nvdla::validation
