// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/onnx_reader.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "host/files/byte_source.h"
#include "mapper/onnx/onnx_model.h"

namespace nvdla::mapper {

namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 31U;

class Reader {
 public:
  Reader(OnnxModel& model, const std::string& path) : model_(model), path_(path) { network_.path = path; }

  LayerNetwork run() {
    inputs();
    for (const onnx::NodeProto& node : model_.graph().node()) {
      node_ = &node;
      read();
    }
    complete(network_);
    check_weights();
    return std::move(network_);
  }

 private:
  using Handler = void (Reader::*)();

  [[nodiscard]] std::string name_of(const onnx::NodeProto& node) const {
    if (!node.name().empty()) return node.name();
    return node.output_size() > 0 ? node.output(0) : "";
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw host::InputError(path_ + ": node '" + name_of(*node_) + "' (" + node_->op_type() + "): " + what);
  }

  // -- attributes ----------------------------------------------------------------------------------------

  [[nodiscard]] const onnx::AttributeProto* attribute(const char* name) const {
    for (const onnx::AttributeProto& each : node_->attribute())
      if (each.name() == name) return &each;
    return nullptr;
  }
  [[nodiscard]] std::int64_t integer(const char* name, std::int64_t otherwise) const {
    const onnx::AttributeProto* found = attribute(name);
    return found == nullptr ? otherwise : found->i();
  }
  [[nodiscard]] std::uint32_t natural(std::int64_t value, const std::string& what) const {
    constexpr std::int64_t kMost = std::int64_t{1} << 20U;
    if (value < 0 || value > kMost)
      fail(what + " is " + std::to_string(value) + ", must be 0 to " + std::to_string(kMost));
    return static_cast<std::uint32_t>(value);
  }
  // `count` numbers, or none.
  [[nodiscard]] std::vector<std::uint32_t> naturals(const char* name, int count) const {
    const onnx::AttributeProto* found = attribute(name);
    if (found == nullptr || found->ints_size() == 0) return {};
    if (found->ints_size() != count)
      fail(std::string(name) + " has " + std::to_string(found->ints_size()) + " numbers, must have " +
           std::to_string(count) + ": only height and width are supported");
    std::vector<std::uint32_t> result;
    for (const std::int64_t each : found->ints()) result.push_back(natural(each, name));
    return result;
  }

  // -- values --------------------------------------------------------------------------------------------

  // The tensor of the network that an ONNX value is; "" for a constant or a shape.
  [[nodiscard]] std::string tensor(int index) const {
    const auto found = tensors_.find(input(index));
    return found == tensors_.end() ? "" : found->second;
  }
  [[nodiscard]] const std::string& input(int index) const {
    if (index >= node_->input_size() || node_->input(index).empty())
      fail("lacks input " + std::to_string(index));
    return node_->input(index);
  }
  [[nodiscard]] bool has_input(int index) const {
    return index < node_->input_size() && !node_->input(index).empty();
  }
  [[nodiscard]] const Dimensions* constant(int index) const {
    return has_input(index) ? model_.constant(input(index)) : nullptr;
  }
  [[nodiscard]] const std::string& output() const {
    if (node_->output_size() == 0 || node_->output(0).empty()) fail("has no output");
    return node_->output(0);
  }
  [[nodiscard]] std::string needed_tensor(int index) const {
    const std::string found = tensor(index);
    if (found.empty()) fail("its input '" + input(index) + "' is no value of the network before it");
    return found;
  }

