// SPDX-License-Identifier: Apache-2.0
#include "analysis/causes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "amaix/convolution_plan.h"
#include "operation/divide.h"

namespace nvdla::analysis {

namespace {

constexpr std::array<std::string_view, kCauses> kNames = {
    "programming", "driver",         "data_fetch",   "weight_fetch",    "mac_active",
    "mac_stripe",  "mac_kernels",    "mac_channels", "post_processing", "moving",
    "delivery",    "buffer_space",   "write_back",   "dbb_bandwidth",   "cvsram_bandwidth",
    "dbb_latency", "cvsram_latency", "outstanding",  "arbitration"};
constexpr std::array<std::string_view, kCauses> kTexts = {"programming",
                                                          "waiting for the driver",
                                                          "data fetch",
                                                          "weight fetch",
                                                          "MAC array active",
                                                          "array idle: stripe minimum, weight load",
                                                          "array idle: kernel group not full",
                                                          "array idle: channels not full",
                                                          "post-processing",
                                                          "moving data",
                                                          "delivery to SDP",
                                                          "waiting for buffer space",
                                                          "write back",
                                                          "DBB bandwidth",
                                                          "CVSRAM bandwidth",
                                                          "DBB latency",
                                                          "CVSRAM latency",
                                                          "limit of open reads",
                                                          "arbitration"};

Cause cause_of(Resource resource) {
  switch (resource) {
    case Resource::kMacArray:
      return Cause::kMacActive;
    case Resource::kWeightLoad:
      return Cause::kMacStripe;
    case Resource::kDataFetch:
    case Resource::kOperandFetch:
      return Cause::kDataFetch;
    case Resource::kWeightFetch:
      return Cause::kWeightFetch;
    case Resource::kCbufSpace:
      return Cause::kBufferSpace;
    case Resource::kDownstream:
      return Cause::kDelivery;
    case Resource::kSdpX1:
    case Resource::kSdpX2:
    case Resource::kSdpY:
    case Resource::kSdpCore:
    case Resource::kPdpCore:
    case Resource::kCdpCore:
      return Cause::kPostProcessing;
    case Resource::kBdmaCore:
    case Resource::kRubikCore:
      return Cause::kMoving;
    case Resource::kWritePath:
      return Cause::kWriteBack;
    case Resource::kDbbBandwidth:
      return Cause::kDbbBandwidth;
    case Resource::kCvsramBandwidth:
      return Cause::kCvsramBandwidth;
    case Resource::kDbbLatency:
      return Cause::kDbbLatency;
    case Resource::kCvsramLatency:
      return Cause::kCvsramLatency;
    case Resource::kOutstanding:
      return Cause::kOutstanding;
    case Resource::kArbitration:
      return Cause::kArbitration;
    case Resource::kProgramming:
      return Cause::kProgramming;
    case Resource::kPartner:
      return Cause::kDriver;
  }
  return Cause::kDriver;
}

// Walks intervals that follow each other in time.
template <class Interval>
class Cursor {
 public:
  explicit Cursor(const std::vector<Interval>& intervals) : intervals_(intervals) {}
  // The interval that covers `at`, null if none does; `until` is lowered to where that changes.
  const Interval* at(Cycle at, Cycle& until) {
    while (next_ < intervals_.size() && intervals_[next_].to <= at) ++next_;
    if (next_ == intervals_.size()) return nullptr;
    const Interval& interval = intervals_[next_];
    if (interval.from > at) {
      until = std::min(until, interval.from);
      return nullptr;
    }
    until = std::min(until, interval.to);
    return &interval;
  }

