// SPDX-License-Identifier: Apache-2.0
#include "compute/weight_set.h"

#include <algorithm>

namespace nvdla::compute {

namespace {

std::vector<unsigned char> read(const memory::ByteSource& source, MemorySpace space, std::uint64_t address,
                                std::uint64_t length) {
  std::vector<unsigned char> bytes(length);
  if (length > 0) source.read(space, address, bytes.data(), bytes.size());
  return bytes;
}

}  // namespace

void WeightSet::copy(std::size_t first, std::size_t count, std::int16_t* out) const {
  const std::size_t size = bytes_per_element(precision);
  const std::size_t before = begin / size, held = bytes.size() / size;
  const std::size_t at = first - before;
  const std::size_t there = first >= before && at < held ? std::min(count, held - at) : 0;
  if (size == 1) {
    for (std::size_t i = 0; i < there; ++i)
      out[i] = static_cast<std::int16_t>((bytes[at + i] ^ 0x80) - 0x80);  // the sign
  } else {
    for (std::size_t i = 0; i < there; ++i)
      out[i] = static_cast<std::int16_t>(bytes[2 * (at + i)] | bytes[2 * (at + i) + 1] << 8U);
  }
  std::fill(out + there, out + count, std::int16_t{0});
}

WeightSet WeightReader::next(std::uint32_t kernels, const memory::ByteSource& source) {
  WeightSet set = fetch(kernels, source);
  if (set.precision != Precision::kFp16) return set;
  set.special = count_special(set.bytes.data(), set.bytes.size());
  if (fetch_.nan_to_zero && set.special.nans > 0) flush_nans(set.bytes.data(), set.bytes.size());
  return set;
}

WeightSet WeightReader::fetch(std::uint32_t kernels, const memory::ByteSource& source) {
  WeightSet set;
  set.precision = fetch_.processing_precision;
  set.begin = begun_;
  const std::uint64_t needed = std::uint64_t{fetch_.bytes_per_kernel} * kernels;
  if (!fetch_.weight_compressed) {
    const std::uint64_t left = fetch_.weight_bytes - std::min(fetch_.weight_bytes, taken_);
    set.bytes = read(source, fetch_.weight_space, address(), std::min(left, needed));
    begun_ += needed;
    taken_ += needed;
    return set;
  }
  const std::size_t size = bytes_per_element(set.precision);
  const std::uint64_t first = begun_ / size, elements = needed / size;
  const std::uint64_t most = std::min<std::uint64_t>(first + elements, fetch_.wmb_bytes * 8);
  const std::uint64_t masked = most - std::min(first, most);  // elements that the mask has
  const auto mask = read(source, fetch_.weight_space, fetch_.wmb_address + first / 8,
                         masked == 0 ? 0 : (most + 7) / 8 - first / 8);
  const auto stored_here = [&](std::uint64_t i) {
    const std::uint64_t bit = first % 8 + i;
    return (mask[bit / 8] >> bit % 8 & 1U) != 0;
  };
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < masked; ++i) count += stored_here(i) ? 1 : 0;
  const auto stored = read(source, fetch_.weight_space, address(), count * size);
  set.bytes.resize(elements * size);
  const unsigned char* next = stored.data();
  for (std::uint64_t i = 0; i < masked; ++i) {
    if (!stored_here(i)) continue;
    for (std::size_t b = 0; b < size; ++b) set.bytes[i * size + b] = *next++;
  }
  begun_ += needed;
  taken_ += stored.size();
  return set;
}

WeightSet load_weights(const ConvolutionFetch& fetch, const memory::ByteSource& source) {
  return WeightReader(fetch).next(fetch.kernels, source);
}

}  // namespace nvdla::compute
