// SPDX-License-Identifier: Apache-2.0
#include "compute/sdp.h"

#include <algorithm>
#include <vector>

#include "compute/batch_order.h"
#include "compute/float_loops.h"
#include "compute/sdp_operands.h"
#include "compute/sdp_output.h"
#include "compute/sdp_stage.h"
#include "operation/divide.h"

namespace nvdla::compute {

namespace {

constexpr std::uint32_t kChunkLanes = 1024;  // elements that the stages work on at a time, to stay in cache

}  // namespace

class SdpComputation::Sdp {
 public:
  Sdp(const SdpOperation& op, const SdpLut& lut, const HardwareParameters& hardware)
      : op_(op),
        lut_(lut),
        generation_(hardware.generation),
        atom_(hardware.memory_atom_bytes),
        lanes_(atom_ / bytes_per_element(op.processing_precision)),
        in_bytes_(bytes_per_element(op.fetch.input_precision)),
        out_bytes_(bytes_per_element(op.output_precision)),
        out_per_group_(sdp_surfaces_per_group(op, hardware)),
        floating_(op.processing_precision == Precision::kFp16),
        compares_(sdp_compares(op)),
        x1_(op.fetch.x1, op.cube, lanes_),
        x2_(op.fetch.x2, op.cube, lanes_),
        y_(op.fetch.y, op.cube, lanes_) {}

  SdpCounters compute(const SdpPart& part, const Accumulators* accumulators, const memory::ByteSource& source,
                      memory::ByteSink& sink, FeatureCube* to_pdp) {
    part_ = part;
    accumulators_ = accumulators;
    source_ = &source;
    sink_ = &sink;
    to_pdp_ = to_pdp;
    counters_ = {};
    x1_.forget();
    x2_.forget();
    y_.forget();
    values_.resize(std::size_t{part.columns} * lanes_);
    out_line_.resize(values_.size() * out_bytes_);
    if (!op_.output_to_pdp && !compares_)
      group_.resize(std::size_t{part.columns} * atom_ * part.lines * op_.batches * out_per_group_);
    return run();
  }

 private:
  SdpCounters run() {
    for (std::uint32_t s = part_.first_group; s < part_.first_group + part_.groups; ++s) {
      for (std::uint32_t b = 0; b < op_.batches; ++b) {
        for (std::uint32_t y = part_.first_line; y < part_.first_line + part_.lines; ++y) line(s, b, y);
      }
      if (!op_.output_to_pdp && !compares_) write(s);
    }
    return counters_;
  }

  void line(std::uint32_t s, std::uint32_t batch, std::uint32_t y) {
    if (accumulators_ == nullptr) {
      take_memory(s, y);
    } else if (op_.batches > 1 && accumulators_->batches == op_.batches &&
               begins_odd(accumulators_->destination, s, y, atom_)) {
      take_mixed(s, batch, y);
    } else {
      take_accumulators(s, batch, y);
    }
    const std::uint32_t x0 = part_.first_column, columns = part_.columns;
    const StageOperands x1 = x1_.line(*source_, s, y, x0, columns);
    const StageOperands x2 = x2_.line(*source_, s, y, x0, columns);
    const StageOperands y_operands = y_.line(*source_, s, y, x0, columns);
    const std::size_t count = values_.size();
    const std::size_t chunk = std::max(kChunkLanes / lanes_, 1U) * std::size_t{lanes_};
    for (std::size_t first = 0; first < count; first += chunk) {
      const std::size_t n = std::min(chunk, count - first);
      std::int32_t* x = values_.data() + first;
      stages(x, n, at(x1, first), at(x2, first), at(y_operands, first));
      counters_.out_saturation += sdp_convert(op_, generation_, x, n, out_line_.data() + first * out_bytes_);
    }
    finish_line(s, batch, y);
  }

  static StageOperands at(const StageOperands& operands, std::size_t first) {
    return {operands.alu == nullptr ? nullptr : operands.alu + first,
            operands.mul == nullptr ? nullptr : operands.mul + first};
  }

  // What a stage takes from memory must be there; a stage that lacks it works with its register.
  static SdpStage usable(const SdpStage& stage, const StageOperands& operands) {
    SdpStage result = stage;
    result.alu_from_dma = stage.alu_from_dma && operands.alu != nullptr;
    result.mul_from_dma = stage.mul_from_dma && operands.mul != nullptr;
    return result;
  }

  void stages(std::int32_t* x, std::size_t n, const StageOperands& x1, const StageOperands& x2,
              const StageOperands& y) {
    if (floating_) {
      if (op_.nan_to_zero) {
        for (std::size_t i = 0; i < n; ++i)
          if (fp32_is_nan(static_cast<std::uint32_t>(x[i]))) x[i] = 0;
      }
      if (!op_.x1.bypass) sdp_x_float(usable(op_.x1, x1), op_.nan_to_zero, x1, x, n);
      if (!op_.x2.bypass) sdp_x_float(usable(op_.x2, x2), op_.nan_to_zero, x2, x, n);
      if (!op_.y.bypass) sdp_y_float(usable(op_.y, y), op_.nan_to_zero, y, x, n);
    } else {
      if (!op_.x1.bypass) sdp_x_integer(usable(op_.x1, x1), x1, x, n);
      if (!op_.x2.bypass) sdp_x_integer(usable(op_.x2, x2), x2, x, n);
      if (!op_.y.bypass) sdp_y_integer(usable(op_.y, y), y, x, n);
    }
    if (!op_.y.bypass && op_.y.lut) sdp_look_up(lut_, floating_, x, n, counters_.lut);
  }

