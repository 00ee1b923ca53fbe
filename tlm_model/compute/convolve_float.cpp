// SPDX-License-Identifier: Apache-2.0
// fp16 convolutions: the cells of the MAC array for all outputs of a line at once, then CACC's additions in
// the order of the atomic operations. Cells that see a NaN are evaluated one by one (mac_cell.h).
#include <algorithm>

#include "compute/accumulate.h"
#include "compute/convolve_parts.h"
#include "compute/mac_cell.h"
#include "compute/winograd.h"

namespace nvdla::compute::detail {

namespace {

// The input as the cells take it.
struct Operands {
  std::vector<std::int16_t> bits, magnitudes, signs, groups;
  std::vector<std::uint32_t> nans;  // NaNs before each element; empty: there is none

  [[nodiscard]] bool nan_in(std::size_t first, std::size_t count) const {
    return !nans.empty() && nans[first + count] != nans[first];
  }
};

Operands split(std::vector<std::int16_t> elements) {
  Operands operands;
  operands.bits = std::move(elements);
  const std::size_t count = operands.bits.size();
  operands.magnitudes.resize(count);
  operands.signs.resize(count);
  operands.groups.resize(count);
  bool nan = false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint16_t>(operands.bits[i]);
    const MacOperand operand = mac_operand(bits);
    operands.magnitudes[i] = static_cast<std::int16_t>(operand.magnitude);
    operands.signs[i] = operand.negative ? -1 : 0;
    operands.groups[i] = operand.magnitude != 0 ? static_cast<std::int16_t>(operand.group * 4) : kNoGroup;
    nan = nan || fp16_is_nan(bits);
  }
  if (!nan) return operands;
  operands.nans.resize(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const bool here = fp16_is_nan(static_cast<std::uint16_t>(operands.bits[i]));
    operands.nans[i + 1] = operands.nans[i] + (here ? 1 : 0);
  }
  return operands;
}

// Where the 64 slots of an operation lie in the operands, for the outputs (or tiles) of a line.
struct Layout {
  Operands operands;
  std::ptrdiff_t step = 0;                // between outputs
  std::size_t line = 0, batch = 0;        // between output lines, batches
  std::vector<std::size_t> operations;    // of each operation from the line's start
  std::vector<std::uint32_t> used_slots;  // what of the 64 elements belongs to it
  std::uint32_t width = 0, height = 0;
};

// Operations that are one segment of a line are read in place; weights behind its end are zero.
Layout in_place(const ConvolveContext& c, const Accumulators& result, PaddedInput padded) {
  Layout layout;
  layout.step = c.program.step;
  layout.line = padded.pitch * c.sequence.stride_y;
  layout.batch = padded.pitch * padded.lines;
  for (const Segment& segment : c.program.segments) {
    layout.operations.push_back(segment.line * padded.pitch + segment.offset);
    layout.used_slots.push_back(segment.length);
  }
  layout.operands = split(std::move(padded.elements));
  layout.width = result.width;
  layout.height = c.part.lines;
  return layout;
}

// Y extension and Winograd: the slots of every operation and output one after the other.
Layout gathered(const ConvolveContext& c, const Accumulators& result) {
  Layout layout;
  const std::uint32_t side = c.program.winograd ? 2 : 1;
  const std::size_t operations = c.program.operations.size();
  layout.width = result.width / side;
  layout.height = c.part.lines / side;
  layout.step = static_cast<std::ptrdiff_t>(operations * kCellSlots);
  layout.line = operations * kCellSlots * layout.width;
  layout.batch = layout.line * layout.height;
  for (std::size_t i = 0; i < operations; ++i) {
    layout.operations.push_back(i * kCellSlots);
    layout.used_slots.push_back(kCellSlots);
  }
  std::vector<std::int16_t> elements(result.batches * layout.batch);
  std::int16_t* out = elements.data();
  for (std::uint32_t b = 0; b < result.batches; ++b) {
    for (std::uint32_t y = 0; y < layout.height; ++y) {
      for (std::uint32_t x = 0; x < layout.width; ++x) {
        for (std::size_t i = 0; i < operations; ++i, out += kCellSlots)
          c.window.gather(b, c.part.first_line / side + y, x, i, out);
      }
    }
  }
  layout.operands = split(std::move(elements));
  return layout;
}

class KernelRunner {
 public:
  KernelRunner(const ConvolveContext& c, const Layout& layout, Accumulators& result)
      : c_(c),
        layout_(layout),
        result_(result),
        parts_(c.program.winograd ? kTile : 1),
        outputs_(c.program.winograd ? 4 : 1),
        places_(slot_places(c.program)),
        weights_(c.program.operations.size() * kCellSlots),
        exponents_(layout.width),
        sums_(std::size_t{layout.width} * parts_),
        cells_(std::size_t{layout.width} * layout.height * outputs_) {}

  void run(std::uint32_t kernel) {
    unpack_kernel(c_.program, c_.sequence, c_.weights, kernel, places_, weights_.data());
    for (std::uint32_t b = 0; b < result_.batches; ++b) {
      std::fill(cells_.begin(), cells_.end(), FloatAccumulator{});
      for (std::size_t i = 0; i < layout_.operations.size(); ++i) operation(b, i);
      deliver(b, kernel);
    }
  }

