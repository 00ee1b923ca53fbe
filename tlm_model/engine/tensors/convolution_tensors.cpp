// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/convolution_tensors.h"

#include <algorithm>
#include <stdexcept>

#include "operation/divide.h"

namespace nvdla::engine {

namespace {

// `reader` stands before the last `kernels` kernels, `before` is among the weights of the others.
ValueCounters count_fetched(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                            const memory::ByteSource& source, compute::WeightReader reader,
                            std::uint32_t kernels, compute::SpecialNumbers before) {
  ValueCounters counters;
  if (fetch.input_precision == Precision::kFp16) {
    try {
      const compute::SpecialNumbers data = compute::load_input(fetch, hardware, source).special;
      counters.nan_input = data.nans;
      counters.inf_input = data.infinities;
    } catch (const std::length_error&) {
      // An input that does not fit the CBUF; who computes with it says so.
    }
  }
  if (fetch.processing_precision == Precision::kFp16) {
    before += reader.next(kernels, source).special;
    counters.nan_weight = before.nans;
    counters.inf_weight = before.infinities;
  }
  return counters;
}

}  // namespace

ConvolutionTensors::ConvolutionTensors(OperationImage& image, const ConvolutionOperation& operation,
                                       const HardwareParameters& hardware, unsigned jobs, CbufContents& cbuf)
    : OperationTensors(image),
      operation_(operation),
      hardware_(hardware),
      options_{jobs, nullptr},
      cbuf_(cbuf),
      program_(compute::make_program(operation.sequence, hardware)),
      result_(compute::make_accumulators(operation.sequence, operation.accumulate, hardware)),
      groups_(ceil_div(operation.sequence.kernels, std::max(program_.group, 1U))),
      reader_(operation.fetch) {}

void ConvolutionTensors::load_input() {
  const ConvolutionFetch& fetch = operation_.fetch;
  if (!begun_) {
    begun_ = true;
    input_complete_ = fetch.data_reuse && cbuf_.data_kept;
    reuses_weights_ = fetch.weight_reuse && cbuf_.weights_kept;
    if (!input_complete_ && !fetch.data_reuse) cbuf_.input = {};
    if (!reuses_weights_) cbuf_.weights = {};
  }
  if (input_complete_) return;
  if (fetch.mode == ConvolutionMode::kWinograd && fetch.input_format == InputFormat::kFeature) {
    // CDMA distributes each line; none is final before all are.
    image_.expect();
    cbuf_.input = compute::load_input(fetch, hardware_, image_);
    input_complete_ = !image_.missing();
    return;
  }
  while (loaded_ < fetch.input.height) {
    const std::uint32_t count = image_.attached() ? fetch.input.height : 1;
    image_.expect();
    compute::InputCube lines = compute::load_input_lines(fetch, hardware_, image_, loaded_, count);
    if (image_.missing()) return;
    cbuf_.input.append(std::move(lines));
    loaded_ += count;
  }
  input_complete_ = true;
}

// Lines of output whose windows lie in what CBUF holds, or in the padding.
std::uint32_t ConvolutionTensors::available_lines() const {
  const std::uint32_t height = result_.height;
  if (input_complete_) return height;
  if (program_.winograd || !program_.columns.empty()) return 0;
  const std::int64_t seen =
      std::int64_t{cbuf_.input.lines} + operation_.sequence.padding.top - std::int64_t{program_.lines};
  const std::uint32_t stride = std::max(operation_.sequence.stride_y, 1U);
  return seen < 0 ? 0 : std::min<std::uint32_t>(height, static_cast<std::uint32_t>(seen) / stride + 1);
}

// Groups lie behind each other in memory, and are read in this order. CBUF gives them up once they are used.
bool ConvolutionTensors::load_weights(std::uint32_t group) {
  if (reuses_weights_) return true;
  for (; groups_read_ <= group; ++groups_read_) {
    const std::uint32_t first = groups_read_ * program_.group;
    const std::uint32_t kernels = std::min(program_.group, operation_.sequence.kernels - first);
    compute::WeightReader reader = reader_;
    image_.expect();
    compute::WeightSet weights = reader.next(kernels, image_);
    if (image_.missing()) {
      groups_[group].weights.reset();
      return false;
    }
    special_weights_ += weights.special;
    image_.release(operation_.fetch.weight_space, reader_.address(), reader.address());
    reader_ = reader;
    if (operation_.sequence.skip_weight_release) {
      cbuf_.weights.precision = weights.precision;
      cbuf_.weights.bytes.insert(cbuf_.weights.bytes.end(), weights.bytes.begin(), weights.bytes.end());
    }
    groups_[groups_read_].weights = std::move(weights);
  }
  return true;
}

// Lines of a group up to `line` at least.
void ConvolutionTensors::compute(std::uint32_t index, std::uint32_t line) {
  Group& group = groups_[index];
  if (group.lines > line) return;
  load_input();
  std::uint32_t end = available_lines();
  const bool weights = load_weights(index);
  const bool final = weights && end > line;
  const std::uint32_t unit = program_.winograd ? 2 : 1;
  end = std::min(std::max(end, line / unit * unit + unit), result_.height);
  const std::uint64_t saturations = result_.saturations;
  const compute::WeightSet none;
  const compute::OutputPart part = {
      index * program_.group, std::min(program_.group, operation_.sequence.kernels - index * program_.group),
      group.lines, end - group.lines};
  const compute::WeightSet& used = reuses_weights_ ? cbuf_.weights : group.weights ? *group.weights : none;
  compute::convolve_part(operation_.sequence, operation_.accumulate, cbuf_.input, used, hardware_, part,
                         result_, options_);
  if (!final) {
    result_.saturations = saturations;
    complete_ = false;
    ++early_;
    return;
  }
  group.lines = end;
  if (end == result_.height) group.weights.reset();
}

const compute::Accumulators& ConvolutionTensors::deliver(std::uint32_t first, std::uint32_t count,
                                                         std::uint32_t line) {
  complete_ = true;
  const std::uint32_t last = std::min(first + count, operation_.sequence.kernels);
  if (line < result_.height && !groups_.empty()) {
    for (std::uint32_t index = first / program_.group; index * program_.group < last; ++index)
      compute(index, line);
  }
  return result_;
}

ValueCounters ConvolutionTensors::fetched() const {
  const std::uint32_t read = groups_read_ * program_.group;
  return count_fetched(operation_.fetch, hardware_, image_, reader_,
                       operation_.fetch.kernels - std::min(operation_.fetch.kernels, read), special_weights_);
}

ValueCounters ConvolutionTensors::fetched(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                          const memory::ByteSource& source) {
  return count_fetched(fetch, hardware, source, compute::WeightReader(fetch), fetch.kernels, {});
}

void ConvolutionTensors::finish() {
  if (finished_) return;
  finished_ = true;
  load_input();
  if (result_.height > 0) {
    for (std::uint32_t index = 0; index < groups_.size(); ++index) compute(index, result_.height - 1);
  }
  counters_.saturation = result_.saturations;
  // What CBUF keeps.
  cbuf_.data_kept = operation_.sequence.skip_data_release;
  cbuf_.weights_kept = operation_.sequence.skip_weight_release;
  if (!cbuf_.data_kept) cbuf_.input.release(operation_.sequence.release_slices);
  if (!cbuf_.weights_kept) cbuf_.weights = {};
}

}  // namespace nvdla::engine