  void take_accumulators(std::uint32_t s, std::uint32_t batch, std::uint32_t y) {
    const Accumulators& acc = *accumulators_;
    const std::uint32_t x0 = part_.first_column;
    const std::uint32_t end =
        batch < acc.batches && y < acc.height ? std::min(x0 + part_.columns, acc.width) : 0;
    const std::uint32_t width = end - std::min(end, x0);
    if (width < part_.columns) std::fill(values_.begin(), values_.end(), 0);
    for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
      const std::uint32_t channel = s * lanes_ + lane;
      std::int32_t* out = values_.data() + lane;
      if (channel >= acc.channels) {
        for (std::uint32_t x = 0; x < width; ++x) out[std::size_t{x} * lanes_] = 0;
        continue;
      }
      const std::int32_t* in = acc.values.data() + acc.index(batch, channel, y, x0);
      for (std::uint32_t x = 0; x < width; ++x) out[std::size_t{x} * lanes_] = in[x];
    }
  }

  // A line of several batches that begins at an odd atom for CACC, and at an even one for SDP.
  void take_mixed(std::uint32_t s, std::uint32_t batch, std::uint32_t y) {
    const Accumulators& acc = *accumulators_;
    const BatchOrder expected{op_.batches, op_.cube.width, false}, delivered{op_.batches, acc.width, true};
    for (std::uint32_t x = 0; x < part_.columns; ++x) {
      const BatchPlace place = delivered.at(expected.index({batch, part_.first_column + x}));
      const bool there = y < acc.height && place.batch < acc.batches && place.column < acc.width;
      for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
        const std::uint32_t channel = s * lanes_ + lane;
        values_[std::size_t{x} * lanes_ + lane] =
            there && channel < acc.channels ? acc.at(place.batch, channel, y, place.column) : 0;
      }
    }
  }

  // One line of the group's input: `per_group` atoms of the input a position, from as many surfaces, or, of
  // int8 for 16-bit processing, a part of one.
  void take_memory(std::uint32_t s, std::uint32_t y) {
    const std::uint32_t per_group = std::max(1U, lanes_ * in_bytes_ / atom_);
    const std::uint32_t parts = std::max(1U, atom_ / (lanes_ * in_bytes_));
    in_line_.resize(std::size_t{part_.columns} * atom_);
    const bool point = op_.cube.width == 1 && op_.cube.height == 1;
    const std::uint64_t stride = point ? atom_ : op_.fetch.source.surface_stride;
    const std::uint32_t lanes = lanes_ / per_group;
    for (std::uint32_t half = 0; half < per_group; ++half) {
      const std::uint64_t surface = std::uint64_t{s / parts} * per_group + half;
      source_->read(op_.fetch.source.space,
                    op_.fetch.source.address + surface * stride +
                        std::uint64_t{y} * op_.fetch.source.line_stride +
                        std::uint64_t{part_.first_column} * atom_,
                    in_line_.data(), in_line_.size());
      const unsigned char* in = in_line_.data() + std::size_t{s % parts} * lanes * in_bytes_;
      for (std::uint32_t x = 0; x < part_.columns; ++x) {
        widen(in + std::size_t{x} * atom_, lanes, values_.data() + std::size_t{x} * lanes_ + half * lanes);
      }
    }
  }

  void widen(const unsigned char* in, std::uint32_t lanes, std::int32_t* out) {
    if (in_bytes_ == 1) {
      for (std::uint32_t i = 0; i < lanes; ++i) out[i] = load8(in + i);
    } else {
      if (op_.fetch.input_precision == Precision::kFp16) count_special(in, lanes);
      for (std::uint32_t i = 0; i < lanes; ++i) out[i] = static_cast<std::int16_t>(load16(in + 2 * i));
    }
    if (!floating_) return;
    for (std::uint32_t i = 0; i < lanes; ++i)
      out[i] = static_cast<std::int32_t>(fp16_to_fp32_select(static_cast<std::uint16_t>(out[i])));
  }

  void count_special(const unsigned char* in, std::uint32_t lanes) {
    for (std::uint32_t i = 0; i < lanes; ++i) {
      const std::uint32_t magnitude = load16(in + 2 * i) & 0x7fffU;
      counters_.inf_input += magnitude == 0x7c00U ? 1U : 0U;
      counters_.nan_input += magnitude > 0x7c00U ? 1U : 0U;
    }
  }

  // Puts the converted line into atoms, or compares it.
  void finish_line(std::uint32_t s, std::uint32_t batch, std::uint32_t y) {
    if (op_.output_precision == Precision::kFp16) {
      for (std::size_t i = 0; i < out_line_.size(); i += 2)
        counters_.nan_output += fp16_is_nan(load16(out_line_.data() + i)) ? 1U : 0U;
    }
    // Whatever is on its way to memory counts.
    if (to_pdp_ == nullptr && !counters_.unequal)
      counters_.unequal =
          std::any_of(out_line_.begin(), out_line_.end(), [](unsigned char byte) { return byte != 0; });
    if (compares_) return;
    const std::size_t group_bytes = std::size_t{lanes_} * out_bytes_;
    const std::size_t part = group_bytes / out_per_group_;
    for (std::uint32_t half = 0; half < out_per_group_; ++half) {
      unsigned char* out = to_pdp_ != nullptr ? to_pdp_->line(s * out_per_group_ + half, y) +
                                                    std::size_t{part_.first_column} * atom_
                                              : group_line(half, batch, y);
      for (std::uint32_t x = 0; x < part_.columns; ++x) {
        const unsigned char* from = out_line_.data() + x * group_bytes + half * part;
        std::copy(from, from + part, out + std::size_t{x} * atom_);
      }
    }
  }

  unsigned char* group_line(std::uint32_t half, std::uint32_t batch, std::uint32_t y) {
    const std::size_t line = (std::size_t{half} * op_.batches + batch) * part_.lines + (y - part_.first_line);
    return group_.data() + line * part_.columns * atom_;
  }

  void write(std::uint32_t s) {
    const bool point = op_.cube.width == 1 && op_.cube.height == 1 && op_.batches == 1;
    const std::uint64_t stride = point ? atom_ : op_.destination.surface_stride;
    for (std::uint32_t half = 0; half < out_per_group_; ++half) {
      for (std::uint32_t b = 0; b < op_.batches; ++b) {
        for (std::uint32_t y = part_.first_line; y < part_.first_line + part_.lines; ++y) {
          sink_->write(op_.destination.space,
                       op_.destination.address + (std::uint64_t{s} * out_per_group_ + half) * stride +
                           std::uint64_t{b} * op_.batch_stride +
                           std::uint64_t{y} * op_.destination.line_stride +
                           std::uint64_t{part_.first_column} * atom_,
                       group_line(half, b, y), std::size_t{part_.columns} * atom_);
        }
      }
    }
  }

  const SdpOperation op_;
  const SdpLut lut_;
  const Generation generation_;
  const Accumulators* accumulators_ = nullptr;
  SdpPart part_;
  const memory::ByteSource* source_ = nullptr;
  memory::ByteSink* sink_ = nullptr;
  FeatureCube* to_pdp_ = nullptr;
  std::uint32_t atom_, lanes_, in_bytes_, out_bytes_, out_per_group_;
  bool floating_, compares_;
  OperandReader x1_, x2_, y_;
  std::vector<std::int32_t> values_;     // one line of a group
  std::vector<unsigned char> out_line_;  // the same, converted
  std::vector<unsigned char> in_line_;
  std::vector<unsigned char> group_;  // atoms of a group: [output surface of it][batch][line][column]
  SdpCounters counters_;
};