 private:
  void operation(std::uint32_t batch, std::size_t index) {
    const std::int16_t* weights = weights_.data() + index * kCellSlots;
    bool nan = false, zero = true;
    for (std::uint32_t s = 0; s < kCellSlots; ++s) {
      nan = nan || fp16_is_nan(static_cast<std::uint16_t>(weights[s]));
      zero = zero && (weights[s] & 0x7fff) == 0;
    }
    // Without products the accumulators stay; only a NaN of the data is seen.
    if (zero && layout_.operands.nans.empty()) return;
    if (!nan) c_.kernels.prepare_weights(weights, prepared_);
    for (std::uint32_t y = 0; y < layout_.height; ++y) {
      const std::size_t at = batch * layout_.batch + y * layout_.line + layout_.operations[index];
      if (nan) {
        for (std::uint32_t x = 0; x < layout_.width; ++x) slow_cell(weights, at, index, y, x);
      } else {
        line(weights, at, index, y);
      }
    }
  }

  void line(const std::int16_t* weights, std::size_t at, std::size_t index, std::uint32_t y) {
    CellTask task;
    task.magnitudes = layout_.operands.magnitudes.data() + at;
    task.signs = layout_.operands.signs.data() + at;
    task.groups = layout_.operands.groups.data() + at;
    task.step = layout_.step;
    task.positions = layout_.width;
    task.parts = parts_;
    task.exponents = exponents_.data();
    task.sums = sums_.data();
    c_.kernels.cells(prepared_, task);
    for (std::uint32_t x = 0; x < layout_.width; ++x) {
      if (layout_.operands.nan_in(at + x * static_cast<std::size_t>(layout_.step),
                                  layout_.used_slots[index])) {
        slow_cell(weights, at, index, y, x);
      } else {
        add(y, x, sums_.data() + std::size_t{x} * parts_, exponents_[x]);
      }
    }
  }

  void add(std::uint32_t y, std::uint32_t x, const std::int64_t* sums, std::int32_t exponent) {
    FloatAccumulator* cell = cells_.data() + (std::size_t{y} * layout_.width + x) * outputs_;
    if (outputs_ == 1) {
      cell->add(sums[0], exponent);
      return;
    }
    std::int64_t outputs[4];
    post_add(sums, outputs);
    for (std::uint32_t i = 0; i < 4; ++i) cell[i].add(outputs[i], exponent);
  }

  void slow_cell(const std::int16_t* weights, std::size_t at, std::size_t index, std::uint32_t y,
                 std::uint32_t x) {
    std::int16_t data[kCellSlots] = {0};
    std::copy_n(layout_.operands.bits.data() + at + x * static_cast<std::size_t>(layout_.step),
                layout_.used_slots[index], data);
    const MacResult result = mac_fp16(weights, data, kCellSlots, parts_);
    if (!result.nan) {
      add(y, x, result.sums, result.exponent);
      return;
    }
    FloatAccumulator* cell = cells_.data() + (std::size_t{y} * layout_.width + x) * outputs_;
    for (std::uint32_t i = 0; i < outputs_; ++i) cell[i].add_nan(result.nan_bits);
  }

  void deliver(std::uint32_t batch, std::uint32_t kernel) {
    const std::uint32_t side = outputs_ == 4 ? 2 : 1;
    const FloatAccumulator* cell = cells_.data();
    for (std::uint32_t y = 0; y < layout_.height; ++y) {
      for (std::uint32_t x = 0; x < layout_.width; ++x) {
        for (std::uint32_t i = 0; i < outputs_; ++i, ++cell) {
          result_.values[result_.index(batch, kernel, c_.part.first_line + y * side + i / side,
                                       x * side + i % side)] = static_cast<std::int32_t>(cell->deliver());
        }
      }
    }
  }

  const ConvolveContext& c_;
  const Layout& layout_;
  Accumulators& result_;
  std::uint32_t parts_, outputs_;
  std::vector<std::size_t> places_;
  std::vector<std::int16_t> weights_;
  CellWeights prepared_{};
  std::vector<std::int32_t> exponents_;
  std::vector<std::int64_t> sums_;
  std::vector<FloatAccumulator> cells_;
};

}  // namespace

bool convolve_float(const ConvolveContext& c, Accumulators& result) {
  // One segment an operation, in slots from 0 on.
  const bool plain = c.program.segments.size() == c.program.operations.size();
  Layout layout;
  if (plain) {
    std::optional<PaddedInput> padded = pad_input(c, result);
    if (!padded) return false;
    layout = in_place(c, result, std::move(*padded));
  } else {
    constexpr std::size_t kLargest = std::size_t{1} << 25U;
    const std::size_t cells = std::size_t{result.batches} * result.width * c.part.lines;
    if (cells > kLargest / kCellSlots / c.program.operations.size()) return false;
    layout = gathered(c, result);
  }
  for_kernels(c.part, 1, c.jobs, [&](std::uint32_t first, std::uint32_t last) {
    KernelRunner runner(c, layout, result);
    for (std::uint32_t k = first; k < last; ++k) runner.run(k);
  });
  return true;
}

}  // namespace nvdla::compute::detail