  void inputs() {
    for (const onnx::ValueInfoProto& value : model_.graph().input()) {
      if (model_.constant(value.name()) != nullptr) continue;
      const Dimensions* shape = model_.shape(value.name());
      const auto bad = [&](const std::string& what) {
        throw host::InputError(path_ + ": input '" + value.name() + "': " + what);
      };
      if (shape == nullptr) bad("has no shape");
      if (shape->size() != 4 && shape->size() != 2)
        bad("has " + std::to_string(shape->size()) +
            " dimensions, must have 4 (batch, channels, height, width) or 2");
      if ((*shape)[0] > 1)
        bad("has a batch of " + std::to_string((*shape)[0]) + "; one image at a time is mapped");
      std::array<std::uint32_t, 3> sizes{1, 1, 1};
      for (std::size_t i = 1; i < shape->size(); ++i) {
        if ((*shape)[i] < 1 || (*shape)[i] > 8192)
          bad("dimension " + std::to_string(i) + " must be a number from 1 to 8192");
        sizes[i - 1] = static_cast<std::uint32_t>((*shape)[i]);
      }
      network_.inputs.push_back({value.name(), {sizes[0], sizes[1], sizes[2]}});
      tensors_[value.name()] = value.name();
    }
  }

  // -- layers --------------------------------------------------------------------------------------------

  Layer& add(LayerKind kind, std::vector<std::string> inputs) {
    Layer layer;
    layer.name = name_of(*node_);
    // ONNX asks for no unique names.
    if (!names_.insert(layer.name).second) {
      layer.name = output();
      if (!names_.insert(layer.name).second) fail("there is another node of this name");
    }
    layer.type = node_->op_type();
    layer.kind = kind;
    layer.inputs = std::move(inputs);
    layer.output = output();
    if (!tensors_.emplace(layer.output, layer.output).second) fail("its output exists already");
    network_.layers.push_back(std::move(layer));
    return network_.layers.back();
  }
  // The same tensor under another name.
  void alias(int index) { tensors_[output()] = needed_tensor(index); }

  void window(Layer& layer) {
    Window& window = layer.window;
    const auto two = [&](const char* name, std::uint32_t& first, std::uint32_t& second) {
      const std::vector<std::uint32_t> values = naturals(name, 2);
      if (values.empty()) return;
      first = values[0];
      second = values[1];
    };
    two("kernel_shape", window.height, window.width);
    two("strides", window.stride_y, window.stride_x);
    two("dilations", window.dilation_y, window.dilation_x);
    const std::vector<std::uint32_t> pads = naturals("pads", 4);
    if (!pads.empty()) {
      window.top = pads[0];
      window.left = pads[1];
      window.bottom = pads[2];
      window.right = pads[3];
    }
    automatic_padding(window);
  }
  void automatic_padding(Window& window) const {
    const onnx::AttributeProto* mode = attribute("auto_pad");
    if (mode == nullptr || mode->s().empty() || mode->s() == "NOTSET") return;
    window.top = window.left = window.bottom = window.right = 0;
    if (mode->s() == "VALID") return;
    if (mode->s() != "SAME_UPPER" && mode->s() != "SAME_LOWER") fail("unknown auto_pad '" + mode->s() + "'");
    const Dimensions* shape = model_.shape(input(0));
    if (shape == nullptr || shape->size() != 4) fail("auto_pad needs the shape of its input");
    const bool lower = mode->s() == "SAME_LOWER";
    const auto pad = [&](std::int64_t size, std::uint32_t extent, std::uint32_t dilation,
                         std::uint32_t stride, std::uint32_t& before, std::uint32_t& after) {
      if (size < 1 || size > 8192 || stride == 0) fail("auto_pad needs the shape of its input, and a stride");
      const std::int64_t reach = (std::int64_t{extent} - 1) * dilation + 1;
      const std::int64_t places = (size + stride - 1) / stride;
      const std::int64_t all = std::max<std::int64_t>(0, (places - 1) * stride + reach - size);
      before = natural(lower ? (all + 1) / 2 : all / 2, "padding");
      after = natural(all - before, "padding");
    };
    pad((*shape)[2], window.height, window.dilation_y, window.stride_y, window.top, window.bottom);
    pad((*shape)[3], window.width, window.dilation_x, window.stride_x, window.left, window.right);
  }

