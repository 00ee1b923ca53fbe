// SPDX-License-Identifier: Apache-2.0
// Random convolutions of every mode, small enough for the reference. Shapes are legal as the decoder has
// them; data are random, of few or many values, with zeros and for fp16 denormals, infinities and now and
// then NaNs.
#pragma once

#include <cstdint>
#include <random>

#include "compute/convolution.h"

namespace nvdla::test {

struct RandomConvolution {
  HardwareParameters hardware;
  ConvolutionFetch fetch;
  ConvolutionSequence sequence;
  ConvolutionAccumulate accumulate;
};

class RandomConvolutions {
 public:
  explicit RandomConvolutions(std::uint64_t seed) : random_(seed) {}

  RandomConvolution next(Precision precision);

  // Below `end`.
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }

 private:
  void direct(RandomConvolution& c);
  void image(RandomConvolution& c);
  void winograd(RandomConvolution& c);

  std::mt19937_64 random_;
};

// Memory whose bytes follow from their addresses, as numbers of the precision that are worth multiplying.
// Counts the bytes that are read.
class RandomMemory : public memory::ByteSource {
 public:
  RandomMemory(std::uint64_t seed, Precision precision, bool with_nan)
      : seed_(seed), precision_(precision), with_nan_(with_nan) {}
  void read(MemorySpace space, std::uint64_t address, unsigned char* data, std::size_t length) const override;

 private:
  std::uint64_t seed_;
  Precision precision_;
  bool with_nan_;
};

}  // namespace nvdla::test
