// SPDX-License-Identifier: Apache-2.0
// What CACC delivers of one convolution, by kernel group and line: SDP asks for the lines of a group as it
// needs them; all lines whose input has come are computed with them, since a call costs more than a line.
//
// CBUF outlives an operation: data and weights that it keeps (SKIP_DATA_RLS, SKIP_WEIGHT_RLS, lines that were
// not released) are there for the next one.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "compute/convolution.h"
#include "compute/convolution_program.h"
#include "engine/tensors/operation_tensors.h"
#include "operation/convolution.h"

namespace nvdla::engine {

// What CBUF holds from one convolution to the next.
struct CbufContents {
  compute::InputCube input;
  compute::WeightSet weights;
  bool data_kept = false, weights_kept = false;
};

class ConvolutionTensors final : public OperationTensors {
 public:
  // Convolutions use `cbuf` one after the other. Throws std::length_error, see compute::load_input.
  ConvolutionTensors(OperationImage& image, const ConvolutionOperation& operation,
                     const HardwareParameters& hardware, unsigned jobs, CbufContents& cbuf);

  // The accumulators with line `line` of kernels [first, first + count); kernels that do not exist are 0.
  const compute::Accumulators& deliver(std::uint32_t first, std::uint32_t count, std::uint32_t line);
  // What CDMA counts once it has fetched everything: of an operation that has computed already, or has not.
  [[nodiscard]] ValueCounters fetched() const;
  [[nodiscard]] static ValueCounters fetched(const ConvolutionFetch& fetch,
                                             const HardwareParameters& hardware,
                                             const memory::ByteSource& source);
  // Whether what deliver() gave last was final.
  [[nodiscard]] bool complete() const { return complete_; }

  void produce(MemorySpace, std::uint64_t, std::uint32_t) override {}  // CACC has no way to memory
  void finish() override;
  [[nodiscard]] std::vector<OutputTensor> outputs() const override { return {}; }

 private:
  struct Group {
    std::uint32_t lines = 0;  // computed
    std::optional<compute::WeightSet> weights;
  };
  void load_input();
  [[nodiscard]] std::uint32_t available_lines() const;
  // False: not all of them have come.
  bool load_weights(std::uint32_t group);
  void compute(std::uint32_t group, std::uint32_t line);

  const ConvolutionOperation operation_;
  const HardwareParameters& hardware_;
  const compute::ConvolveOptions options_;
  CbufContents& cbuf_;
  const compute::ConvolutionProgram program_;
  compute::Accumulators result_;
  std::vector<Group> groups_;
  compute::WeightReader reader_;
  std::uint32_t groups_read_ = 0;
  bool begun_ = false, input_complete_ = false, reuses_weights_ = false, complete_ = true, finished_ = false;
  std::uint32_t loaded_ = 0;                 // lines of this operation's own input
  compute::SpecialNumbers special_weights_;  // among those read so far
};

}  // namespace nvdla::engine
