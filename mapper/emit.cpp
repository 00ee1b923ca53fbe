// SPDX-License-Identifier: Apache-2.0
#include "mapper/emit.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "mapper/convolution_sizes.h"
#include "mapper/placement.h"

namespace nvdla::mapper {

namespace {

using host::DlaCube;
using host::DlaEvent;

// Numbering of the DLA interface.
constexpr std::uint8_t kInt8 = 0, kInt16 = 1, kFp16 = 2;
constexpr std::uint8_t kNone = 0, kMultiply = 1, kAdd = 2, kBoth = 3;  // type of a stage of SDP
constexpr std::uint8_t kPerLayer = 0, kPerKernel = 1, kPerPoint = 2;   // its mode
constexpr std::uint8_t kAluMaximum = 0, kAluSum = 2;
constexpr std::uint8_t kActivationRelu = 1, kActivationTable = 2;
constexpr std::uint8_t kFormatFeature = 36;

std::uint8_t unit_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::kConvolution:
      return host::kDlaConv;
    case NodeKind::kSdp:
      return host::kDlaSdp;
    case NodeKind::kPdp:
      return host::kDlaPdp;
    default:
      return host::kDlaCdp;
  }
}

class Emission {
 public:
  Emission(const Target& target, std::string path)
      : target_(target),
        path_(std::move(path)),
        place_(target_),
        int8_(target.precision == Precision::kInt8) {}

  EmittedNetwork run(const std::vector<Node*>& order) {
    for (const Node* node : order) {
      if (node->kind == NodeKind::kCpu) {
        finish();
      } else if (node->kind != NodeKind::kConcatenation && node->kind != NodeKind::kSplit) {
        nodes_.push_back(node);
      }
    }
    finish();
    result_.addresses = place_.addresses();
    return std::move(result_);
  }

