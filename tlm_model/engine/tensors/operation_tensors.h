// SPDX-License-Identifier: Apache-2.0
// What one operation computes, piece by piece: the bytes of a write are computed when it leaves, from what
// the operation's reads have brought until then. A piece is final once all its input has come; one that is
// asked for before (memory answered later than the timing of the engine assumes) is computed from what there
// is, counted as early, and computed anew when it is asked for again.
#pragma once

#include <cstdint>
#include <vector>

#include "compute/sdp_lut.h"
#include "engine/tensors/operation_image.h"
#include "operation/output_tensor.h"

namespace nvdla::engine {

// What hardware counts of the values of one operation.
struct ValueCounters {
  std::uint64_t saturation = 0;  // CACC, SDP, CDP: D_OUT_SATURATION, D_PERF_OUT_SATURATION
  std::uint64_t nan_input = 0, inf_input = 0, nan_output = 0;
  std::uint64_t nan_weight = 0, inf_weight = 0;  // CDMA
  compute::LutCounters lut;
  bool unequal = false;  // D_STATUS of an SDP that compares
};

class OperationTensors {
 public:
  explicit OperationTensors(OperationImage& image) : image_(image) {}
  virtual ~OperationTensors() = default;
  OperationTensors(const OperationTensors&) = delete;
  OperationTensors& operator=(const OperationTensors&) = delete;

  // Computes what [address, address + bytes) of the output takes into the image: a write of it leaves.
  virtual void produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) = 0;
  // The operation ends: computes what nobody has asked for.
  virtual void finish() = 0;
  // What the operation leaves in memory.
  [[nodiscard]] virtual std::vector<OutputTensor> outputs() const = 0;
  [[nodiscard]] const ValueCounters& counters() const { return counters_; }
  // Pieces that were needed before their input had come.
  [[nodiscard]] std::uint64_t early() const { return early_; }

  [[nodiscard]] OperationImage& image() { return image_; }

 protected:
  OperationImage& image_;
  ValueCounters counters_;
  std::uint64_t early_ = 0;
};

void add(compute::LutCounters& sum, const compute::LutCounters& more);

}  // namespace nvdla::engine
