// SPDX-License-Identifier: Apache-2.0
// A short convolution alone: its first and its last requests are much of it, and where the data, the weights
// and the operands take turns their lengths and their order count. It is walked request by request
// (amaix/shared_convolution.h); of others the closed form's sums are right (amaix/convolution_estimate.h).
// Limits: layers on one port; Winograd's shared buffer is not followed.
#pragma once

#include <optional>

#include "amaix/shared_convolution.h"

namespace nvdla::amaix {

// The port of a layer that is to be walked, whose `output` goes there; nothing: it is long, or uses two of
// them.
[[nodiscard]] std::optional<MemorySpace> short_on_one_port(const ConvolutionFetch& fetch,
                                                           const ConvolutionContext& context,
                                                           const SdpWork& work,
                                                           std::optional<MemorySpace> output,
                                                           const HardwareParameters& hardware,
                                                           const memory::MemorySystem& memory);
// `estimate`, of the layer that `unit` is, as that goes alone.
void take_walk(SharedConvolution& unit, const ConvolutionContext& context,
               const memory::MemoryDescription& memory, const HardwareParameters& hardware,
               ConvolutionEstimate& estimate);

}  // namespace nvdla::amaix