 private:
  const std::vector<Interval>& intervals_;
  std::size_t next_ = 0;
};

// What the operations of a layer say of one moment, head first.
Cause decide(const std::vector<const Recorder::Told*>& told, const Recorder::Access* access) {
  bool programming = false, downstream = false;
  for (const Recorder::Told* each : told) {
    if (each == nullptr || each->resource == Resource::kPartner) continue;
    if (each->resource == Resource::kProgramming) {
      programming = true;
    } else if (each->resource == Resource::kDownstream) {
      downstream = true;  // the one behind knows more
    } else {
      return cause_of(each->resource);
    }
  }
  if (downstream) return Cause::kDelivery;
  if (programming) return Cause::kProgramming;
  return access != nullptr && access->kind == host::AccessKind::kWrite ? Cause::kProgramming : Cause::kDriver;
}

void divide_array(const ConvolutionSequence& sequence, const HardwareParameters& hardware,
                  CauseAccount& causes) {
  const ArrayFill fill = array_fill(sequence, hardware);
  Cycle& active = causes[static_cast<std::size_t>(Cause::kMacActive)];
  const Cycle all = active;
  active = std::llround(static_cast<double>(all) * fill.kernels * fill.channels);
  const Cycle kernels =
      std::min<Cycle>(all - active, std::llround(static_cast<double>(all) * (1 - fill.kernels)));
  causes[static_cast<std::size_t>(Cause::kMacKernels)] += kernels;
  causes[static_cast<std::size_t>(Cause::kMacChannels)] += all - active - kernels;
}

}  // namespace

std::string_view cause_name(Cause cause) { return kNames.at(static_cast<std::size_t>(cause)); }
std::string_view cause_text(Cause cause) { return kTexts.at(static_cast<std::size_t>(cause)); }

Cycle sum(const CauseAccount& account) { return std::accumulate(account.begin(), account.end(), Cycle{0}); }

const std::vector<Recorder::Told>& Recorder::told(OperationId id) const {
  static const std::vector<Told> none;
  const auto found = told_.find(id);
  return found == told_.end() ? none : found->second;
}

ArrayFill array_fill(const ConvolutionSequence& sequence, const HardwareParameters& hardware) {
  const amaix::SequencePlan plan = amaix::plan_sequence(sequence, hardware);
  ArrayFill fill;
  fill.kernels = static_cast<double>(sequence.kernels) / (double{1} * plan.groups * plan.group_kernels);
  const double slice = sequence.mode == ConvolutionMode::kWinograd ? 4 : hardware.atomic_c;
  double taps = static_cast<double>(sequence.kernel_channels);
  // In image mode the width of the kernel is in its channels; Winograd's 4 x 4 taps are one block.
  if (sequence.mode != ConvolutionMode::kWinograd) {
    taps *= sequence.kernel_height;
    if (sequence.input_format == InputFormat::kFeature) taps *= sequence.kernel_width;
  }
  fill.channels = std::min(1.0, taps / (plan.blocks * slice));
  return fill;
}

std::uint64_t multiplications(const ConvolutionSequence& sequence) {
  const std::uint64_t width = sequence.input_format == InputFormat::kPixel ? 1 : sequence.kernel_width;
  const std::uint64_t plane = std::uint64_t{sequence.output.width} * sequence.output.height;
  const std::uint64_t positions = sequence.mode == ConvolutionMode::kWinograd
                                      ? ceil_div(std::uint64_t{sequence.atomics}, std::uint64_t{4})
                                      : plane;
  return positions * sequence.batches * sequence.kernels * width * sequence.kernel_height *
         sequence.kernel_channels;
}

std::vector<LayerCauses> find_causes(const std::vector<engine::OperationRecord>& operations,
                                     const Recorder& recorder, const ReadOperations& descriptors,
                                     const HardwareParameters& hardware, Cycle total) {
  std::map<OperationId, LayerCauses> by_head;
  for (const engine::OperationRecord& operation : operations) {
    LayerCauses& layer = by_head[operation.layer];
    layer.head = operation.layer;
    layer.operations.push_back(operation.id);
    layer.to = std::max(layer.to, operation.done);
    if (operation.id == operation.layer) layer.begin = operation.begin;
  }
  std::vector<LayerCauses> layers;
  for (auto& [head, layer] : by_head) {
    std::sort(layer.operations.begin(), layer.operations.end());
    layers.push_back(std::move(layer));
  }
  std::stable_sort(layers.begin(), layers.end(),
                   [](const LayerCauses& a, const LayerCauses& b) { return a.to < b.to; });
  // An interrupt that was raised when nothing ended any more.
  if (!layers.empty()) layers.back().to = std::max(layers.back().to, total);

  Cursor<Recorder::Access> accesses(recorder.accesses());
  Cycle end = 0;
  for (LayerCauses& layer : layers) {
    layer.from = end;
    end = layer.to;
    std::vector<Cursor<Recorder::Told>> members;
    for (const OperationId id : layer.operations) members.emplace_back(recorder.told(id));
    std::vector<const Recorder::Told*> told(members.size());
    for (Cycle at = layer.from; at < layer.to;) {
      Cycle until = layer.to;
      for (std::size_t i = 0; i < members.size(); ++i) told[i] = members[i].at(at, until);
      const Recorder::Access* access = accesses.at(at, until);
      layer.causes[static_cast<std::size_t>(decide(told, access))] += until - at;
      at = until;
    }
    if (layer.head.engine == Engine::kConv && layer.head.sequence < descriptors.convolutions.size())
      divide_array(descriptors.convolutions[layer.head.sequence].sequence, hardware, layer.causes);
  }
  return layers;
}

}  // namespace nvdla::analysis
