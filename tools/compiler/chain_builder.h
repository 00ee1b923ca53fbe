// SPDX-License-Identifier: Apache-2.0
// Networks that are a chain of layers, described in a line each: sizes, strides, banks and the graph follow.
// One precision throughout; feature format; one convolution needs its whole input in CBUF. Weights and
// operands are given (int8), or bytes from a seed where only time or accesses matter.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "tools/compiler/loadable_builder.h"

namespace nvdla::tools {

// What a convolution computes, in int8: (sum of products + bias * 2^bias_shift) * scale / 2^truncate, rounded
// and clipped.
struct ConvolutionValues {
  std::string name;                  // of the layer: its blobs are NAME and NAME.bias
  std::vector<std::int8_t> weights;  // kernel by kernel: channel, line, column
  std::vector<std::int16_t> bias;    // one a kernel
  std::uint8_t bias_shift = 0;
  std::int16_t scale = 1;
  std::uint8_t truncate = 0;
};

class ChainBuilder {
 public:
  ChainBuilder(const HardwareParameters& hardware, Precision precision, std::uint16_t width,
               std::uint16_t height, std::uint16_t channel, std::uint8_t minor = 12);

  // Throws std::invalid_argument when the input is smaller than a kernel.
  // Convolution with SDP behind it; `bias` adds an operand for each kernel, `pool` puts a 2x2 maximum on the
  // fly behind SDP.
  void convolution(std::uint16_t kernels, std::uint16_t size, bool bias, bool relu, bool pool);
  // The same with bias and these values. Throws std::invalid_argument when they do not have the sizes of the
  // layer, the precision is not int8, or the input does not fit into CBUF.
  void convolution(std::uint16_t kernels, std::uint16_t size, bool relu, bool pool,
                   const ConvolutionValues& values);
  void pooling(std::uint8_t size, std::uint8_t stride, std::uint8_t mode);
  void normalisation(std::uint8_t local_size);
  // SDP from memory: adds an operand for each kernel, or a table.
  void elementwise(bool table);
  void copy();         // BDMA
  void contraction();  // Rubik, 1x1
  // On the CPU, of one pixel's channels in int8; the last layer. A value counts `input_scale` of what it was
  // before quantisation, one of the result `output_scale`.
  void softmax(float input_scale, float output_scale);

  // The last layer's cube becomes the output, "prob"; the input is "data".
  [[nodiscard]] std::vector<unsigned char> finish();
  [[nodiscard]] LoadableBuilder& builder() { return builder_; }

 private:
  [[nodiscard]] host::DlaCube cube(std::uint16_t width, std::uint16_t height, std::uint16_t channel) const;
  void convolution(std::uint16_t kernels, std::uint16_t size, bool bias, bool relu, bool pool,
                   const ConvolutionValues* values);
  [[nodiscard]] std::int16_t random_contents(std::uint64_t bytes);
  [[nodiscard]] host::LoadableTensor tensor(const char* name, const host::DlaCube& cube) const;
  [[nodiscard]] host::DlaCube operand_of_kernels(std::uint16_t channel, const ConvolutionValues* values);
  void follow(std::size_t operation);  // waits for the layer before
  [[nodiscard]] std::uint32_t element() const { return bytes_per_element(precision_); }

  const HardwareParameters& hardware_;
  Precision precision_;
  LoadableBuilder builder_;
  std::mt19937 random_;
  host::DlaCube current_;
  std::ptrdiff_t last_ = -1;
  std::optional<host::CpuOperation> softmax_;
};

}  // namespace nvdla::tools
