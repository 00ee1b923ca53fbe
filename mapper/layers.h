// SPDX-License-Identifier: Apache-2.0
// A network as its author writes it: layers and the tensors between them, without hardware, precision or
// values. The readers of files make it (mapper/json_reader.h, mapper/onnx/onnx_reader.h), the mapper turns it
// into hardware layers (mapper/map.h).
//
// One image at a time: shapes are channels, height and width, in elements.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::mapper {

struct Shape {
  std::uint32_t channels = 0, height = 0, width = 0;
  [[nodiscard]] bool operator==(const Shape& other) const {
    return channels == other.channels && height == other.height && width == other.width;
  }
  [[nodiscard]] bool operator!=(const Shape& other) const { return !(*this == other); }
  // "96x55x55"
  [[nodiscard]] std::string text() const;
};

// A window that slides over lines and columns.
struct Window {
  std::uint32_t height = 1, width = 1;
  std::uint32_t stride_y = 1, stride_x = 1;
  std::uint32_t top = 0, left = 0, bottom = 0, right = 0;  // padding
  std::uint32_t dilation_y = 1, dilation_x = 1;
};

enum class LayerKind : std::uint8_t {
  kConvolution,
  kFullyConnected,
  kPooling,
  kNormalisation,  // local response, over channels
  kBatchNorm,      // (x + a) * b, a and b of the channel
  kBias,           // x + a
  kScale,          // x * b
  kActivation,
  kElementWise,
  kConcatenation,  // along channels
  kCpu             // nothing that the accelerator has
};
enum class PoolingMode : std::uint8_t { kAverage, kMaximum };
enum class Activation : std::uint8_t { kRelu, kSigmoid, kTanh };
enum class ElementWise : std::uint8_t { kSum, kProduct, kMaximum };

struct Layer {
  std::string name;
  std::string type;  // what the file calls it: "Conv"
  LayerKind kind = LayerKind::kCpu;
  std::vector<std::string> inputs;  // names of tensors
  std::string output;
  Shape shape;  // of the output; see complete()

  Window window;                          // convolution, pooling
  std::uint32_t kernels = 0, groups = 1;  // convolution; kernels: also outputs of a fully connected layer
  bool bias = false;                      // convolution, fully connected
  PoolingMode pooling = PoolingMode::kMaximum;
  bool global = false;    // pooling over the whole input
  bool round_up = false;  // pooling: windows may begin before the end that do not fit
  std::uint32_t local_size = 5;
  float alpha = 1, beta = 0.75F, k = 1;  // of a normalisation: layers that agree share a table
  Activation activation = Activation::kRelu;
  ElementWise element_wise = ElementWise::kSum;
  // Of kCpu: the software that comes with the accelerator computes it, in time that is not known.
  bool known_to_software = false;
};

struct NetworkInput {
  std::string name;
  Shape shape;
};

struct LayerNetwork {
  std::string path;  // of the file, for messages
  std::vector<NetworkInput> inputs;
  std::vector<Layer> layers;  // each behind those that it takes its inputs from
};

// Checks the network and computes the shape of every output. Throws host::InputError, "path: layer 'fc6':
// what": a tensor that no layer before gives, inputs that do not fit each other, sizes beyond the registers'.
void complete(LayerNetwork& network);

}  // namespace nvdla::mapper