  void convolution() {
    const Dimensions* weights = constant(1);
    if (weights == nullptr) fail("its weights are not constant");
    if (weights->size() != 4)
      fail("its weights have " + std::to_string(weights->size()) + " dimensions, must have 4");
    Layer& layer = add(LayerKind::kConvolution, {needed_tensor(0)});
    layer.window.height = natural((*weights)[2], "the height of its weights");
    layer.window.width = natural((*weights)[3], "the width of its weights");
    const Window of_weights = layer.window;
    window(layer);
    if (layer.window.height != of_weights.height || layer.window.width != of_weights.width)
      fail("kernel_shape and the shape of its weights differ");
    layer.kernels = natural((*weights)[0], "the number of its kernels");
    layer.groups = natural(integer("group", 1), "group");
    layer.bias = has_input(2);
    expected_[network_.layers.size() - 1] = natural((*weights)[1], "the channels of its weights");
  }

  void fully_connected(const Dimensions& weights, bool transposed, bool bias) {
    if (weights.size() != 2)
      fail("its weights have " + std::to_string(weights.size()) + " dimensions, must have 2");
    Layer& layer = add(LayerKind::kFullyConnected, {needed_tensor(0)});
    layer.kernels = natural(weights[transposed ? 0 : 1], "the number of its outputs");
    layer.bias = bias;
    expected_[network_.layers.size() - 1] = natural(weights[transposed ? 1 : 0], "the number of its inputs");
  }
  void gemm() {
    const Dimensions* weights = constant(1);
    if (weights == nullptr || integer("transA", 0) != 0) return cpu();
    fully_connected(*weights, integer("transB", 0) != 0, has_input(2));
  }
  void matrix_product() {
    const Dimensions* weights = constant(1);
    if (weights == nullptr || weights->size() != 2) return cpu();
    fully_connected(*weights, false, false);
  }

  void pooling(PoolingMode mode) {
    if (node_->output_size() > 1 && !node_->output(1).empty()) return cpu();
    Layer& layer = add(LayerKind::kPooling, {needed_tensor(0)});
    if (naturals("kernel_shape", 2).empty()) fail("has no kernel_shape");
    window(layer);
    layer.pooling = mode;
    layer.round_up = integer("ceil_mode", 0) != 0;
  }
  void max_pool() { pooling(PoolingMode::kMaximum); }
  void average_pool() { pooling(PoolingMode::kAverage); }
  void global_pool(PoolingMode mode) {
    Layer& layer = add(LayerKind::kPooling, {needed_tensor(0)});
    layer.global = true;
    layer.pooling = mode;
  }
  void global_max_pool() { global_pool(PoolingMode::kMaximum); }
  void global_average_pool() { global_pool(PoolingMode::kAverage); }
  void reduce_mean() {
    std::vector<std::int64_t> axes;
    if (const onnx::AttributeProto* list = attribute("axes"))
      axes = {list->ints().begin(), list->ints().end()};
    if (axes.empty() && has_input(1)) axes = model_.integers(input(1)).value_or(std::vector<std::int64_t>{});
    for (std::int64_t& axis : axes)
      if (axis < 0) axis += 4;
    std::sort(axes.begin(), axes.end());
    if (axes != std::vector<std::int64_t>{2, 3}) return cpu();
    global_pool(PoolingMode::kAverage);
  }

  void normalisation() {
    Layer& layer = add(LayerKind::kNormalisation, {needed_tensor(0)});
    layer.local_size = natural(integer("size", 0), "size");
    const auto real = [&](const char* name, float otherwise) {
      const onnx::AttributeProto* found = attribute(name);
      return found == nullptr ? otherwise : found->f();
    };
    layer.alpha = real("alpha", 0.0001F);
    layer.beta = real("beta", 0.75F);
    layer.k = real("bias", 1);
  }
  void batch_norm() { add(LayerKind::kBatchNorm, {needed_tensor(0)}); }

  void relu() { add(LayerKind::kActivation, {needed_tensor(0)}); }
  void sigmoid() { add(LayerKind::kActivation, {needed_tensor(0)}).activation = Activation::kSigmoid; }
  void tanh() { add(LayerKind::kActivation, {needed_tensor(0)}).activation = Activation::kTanh; }

