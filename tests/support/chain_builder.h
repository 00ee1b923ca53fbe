// SPDX-License-Identifier: Apache-2.0
// Networks that are a chain of layers, described in a line each: sizes, strides, banks and the graph follow.
// One precision throughout; feature format; weights and operands are bytes from a seed.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "hardware/parameters.h"
#include "tests/support/loadable_builder.h"

namespace nvdla::test {

class ChainBuilder {
 public:
  ChainBuilder(const HardwareParameters& hardware, Precision precision, std::uint16_t width,
               std::uint16_t height, std::uint16_t channel, std::uint8_t minor = 12);

  // Convolution with SDP behind it; `bias` adds an operand for each kernel, `pool` puts a 2x2 maximum on the
  // fly behind SDP.
  void convolution(std::uint16_t kernels, std::uint16_t size, bool bias, bool relu, bool pool);
  void pooling(std::uint8_t size, std::uint8_t stride, std::uint8_t mode);
  void normalisation(std::uint8_t local_size);
  // SDP from memory: adds an operand for each kernel, or a table.
  void elementwise(bool table);
  void copy();         // BDMA
  void contraction();  // Rubik, 1x1

  // The last layer's cube becomes the output.
  [[nodiscard]] std::vector<unsigned char> finish();
  [[nodiscard]] LoadableBuilder& builder() { return builder_; }

 private:
  [[nodiscard]] host::DlaCube cube(std::uint16_t width, std::uint16_t height, std::uint16_t channel) const;
  [[nodiscard]] std::int16_t random_contents(std::uint64_t bytes);
  [[nodiscard]] host::LoadableTensor tensor(const char* name, const host::DlaCube& cube) const;
  [[nodiscard]] host::DlaCube operand_of_kernels(std::uint16_t channel);
  void follow(std::size_t operation);  // waits for the layer before
  [[nodiscard]] std::uint32_t element() const { return bytes_per_element(precision_); }

  const HardwareParameters& hardware_;
  Precision precision_;
  LoadableBuilder builder_;
  std::mt19937 random_;
  host::DlaCube current_;
  std::ptrdiff_t last_ = -1;
};

}  // namespace nvdla::test
