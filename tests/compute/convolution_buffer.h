// SPDX-License-Identifier: Apache-2.0
// What CBUF keeps from one convolution to the next, as CDMA and CSC agree on it: data and weights that are
// kept whole are not fetched again, lines that were not released stay in front of those that are loaded.
#pragma once

#include "compute/convolution.h"

namespace nvdla::test {

class ConvolutionBuffer {
 public:
  // Null: the reference.
  explicit ConvolutionBuffer(const compute::ConvolveOptions* options = nullptr) : options_(options) {}

  compute::Accumulators run(const ConvolutionOperation& op, const HardwareParameters& hardware,
                            const memory::ByteSource& source) {
    const ConvolutionFetch& fetch = op.fetch;
    if (!(fetch.data_reuse && data_kept_)) {
      if (!fetch.data_reuse) input_ = {};
      input_.append(compute::load_input(fetch, hardware, source));
    }
    if (!(fetch.weight_reuse && weights_kept_)) weights_ = compute::load_weights(fetch, source);
    compute::Accumulators result =
        options_ != nullptr
            ? compute::convolve(op.sequence, op.accumulate, input_, weights_, hardware, *options_)
            : compute::convolve_reference(op.sequence, op.accumulate, input_, weights_, hardware);
    data_kept_ = op.sequence.skip_data_release;
    weights_kept_ = op.sequence.skip_weight_release;
    if (!data_kept_) input_.release(op.sequence.release_slices);
    return result;
  }

 private:
  const compute::ConvolveOptions* options_;
  compute::InputCube input_;
  compute::WeightSet weights_;
  bool data_kept_ = false, weights_kept_ = false;
};

}  // namespace nvdla::test
