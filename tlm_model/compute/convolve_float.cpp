// SPDX-License-Identifier: Apache-2.0
// fp16 convolutions: the cells of the MAC array for several kernels and outputs at once, then CACC's
// additions in the order of the atomic operations. Cells that see a NaN are evaluated one by one
// (mac_cell.h).
#include <algorithm>

#include "compute/accumulate.h"
#include "compute/convolve_parts.h"
#include "compute/mac_cell.h"
#include "compute/winograd.h"

namespace nvdla::compute::detail {

namespace {

// The input as the cells take it.
struct Operands {
  std::vector<std::int16_t> bits;
  std::vector<std::uint32_t> nans;  // NaNs before each element; empty: there is none

  [[nodiscard]] bool nan_in(std::size_t first, std::size_t count) const {
    return !nans.empty() && nans[first + count] != nans[first];
  }
};

bool is_nan(std::int16_t bits) { return fp16_is_nan(static_cast<std::uint16_t>(bits)); }

Operands count_nans(std::vector<std::int16_t> elements) {
  Operands operands;
  operands.bits = std::move(elements);
  if (std::none_of(operands.bits.begin(), operands.bits.end(), is_nan)) return operands;
  operands.nans.resize(operands.bits.size() + 1);
  for (std::size_t i = 0; i < operands.bits.size(); ++i)
    operands.nans[i + 1] = operands.nans[i] + (is_nan(operands.bits[i]) ? 1 : 0);
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
  layout.operands = count_nans(std::move(padded.elements));
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
  layout.operands = count_nans(std::move(elements));
  return layout;
}

// Up to kCellKernels kernels at all outputs of the part. Operations come one after the other, each for
// everything, so that what is made of its weights is used often.
class KernelRunner {
 public:
  KernelRunner(const ConvolveContext& c, const Layout& layout, Accumulators& result)
      : c_(c),
        layout_(layout),
        result_(result),
        parts_(c.program.winograd ? kTile : 1),
        outputs_(c.program.winograd ? 4 : 1),
        at_once_(kPositions / parts_),
        pitch_(c.program.operations.size() * kCellSlots),
        outlets_(std::size_t{layout.width} * layout.height),
        places_(slot_places(c.program)),
        weights_(kCellKernels * pitch_),
        positions_at_(outlets_),
        exponents_(std::size_t{kCellKernels} * at_once_),
        sums_(std::size_t{kCellKernels} * kPositions),
        cells_(kCellKernels * outlets_ * outputs_) {}

  // Kernels [first, last).
  void run(std::uint32_t first, std::uint32_t last) {
    kernels_ = last - first;
    std::fill(weights_.begin(), weights_.end(), std::int16_t{0});
    for (std::uint32_t k = 0; k < kernels_; ++k)
      unpack_kernel(c_.program, c_.sequence, c_.weights, first + k, places_, weights_.data() + k * pitch_);
    for (std::uint32_t b = 0; b < result_.batches; ++b) {
      std::fill(cells_.begin(), cells_.end(), FloatAccumulator{});
      for (std::size_t i = 0; i < layout_.operations.size(); ++i) operation(b, i);
      for (std::uint32_t k = 0; k < kernels_; ++k)
        deliver(b, first + k, cells_.data() + k * outlets_ * outputs_);
    }
  }

 private:
  static constexpr std::uint32_t kPositions = 256;  // of sums, which stay in the cache

  void operation(std::uint32_t batch, std::size_t index) {
    const std::int16_t* const weights = weights_.data() + index * kCellSlots;
    // Without products the accumulators stay; only a NaN of the data is seen.
    bool zero = true;
    for (std::uint32_t k = 0; k < kernels_; ++k) {
      const std::int16_t* const slots = weights + k * pitch_;
      nan_[k] = std::any_of(slots, slots + kCellSlots, is_nan);
      zero = zero && std::all_of(slots, slots + kCellSlots, [](std::int16_t w) { return (w & 0x7fff) == 0; });
    }
    if (zero && layout_.operands.nans.empty()) return;
    std::uint32_t* at = positions_at_.data();
    for (std::uint32_t y = 0; y < layout_.height; ++y) {
      const std::size_t line = batch * layout_.batch + y * layout_.line + layout_.operations[index];
      for (std::uint32_t x = 0; x < layout_.width; ++x)
        *at++ = static_cast<std::uint32_t>(line + x * static_cast<std::size_t>(layout_.step));
    }
    for (std::size_t p = 0; p < outlets_; p += at_once_)
      positions(weights, layout_.used_slots[index], p, std::min<std::size_t>(at_once_, outlets_ - p));
  }

  void positions(const std::int16_t* weights, std::uint32_t slots, std::size_t first, std::size_t count) {
    CellTask task;
    task.slots = slots;
    task.weights = weights;
    task.weight_pitch = pitch_;
    task.kernels = kernels_;
    task.data = layout_.operands.bits.data();
    task.positions_at = positions_at_.data() + first;
    task.positions = static_cast<std::uint32_t>(count);
    task.parts = parts_;
    task.exponents = exponents_.data();
    task.sums = sums_.data();
    task.pitch = at_once_;
    c_.kernels.cells(task);
    for (std::uint32_t k = 0; k < kernels_; ++k) {
      FloatAccumulator* cell = cells_.data() + (k * outlets_ + first) * outputs_;
      for (std::size_t p = 0; p < count; ++p, cell += outputs_) {
        const std::size_t i = std::size_t{k} * at_once_ + p;
        if (nan_[k] || layout_.operands.nan_in(task.positions_at[p], slots)) {
          slow_cell(weights + k * pitch_, task.positions_at[p], slots, cell);
        } else {
          add(sums_.data() + i * parts_, exponents_[i], cell);
        }
      }
    }
  }

  void add(const std::int64_t* sums, std::int32_t exponent, FloatAccumulator* cell) const {
    if (outputs_ == 1) {
      cell->add(sums[0], exponent);
      return;
    }
    std::int64_t outputs[4];
    post_add(sums, outputs);
    for (std::uint32_t i = 0; i < 4; ++i) cell[i].add(outputs[i], exponent);
  }

  void slow_cell(const std::int16_t* weights, std::size_t at, std::uint32_t slots,
                 FloatAccumulator* cell) const {
    std::int16_t data[kCellSlots] = {0};
    std::copy_n(layout_.operands.bits.data() + at, slots, data);
    const MacResult result = mac_fp16(weights, data, kCellSlots, parts_);
    if (!result.nan) {
      add(result.sums, result.exponent, cell);
      return;
    }
    for (std::uint32_t i = 0; i < outputs_; ++i) cell[i].add_nan(result.nan_bits);
  }

  void deliver(std::uint32_t batch, std::uint32_t kernel, const FloatAccumulator* cell) {
    const std::uint32_t side = outputs_ == 4 ? 2 : 1;
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
  std::uint32_t parts_, outputs_, at_once_, kernels_ = 0;
  std::size_t pitch_, outlets_;  // weights of a kernel; outputs, or tiles, of the part
  std::vector<std::size_t> places_;
  std::vector<std::int16_t> weights_;  // [kernel][operation][slot]
  bool nan_[kCellKernels] = {};        // among the weights of the operation
  std::vector<std::uint32_t> positions_at_;
  std::vector<std::int32_t> exponents_;
  std::vector<std::int64_t> sums_;
  std::vector<FloatAccumulator> cells_;  // [kernel][output]
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
    for (std::uint32_t k = first; k < last; k += kCellKernels)
      runner.run(k, std::min(last, k + kCellKernels));
  });
  return true;
}

}  // namespace nvdla::compute::detail
