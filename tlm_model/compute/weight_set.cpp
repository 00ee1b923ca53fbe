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
