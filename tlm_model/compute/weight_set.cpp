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

std::uint64_t bits_set(const std::vector<unsigned char>& mask, std::uint64_t bits) {
  std::uint64_t count = 0;
  for (std::uint64_t i = 0; i < bits; ++i) count += mask[i / 8] >> i % 8 & 1U;
  return count;
}

}  // namespace

void WeightSet::copy(std::size_t first, std::size_t count, std::int16_t* out) const {
  const std::size_t size = bytes_per_element(precision);
  const std::size_t held = bytes.size() / size;
  const std::size_t there = first < held ? std::min(count, held - first) : 0;
  if (size == 1) {
    for (std::size_t i = 0; i < there; ++i)
      out[i] = static_cast<std::int16_t>((bytes[first + i] ^ 0x80) - 0x80);  // the sign
  } else {
    const unsigned char* from = bytes.data() + 2 * first;
    for (std::size_t i = 0; i < there; ++i) {
      out[i] = static_cast<std::int16_t>(from[2 * i] | from[2 * i + 1] << 8U);
    }
  }
  std::fill(out + there, out + count, std::int16_t{0});
}

WeightSet load_weights(const ConvolutionFetch& fetch, const memory::ByteSource& source) {
  WeightSet set;
  set.precision = fetch.processing_precision;
  const std::uint64_t needed = std::uint64_t{fetch.bytes_per_kernel} * fetch.kernels;
  if (!fetch.weight_compressed) {
    set.bytes = read(source, fetch.weight_space, fetch.weight_address,
                     std::min<std::uint64_t>(fetch.weight_bytes, needed));
    return set;
  }
  const std::size_t size = bytes_per_element(set.precision);
  const std::uint64_t elements = needed / size;
  const auto mask = read(source, fetch.weight_space, fetch.wmb_address,
                         std::min<std::uint64_t>(fetch.wmb_bytes, (elements + 7) / 8));
  const std::uint64_t masked = std::min<std::uint64_t>(elements, mask.size() * 8);
  const auto stored = read(source, fetch.weight_space, fetch.weight_address, bits_set(mask, masked) * size);
  set.bytes.resize(elements * size);
  const unsigned char* next = stored.data();
  for (std::uint64_t i = 0; i < masked; ++i) {
    if ((mask[i / 8] >> i % 8 & 1U) == 0) continue;
    for (std::size_t b = 0; b < size; ++b) set.bytes[i * size + b] = *next++;
  }
  return set;
}

}  // namespace nvdla::compute