std::uint32_t sdp_groups(const SdpOperation& operation, const HardwareParameters& hardware) {
  return ceil_div(operation.cube.channels,
                  hardware.memory_atom_bytes / bytes_per_element(operation.processing_precision));
}

std::uint32_t sdp_surfaces_per_group(const SdpOperation& operation, const HardwareParameters& hardware) {
  const std::uint32_t lanes = hardware.memory_atom_bytes / bytes_per_element(operation.processing_precision);
  return std::max(1U, lanes * bytes_per_element(operation.output_precision) / hardware.memory_atom_bytes);
}

SdpComputation::SdpComputation(const SdpOperation& operation, const SdpLut& lut,
                               const HardwareParameters& hardware)
    : sdp_(std::make_unique<Sdp>(operation, lut, hardware)) {}

SdpComputation::~SdpComputation() = default;

SdpCounters SdpComputation::compute(const SdpPart& part, const Accumulators* accumulators,
                                    const memory::ByteSource& source, memory::ByteSink& sink,
                                    FeatureCube* to_pdp) {
  return sdp_->compute(part, accumulators, source, sink, to_pdp);
}

SdpResult compute_sdp(const SdpOperation& operation, const SdpLut& lut, const HardwareParameters& hardware,
                      const Accumulators* accumulators, const memory::ByteSource& source,
                      memory::ByteSink& sink) {
  SdpResult result;
  const std::uint32_t groups = sdp_groups(operation, hardware);
  if (operation.output_to_pdp)
    result.to_pdp =
        FeatureCube(operation.cube.width, operation.cube.height,
                    groups * sdp_surfaces_per_group(operation, hardware), hardware.memory_atom_bytes);
  result.counters = SdpComputation(operation, lut, hardware)
                        .compute({0, groups, 0, operation.cube.height, 0, operation.cube.width}, accumulators,
                                 source, sink, operation.output_to_pdp ? &result.to_pdp : nullptr);
  return result;
}

}  // namespace nvdla::compute
