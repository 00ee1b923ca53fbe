// SPDX-License-Identifier: Apache-2.0
// Integer convolutions as dot products over all of a kernel. Neighbouring segments of an input line become
// one run, so that a direct convolution is one run a kernel line.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <numeric>

#include "compute/accumulate.h"
#include "compute/convolve_parts.h"
#include "compute/winograd.h"

namespace nvdla::compute::detail {

namespace {

// Kernels whose weights are unpacked at once.
constexpr std::uint32_t kBlock = 4;

struct Runs {
  std::vector<std::uint32_t> offsets, lengths;
  std::vector<std::size_t> places;  // of each segment in the weights of a kernel
  std::size_t total = 0;            // elements of a kernel
};

// `pitch`: elements between lines. A run ends where the next segment does not follow in the same line.
Runs make_runs(const ConvolutionProgram& program, std::size_t pitch) {
  std::vector<std::uint32_t> order(program.segments.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto& segments = program.segments;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return segments[a].line != segments[b].line ? segments[a].line < segments[b].line
                                                : segments[a].offset < segments[b].offset;
  });
  Runs runs;
  runs.places.resize(segments.size());
  const auto close = [&] {
    if (runs.lengths.empty()) return;
    std::uint32_t& length = runs.lengths.back();
    runs.total += (kRunUnit - length % kRunUnit) % kRunUnit;
    length += (kRunUnit - length % kRunUnit) % kRunUnit;
  };
  const Segment* last = nullptr;
  for (const std::uint32_t i : order) {
    const Segment& segment = segments[i];
    if (last == nullptr || last->line != segment.line || last->offset + last->length != segment.offset) {
      close();
      runs.offsets.push_back(static_cast<std::uint32_t>(segment.line * pitch + segment.offset));
      runs.lengths.push_back(0);
    }
    runs.places[i] = runs.total;
    runs.total += segment.length;
    runs.lengths.back() += segment.length;
    last = &segment;
  }
  close();
  return runs;
}

std::int64_t largest_magnitude(const std::vector<std::int16_t>& elements) {
  std::int32_t largest = 0;
  for (const std::int16_t element : elements) largest = std::max(largest, std::abs(std::int32_t{element}));
  return largest;
}

// A bound of what any partial sum of a kernel can reach: by the type of the weights, or by the weights.
std::int64_t sum_bound(const ConvolveContext& c, std::int64_t data, std::int64_t limit) {
  const std::int64_t largest = c.weights.precision == Precision::kInt8 ? 128 : 32768;
  const std::int64_t rough = data * largest * c.program.kernel_elements;
  if (rough < limit) return rough;
  const std::vector<std::size_t> places = slot_places(c.program);
  std::vector<std::int16_t> kernel(c.program.operations.size() * c.program.slots);
  std::int64_t worst = 0;
  for (std::uint32_t k = c.part.first_kernel; k < c.part.first_kernel + c.part.kernels; ++k) {
    unpack_kernel(c.program, c.sequence, c.weights, k, places, kernel.data());
    std::int64_t sum = 0;
    for (const std::int16_t w : kernel) sum += std::abs(std::int32_t{w});
    worst = std::max(worst, sum);
  }
  return worst * data;
}

// The transformed tiles of a Winograd convolution, [tile][position][channel], channels padded to a run.
struct Tiles {
  std::uint32_t channels = 0;
  std::vector<std::int16_t> elements;
};

Tiles transform_tiles(const ConvolveContext& c, const Accumulators& result) {
  Tiles tiles;
  const auto operations = static_cast<std::uint32_t>(c.program.operations.size());
  tiles.channels = (operations * 4 + kRunUnit - 1) / kRunUnit * kRunUnit;
  const std::uint32_t width = result.width / 2, height = c.part.lines / 2;
  tiles.elements.resize(std::size_t{width} * height * kTile * tiles.channels + 64);
  std::vector<std::int16_t> slots(c.program.slots);
  std::int16_t* out = tiles.elements.data();
  for (std::uint32_t t = 0; t < width * height; ++t, out += kTile * tiles.channels) {
    for (std::uint32_t i = 0; i < operations; ++i) {
      c.window.gather(0, c.part.first_line / 2 + t / width, t % width, i, slots.data());
      for (std::uint32_t p = 0; p < kTile; ++p) {
        std::copy_n(slots.data() + p * 4, 4, out + p * tiles.channels + i * 4);
      }
    }
  }
  return tiles;
}

std::uint64_t deliver(std::int64_t sum, unsigned truncate, std::int32_t& value) {
  const Delivered delivered = deliver_integer(sum, truncate);
  value = delivered.value;
  return delivered.saturated ? 1 : 0;
}

void winograd(const ConvolveContext& c, const Tiles& tiles, void (*dot)(const DotTask&),
              Accumulators& result) {
  const std::uint32_t width = result.width / 2, count = width * (c.part.lines / 2);
  std::vector<std::size_t> places(c.program.segments.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i % kTile * tiles.channels + i / kTile * 4;
  std::atomic<std::uint64_t> saturations{0};
  for_kernels(c.part, 1, c.jobs, [&](std::uint32_t first, std::uint32_t last) {
    std::vector<std::int16_t> kernel(std::size_t{kTile} * tiles.channels);
    std::vector<std::int64_t> sums(std::size_t{kTile} * count);
    std::uint64_t saturated = 0;
    const std::uint32_t offset = 0;
    for (std::uint32_t k = first; k < last; ++k) {
      unpack_kernel(c.program, c.sequence, c.weights, k, places, kernel.data());
      for (std::uint32_t p = 0; p < kTile; ++p) {
        DotTask task;
        task.data = tiles.elements.data() + std::size_t{p} * tiles.channels;
        task.step = static_cast<std::ptrdiff_t>(kTile) * tiles.channels;
        task.positions = count;
        task.offsets = &offset;
        task.lengths = &tiles.channels;
        task.runs = 1;
        task.weights = kernel.data() + std::size_t{p} * tiles.channels;
        task.kernels = 1;
        task.sums = sums.data() + std::size_t{p} * count;
        dot(task);
      }
      for (std::uint32_t t = 0; t < count; ++t) {
        std::int64_t tile[kTile], outputs[4];
        for (std::uint32_t p = 0; p < kTile; ++p) tile[p] = sums[std::size_t{p} * count + t];
        post_add(tile, outputs);
        for (std::uint32_t i = 0; i < 4; ++i) {
          saturated += deliver(outputs[i], c.accumulate.clip_truncate & 31U,
                               result.values[result.index(0, k, c.part.first_line + t / width * 2 + i / 2,
                                                          t % width * 2 + i % 2)]);
        }
      }
    }
    saturations += saturated;
  });
  result.saturations += saturations;
}

void direct(const ConvolveContext& c, const PaddedInput& padded, void (*dot)(const DotTask&),
            Accumulators& result) {
  const Runs runs = make_runs(c.program, padded.pitch);
  std::atomic<std::uint64_t> saturations{0};
  for_kernels(c.part, kBlock, c.jobs, [&](std::uint32_t first, std::uint32_t last) {
    std::vector<std::int16_t> block(runs.total * kBlock);
    std::vector<std::int64_t> sums(std::size_t{result.width} * kBlock);
    std::uint64_t saturated = 0;
    DotTask task;
    task.step = c.program.step;
    task.positions = result.width;
    task.offsets = runs.offsets.data();
    task.lengths = runs.lengths.data();
    task.runs = runs.offsets.size();
    task.weights = block.data();
    task.weight_pitch = runs.total;
    task.sums = sums.data();
    task.sum_pitch = result.width;
    for (std::uint32_t k = first; k < last; k += kBlock) {
      task.kernels = std::min(kBlock, last - k);
      for (std::uint32_t i = 0; i < task.kernels; ++i) {
        unpack_kernel(c.program, c.sequence, c.weights, k + i, runs.places, block.data() + runs.total * i);
      }
      for (std::uint32_t b = 0; b < result.batches; ++b) {
        for (std::uint32_t y = 0; y < c.part.lines; ++y) {
          task.data = padded.elements.data() + padded.line(b, std::size_t{y} * c.sequence.stride_y);
          dot(task);
          for (std::uint32_t i = 0; i < task.kernels; ++i) {
            std::int32_t* out = result.values.data() + result.index(b, k + i, c.part.first_line + y, 0);
            const std::int64_t* sum = sums.data() + std::size_t{i} * result.width;
            for (std::uint32_t x = 0; x < result.width; ++x) {
              saturated += deliver(sum[x], c.accumulate.clip_truncate & 31U, out[x]);
            }
          }
        }
      }
    }
    saturations += saturated;
  });
  result.saturations += saturations;
}

}  // namespace

bool convolve_integer(const ConvolveContext& c, Accumulators& result) {
  const std::int64_t limit = std::int64_t{1}
                             << (c.sequence.processing_precision == Precision::kInt8 ? 33U : 47U);
  const auto choose = [&](const std::vector<std::int16_t>& data) -> void (*)(const DotTask&) {
    const std::int64_t bound = sum_bound(c, largest_magnitude(data), limit);
    if (bound >= limit) return nullptr;
    return bound < (std::int64_t{1} << 31U) ? c.kernels.dot_narrow : c.kernels.dot_wide;
  };
  if (c.program.winograd) {
    const Tiles tiles = transform_tiles(c, result);
    const auto dot = choose(tiles.elements);
    if (dot == nullptr) return false;
    winograd(c, tiles, dot, result);
    return true;
  }
  const std::optional<PaddedInput> padded = pad_input(c, result);
  if (!padded) return false;
  const auto dot = choose(padded->elements);
  if (dot == nullptr) return false;
  direct(c, *padded, dot, result);
  return true;
}

}  // namespace nvdla::compute::detail
