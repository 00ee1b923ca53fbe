// SPDX-License-Identifier: Apache-2.0
// From CDMA's start to the arrival of the first beats of a convolution's weights, unhindered by the banks:
// with them come their part of the data and of SDP's operands, by turns; of few open bursts a short one of
// those takes the place of a long one of weights.
#pragma once

#include <algorithm>

#include "amaix/convolution_terms.h"

namespace nvdla::amaix {

class WeightArrival {
 public:
  // `first`: cycles from CDMA's start to its first request.
  WeightArrival(const ConvolutionTerms& c, double first)
      : c_(c),
        other_(c.fetch.data.space == c.fetch.weight_space && c.context.fetch_data
                   ? c.data.beats - c.data_before_weights()
                   : 0),
        operands_(c.operands_between(c.fetch.weight_space)),
        chunk_(c.hardware.mcif_chunk_beats),
        first_(first + c.weight_port.latency) {
    // Few open bursts: a short one of data takes the place of a long one of weights.
    const OpenLimit& limit = c.weight_port.limit;
    if (other_ > 0 && limit.burst > 0 && limit.turn > limit.open * c.weight_port.beat)
      of_data_ = std::max(1.0, limit.burst * c.data.chunks / c.data.beats);
    if (operands_.before + operands_.rest > 0) of_operands_ = c.operand_weight(c.weight_port);
  }

  struct Beats {
    double passed;  // with what comes between them
    double at;      // when
  };
  [[nodiscard]] Beats of(double beats) const {
    const double data = data_with(beats), operands = operands_.beats(beats / chunk_);
    const double passed = beats + data + operands;
    const double longer = (of_data_ - 1) * data + (of_operands_ - 1) * operands;
    return {passed, first_ + c_.weight_port.time(passed + longer)};
  }
  // If only bandwidth limits them.
  [[nodiscard]] double on_bus(double passed) const { return first_ + (passed - 1) * c_.weight_port.beat; }

 private:
  const ConvolutionTerms& c_;
  const double other_;                         // beats of data beside them
  const ConvolutionTerms::Operands operands_;  // of SDP beside them
  const double chunk_;                         // of weights
  const double first_;
  double of_data_ = 1, of_operands_ = 1;  // beats of weights that the limit has in place of one of those

  [[nodiscard]] double data_with(double beats) const {
    return other_ > 0 ? std::min(other_, c_.turns.data_with(beats)) : 0;
  }
};

}  // namespace nvdla::amaix