 private:
  void finish() {
    if (nodes_.empty()) return;
    EmittedTask emitted;
    host::DlaTask& task = emitted.task;
    task.place = path_;
    task.heads.fill(-1);
    task.operations = static_cast<std::uint16_t>(nodes_.size());
    if (nodes_.size() > 0x7fff)
      infeasible(*nodes_.back(), "the network has too many operations for one task");
    index_.clear();
    for (std::size_t i = 0; i < nodes_.size(); ++i) index_[nodes_[i]] = static_cast<std::int16_t>(i);
    tables_.clear();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Node& node = *nodes_[i];
      host::DlaOperation operation;
      operation.index = i;
      operation.unit = unit_of(node);
      if (task.heads[operation.unit] < 0) task.heads[operation.unit] = static_cast<std::int16_t>(i);
      depend(node, operation);
      switch (node.kind) {
        case NodeKind::kConvolution:
          operation.work = convolution(node);
          break;
        case NodeKind::kSdp:
          operation.work = sdp(node);
          break;
        case NodeKind::kPdp:
          operation.work = pooling(node);
          break;
        default:
          operation.work = normalisation(node);
      }
      task.list.push_back(std::move(operation));
    }
    task.luts.resize(tables_.size());
    emitted.nodes = std::move(nodes_);
    nodes_.clear();
    result_.tasks.push_back(std::move(emitted));
  }

  void depend(const Node& node, host::DlaOperation& operation) const {
    for (const Node::Link& link : node.waits_for)
      if (link.node != nullptr && index_.count(link.node) != 0) ++operation.dependencies;
    for (const Node::Link& link : node.signals) {
      if (link.node == nullptr) continue;
      const auto to = index_.find(link.node);
      if (to == index_.end()) continue;
      operation.consumers[unit_of(*link.node)] = {
          to->second, link.event == Node::Event::kProgrammed ? DlaEvent::kProgrammed : DlaEvent::kCompleted};
    }
    // What is on the fly is enabled from the back to the front.
    if (node.fused_output != nullptr) ++operation.dependencies;
    if (node.fused_input != nullptr)
      operation.fused_parent = {index_.at(node.fused_input), DlaEvent::kEnabled};
  }

  [[nodiscard]] std::uint8_t precision() const { return int8_ ? kInt8 : kFp16; }

  host::DlaConvolution convolution(const Node& node) {
    const ConvolutionWork& work = node.convolution;
    const Window& window = work.window;
    const Tensor& input = *node.inputs.front();
    const Tensor& output = *node.outputs.front();
    const ConvolutionFetch fetch = convolution_fetch(node, target_);
    host::DlaConvolution c;
    c.weight_reuse = work.reuse_weights ? 1 : 0;
    c.skip_weight_release = work.keep_weights ? 1 : 0;
    c.entries_per_slice = static_cast<std::uint16_t>(work.entries);
    c.data_format = input.image ? static_cast<std::uint8_t>(fetch.pixel_format) : kFormatFeature;
    c.pixel_override = work.fully_connected ? 0 : 1;
    c.fetch_grain = 1;
    c.batch = 1;
    c.data_bank = static_cast<std::uint8_t>(work.data_banks);
    c.weight_bank = static_cast<std::uint8_t>(work.weight_banks);
    c.post_extension = static_cast<std::uint8_t>(work.lines_at_once / 2);
    c.csc_width = static_cast<std::uint16_t>(input.shape.width);
    c.csc_height = static_cast<std::uint16_t>(input.shape.height);
    c.csc_channel = static_cast<std::uint16_t>(input.shape.channels);
    c.release = c.csc_height;
    // Columns of a window over pixels stand in the place of channels.
    c.kernel_width = static_cast<std::uint16_t>(input.image ? 1 : window.width);
    c.kernel_height = static_cast<std::uint16_t>(window.height);
    c.kernel_channel =
        static_cast<std::uint16_t>(input.image ? input.shape.channels * window.width : input.shape.channels);
    c.cmac_width = static_cast<std::uint16_t>(output.shape.width);
    c.cmac_height = static_cast<std::uint16_t>(output.shape.height);
    c.bytes_per_kernel = fetch.bytes_per_kernel;
    c.stride_x = static_cast<std::uint8_t>(window.stride_x);
    c.stride_y = static_cast<std::uint8_t>(window.stride_y);
    c.pad_left = static_cast<std::uint8_t>(window.left);
    c.pad_right = static_cast<std::uint8_t>(window.right);
    c.pad_top = static_cast<std::uint8_t>(window.top);
    c.pad_bottom = static_cast<std::uint8_t>(window.bottom);
    c.dilation_x = static_cast<std::uint8_t>(window.dilation_x);
    c.dilation_y = static_cast<std::uint8_t>(window.dilation_y);
    c.in_precision = c.out_precision = precision();
    // The compiler has the input of a split convolution converted (by a scale of one) in its first part only.
    if (int8_ && work.part_of == nullptr) c.in_converter = {1, 0, 1, 0};
    c.out_converter = {1, 0, 1, 0};
    c.source = place_.cube(node, input);
    c.destination = place_.stream(output);
    c.weight = place_.data(node, owner_of(node), Placement::Purpose::kWeights, fetch.weight_bytes);
    return c;
  }

  // The parts of a split convolution have the weights and operands of the first.
  static const Node& owner_of(const Node& node) {
    const Node* first = node.fused_input != nullptr ? node.fused_input : &node;
    while (first->convolution.part_of != nullptr) first = first->convolution.part_of;
    return *first;
  }

  host::DlaSdpStage stage(const SdpStage& from, const Node& node, Placement::Purpose purpose,
                          DlaCube& operand) {
    host::DlaSdpStage to;
    if (from.operation == SdpOperation::kNone || from.operation == SdpOperation::kTable) return to;
    to.enable = 1;
    to.alu = kAluSum;
    to.activation = from.relu ? kActivationRelu : 0;
    to.mul_operand = 1;
    to.precision = precision();
    to.mode = from.per_channel ? kPerKernel : kPerLayer;
    switch (from.operation) {
      case SdpOperation::kBias:
        to.type = kAdd;
        break;
      case SdpOperation::kScale:
        to.type = kMultiply;
        break;
      case SdpOperation::kBatchNorm:
        to.type = kBoth;
        break;
      case SdpOperation::kElementWise:
        to.type = from.element_wise == ElementWise::kProduct ? kMultiply : kAdd;
        if (from.element_wise == ElementWise::kMaximum) to.alu = kAluMaximum;
        to.mode = kPerPoint;
        operand = place_.cube(node, *from.operand);
        return to;
      default:
        to.type = kNone;
        to.mode = kPerLayer;
        return to;
    }
    // Operands of a channel have 16 bits in int8, too.
    to.precision = int8_ ? kInt16 : kFp16;
    if (to.mode == kPerLayer) return to;
    const std::uint32_t channels = node.outputs.front()->shape.channels;
    operand =
        place_.data(node, owner_of(node), purpose, std::uint64_t{channels} * 2 * (to.type == kBoth ? 2 : 1));
    operand.width = operand.height = 1;
    operand.channel = static_cast<std::uint16_t>(channels);
    operand.line_stride = operand.surface_stride = target_.hardware.memory_atom_bytes * (int8_ ? 2 : 1);
    return to;
  }

  host::DlaSdp sdp(const Node& node) {
    const SdpWork& work = node.sdp;
    host::DlaSdp s;
    s.source_precision = s.destination_precision = precision();
    s.batch = 1;
    const bool on_the_fly = node.fused_input != nullptr;
    s.source = on_the_fly ? place_.stream(*node.inputs.front()) : place_.cube(node, *node.inputs.front());
    s.destination = place_.cube(node, *node.outputs.front());
    s.x1 = stage(work.x1, node, Placement::Purpose::kX1, s.x1_data);
    if (work.x2) s.x2 = stage(*work.x2, node, Placement::Purpose::kX2, s.x2_data);
    s.out_converter = converter(work);
    if (work.x1.operation == SdpOperation::kTable && target_.hardware.sdp_lut) {
      s.y.enable = 1;
      s.y.alu = kAluSum;
      s.y.activation = kActivationTable;
      s.y.mul_operand = 1;
      s.y.precision = precision();
      s.lut = table({static_cast<int>(work.table), 0, 0, 0, 0});
    }
    return s;
  }

  // In int8 additions are scaled behind, products have their scale as operand.
  [[nodiscard]] host::DlaConverter converter(const SdpWork& work) const {
    const SdpOperation last = work.x2 ? work.x2->operation : work.x1.operation;
    if (last == SdpOperation::kScale || last == SdpOperation::kBatchNorm) return {1, 0, 1, 0};
    if (int8_ && (last == SdpOperation::kBias || last == SdpOperation::kElementWise))
      return {1 << 14, 14, 1, 0};
    return {1, 0, 0, 0};
  }

  host::DlaPdp pooling(const Node& node) {
    const PoolingWork& work = node.pooling;
    const Window& window = work.window;
    host::DlaPdp p;
    p.split = static_cast<std::uint8_t>(work.parts);
    p.in_first = static_cast<std::uint16_t>(work.in[0]);
    p.in_mid = static_cast<std::uint16_t>(work.in[1]);
    p.in_last = static_cast<std::uint16_t>(work.in[2]);
    p.out_first = static_cast<std::uint16_t>(work.out[0]);
    p.out_mid = static_cast<std::uint16_t>(work.out[1]);
    p.out_last = static_cast<std::uint16_t>(work.out[2]);
    p.mode = work.mode == PoolingMode::kAverage ? 0 : 1;
    p.kernel_width = static_cast<std::uint8_t>(window.width - 1);
    p.kernel_height = static_cast<std::uint8_t>(window.height - 1);
    p.stride_x = static_cast<std::uint8_t>(window.stride_x);
    p.stride_y = static_cast<std::uint8_t>(window.stride_y);
    p.pad_left = static_cast<std::uint8_t>(window.left);
    p.pad_top = static_cast<std::uint8_t>(window.top);
    p.precision = precision();
    p.source = place_.cube(node, *node.inputs.front());
    p.destination = place_.cube(node, *node.outputs.front());
    // Lines and columns behind the last window are not read.
    p.pad_right = static_cast<std::uint8_t>(std::max(0, work.right));
    p.pad_bottom = static_cast<std::uint8_t>(std::max(0, work.bottom));
    p.source.width = static_cast<std::uint16_t>(p.source.width + std::min(0, work.right));
    p.source.height = static_cast<std::uint16_t>(p.source.height + std::min(0, work.bottom));
    return p;
  }

  host::DlaCdp normalisation(const Node& node) {
    const NormalisationWork& work = node.normalisation;
    host::DlaCdp c;
    c.in_precision = c.out_precision = precision();
    c.lut = table({-1, work.local_size, work.alpha, work.beta, work.k});
    c.in_converter = c.out_converter = {1, 0, 1, 0};
    c.local_size = static_cast<std::uint8_t>(work.local_size);
    c.source = place_.cube(node, *node.inputs.front());
    c.destination = place_.cube(node, *node.outputs.front());
    return c;
  }

  // Layers with the same function share a table.
  using TableKey = std::tuple<int, std::uint32_t, float, float, float>;
  std::int16_t table(const TableKey& key) {
    return tables_.emplace(key, static_cast<std::int16_t>(tables_.size())).first->second;
  }

  Target target_;
  std::string path_;
  Placement place_;
  bool int8_;
  EmittedNetwork result_;
  std::vector<const Node*> nodes_;
  std::map<const Node*, std::int16_t> index_;
  std::map<TableKey, std::int16_t> tables_;
};

}  // namespace

EmittedNetwork emit(const std::vector<Node*>& order, const Target& target, const std::string& path) {
  return Emission(target, path).run(order);
}

}  // namespace nvdla::mapper