  // Of two tensors, or of a tensor and a constant of one number or one for each channel.
  void arithmetic(std::optional<ElementWise> of_tensors, std::optional<LayerKind> of_constant) {
    if (node_->input_size() != 2) return cpu();
    const std::string first = tensor(0), second = tensor(1);
    if (!first.empty() && !second.empty() && of_tensors) {
      add(LayerKind::kElementWise, {first, second}).element_wise = *of_tensors;
      return;
    }
    const int at = constant(1) != nullptr ? 1 : 0;
    const Dimensions* factor = constant(at);
    const std::string& value = at == 1 ? first : second;
    const bool commutes = of_tensors.has_value();
    if (factor == nullptr || value.empty() || !of_constant || (at == 0 && !commutes) || !of_channel(*factor))
      return cpu();
    add(*of_constant, {value});
  }
  static bool of_channel(const Dimensions& dimensions) {
    return std::count_if(dimensions.begin(), dimensions.end(), [](std::int64_t each) { return each != 1; }) <=
           1;
  }
  void add_values() { arithmetic(ElementWise::kSum, LayerKind::kBias); }
  void subtract() { arithmetic(std::nullopt, LayerKind::kBias); }
  void multiply() { arithmetic(ElementWise::kProduct, LayerKind::kScale); }
  void divide() { arithmetic(std::nullopt, LayerKind::kScale); }
  void sum() { arithmetic(ElementWise::kSum, std::nullopt); }
  void maximum() { arithmetic(ElementWise::kMaximum, std::nullopt); }

  void concatenation() {
    const std::int64_t axis = integer("axis", 1);
    if (axis != 1 && axis != -3) return cpu();
    std::vector<std::string> inputs;
    for (int i = 0; i < node_->input_size(); ++i) {
      inputs.push_back(tensor(i));
      if (inputs.back().empty()) return cpu();
    }
    add(LayerKind::kConcatenation, std::move(inputs));
  }

  void same() {
    if (constant(0) != nullptr) {
      model_.add_constant(output(), *constant(0));
    } else {
      alias(0);
    }
  }
  // Only where all that follows the batch becomes one dimension, or none changes.
  void reshape() {
    const Dimensions* to = model_.shape(output());
    const Dimensions* from = model_.shape(input(0));
    const auto target = has_input(1) ? model_.integers(input(1)) : std::nullopt;
    const bool flat = (to != nullptr && to->size() == 2) || (target && target->size() == 2);
    if (flat || (to != nullptr && from != nullptr && *to == *from)) return alias(0);
    // Trailing ones come and go.
    const auto sizes = [](const Dimensions& dimensions) {
      Dimensions result;
      for (std::size_t i = 1; i < dimensions.size(); ++i)
        if (dimensions[i] != 1) result.push_back(dimensions[i]);
      return result;
    };
    if (to != nullptr && from != nullptr && to->size() > 1 && sizes(*to) == sizes(*from)) return alias(0);
    cpu();
  }

  void softmax() { add(LayerKind::kCpu, {needed_tensor(0)}).known_to_software = true; }

  void constant_node() {
    Dimensions dimensions;
    if (const onnx::AttributeProto* value = attribute("value"))
      dimensions = {value->t().dims().begin(), value->t().dims().end()};
    model_.add_constant(output(), dimensions);
  }

  // Nothing that the accelerator has.
  void cpu() {
    std::vector<std::string> inputs;
    for (int i = 0; i < node_->input_size(); ++i)
      if (has_input(i) && !tensor(i).empty()) inputs.push_back(tensor(i));
    // A computation with shapes.
    if (inputs.empty() || node_->op_type() == "Shape") {
      for (const std::string& each : node_->output()) model_.add_constant(each, {});
      return;
    }
    Layer& layer = add(LayerKind::kCpu, std::move(inputs));
    const Dimensions* shape = model_.shape(output());
    if (shape == nullptr || shape->size() < 2 || shape->size() > 4) return;
    std::array<std::uint32_t, 3> sizes{1, 1, 1};
    for (std::size_t i = 1; i < shape->size(); ++i) {
      if ((*shape)[i] < 1 || (*shape)[i] > 8192) return;
      sizes[i - 1] = static_cast<std::uint32_t>((*shape)[i]);
    }
    layer.shape = {sizes[0], sizes[1], sizes[2]};
  }

