// SPDX-License-Identifier: Apache-2.0
// CSC's part of a convolution in closed form, kernel group by kernel group.
//
// Model: a group begins when the group before has ended and its weights are there,
//   start(g) = max(end(g - 1), arrival of its weights + path to CSC + load),   end(g) = start(g) + work(g)
// with work(g) the stripes at the pace of atomic operations, weight loads or CACC's delivery, whichever is
// the slowest; the first one waits for the input as well. Weights come at the pace of their port, with data
// and operands between them, into the banks that the groups before have released, and the output of those
// groups takes the port in turn with them. Limits: those of amaix/convolution_estimate.h.
#pragma once

#include "amaix/convolution_terms.h"
#include "amaix/estimate.h"

namespace nvdla::amaix {

// In cycles from CDMA's start.
struct ConvolutionSteady {
  double start = 0, end = 0, last_package = 0, data_done = 0, weights_done = 0;
  double delivered = 0;  // the results that CSC works ahead of
  double written = 0;    // all output, if only the port holds it up
  double late = 0;       // by which CSC has waited for the port to take output
};

// `written`: cycles of the port for all that SDP writes. `phases` gets what the time goes to.
[[nodiscard]] ConvolutionSteady steady(const ConvolutionTerms& c, double output_beats, double written,
                                       PhaseList& phases);

}  // namespace nvdla::amaix