  void read() {
    static const std::map<std::string, Handler> handlers = {
        {"Conv", &Reader::convolution},
        {"Gemm", &Reader::gemm},
        {"MatMul", &Reader::matrix_product},
        {"MaxPool", &Reader::max_pool},
        {"AveragePool", &Reader::average_pool},
        {"GlobalMaxPool", &Reader::global_max_pool},
        {"GlobalAveragePool", &Reader::global_average_pool},
        {"ReduceMean", &Reader::reduce_mean},
        {"LRN", &Reader::normalisation},
        {"BatchNormalization", &Reader::batch_norm},
        {"Relu", &Reader::relu},
        {"Sigmoid", &Reader::sigmoid},
        {"Tanh", &Reader::tanh},
        {"Add", &Reader::add_values},
        {"Sub", &Reader::subtract},
        {"Mul", &Reader::multiply},
        {"Div", &Reader::divide},
        {"Sum", &Reader::sum},
        {"Max", &Reader::maximum},
        {"Concat", &Reader::concatenation},
        {"Dropout", &Reader::same},
        {"Identity", &Reader::same},
        {"Cast", &Reader::same},
        {"QuantizeLinear", &Reader::same},
        {"DequantizeLinear", &Reader::same},
        {"Flatten", &Reader::same},
        {"Reshape", &Reader::reshape},
        {"Squeeze", &Reader::reshape},
        {"Unsqueeze", &Reader::reshape},
        {"Softmax", &Reader::softmax},
        {"LogSoftmax", &Reader::softmax},
        {"Constant", &Reader::constant_node}};
    const bool standard = node_->domain().empty() || node_->domain() == "ai.onnx";
    const auto handler = handlers.find(node_->op_type());
    // Computations with shapes and constants only.
    const bool values = std::any_of(node_->input().begin(), node_->input().end(),
                                    [&](const std::string& each) { return tensors_.count(each) != 0; });
    if (!standard || handler == handlers.end() ||
        (!values && node_->op_type() != "Constant" && handler->second != &Reader::same && known_inputs())) {
      cpu();
    } else {
      (this->*handler->second)();
    }
  }
  [[nodiscard]] bool known_inputs() const {
    return std::all_of(node_->input().begin(), node_->input().end(), [&](const std::string& each) {
      return each.empty() || model_.constant(each) != nullptr;
    });
  }

  // The channels that the weights are for, now that shapes are known.
  void check_weights() const {
    std::map<std::string, Shape> shapes;
    for (const NetworkInput& each : network_.inputs) shapes[each.name] = each.shape;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      const Layer& layer = network_.layers[i];
      shapes[layer.output] = layer.shape;
      const auto expected = expected_.find(i);
      if (expected == expected_.end()) continue;
      const Shape& in = shapes.at(layer.inputs.front());
      const std::uint64_t has = layer.kind == LayerKind::kConvolution
                                    ? in.channels / layer.groups
                                    : std::uint64_t{in.channels} * in.height * in.width;
      if (has != expected->second)
        throw host::InputError(path_ + ": node '" + layer.name + "' (" + layer.type +
                               "): its weights are for " + std::to_string(expected->second) +
                               " inputs, it has " + std::to_string(has));
    }
  }

  OnnxModel& model_;
  const std::string& path_;
  LayerNetwork network_;
  const onnx::NodeProto* node_ = nullptr;
  std::map<std::string, std::string> tensors_;  // of the network, by the name of the ONNX value
  std::set<std::string> names_;
  std::map<std::size_t, std::uint32_t> expected_;  // inputs of a kernel, by layer
};

}  // namespace

LayerNetwork parse_onnx_network(const void* data, std::size_t size, const std::string& path) {
  OnnxModel model(data, size, path);
  return Reader(model, path).run();
}

LayerNetwork read_onnx_network(const std::string& path) {
  const std::string bytes = host::read_file(path, kLargestFile);
  return parse_onnx_network(bytes.data(), bytes.size(), path);
}

}  // namespace nvdla::mapper
