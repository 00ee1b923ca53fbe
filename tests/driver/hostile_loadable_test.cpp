// SPDX-License-Identifier: Apache-2.0
// Damaged loadables end in an InputError or a DriverError, or run: 100,000 of them, from small networks of
// both layouts, with bytes changed, numbers replaced by extremes, parts moved and ends cut off. Nothing
// crashes or hangs; the address space that a network may take and the size of the lists are bounded.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "fuzz/executions.h"
#include "host/driver/driver.h"
#include "host/driver/driver_error.h"
#include "host/text_source.h"
#include "tests/support/instant_device.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

std::vector<std::vector<unsigned char>> seeds() {
  std::vector<std::vector<unsigned char>> result;
  for (const std::uint8_t minor : {std::uint8_t{11}, std::uint8_t{12}}) {
    tools::ChainBuilder with_all(preset("nv_full"), Precision::kInt8, 6, 6, 16, minor);
    with_all.convolution(8, 3, true, true, true);
    with_all.copy();
    with_all.contraction();
    CpuOperation power;
    power.source = power.destination = {2, 0, 32, CpuFormat::kHalf, 1, 1, 10, 32, 32};
    with_all.builder().cpu(power, minor >= 12);
    result.push_back(with_all.finish());
    tools::ChainBuilder with_tables(preset("nv_full"), Precision::kFp16, 4, 4, 16, minor);
    with_tables.normalisation(3);
    with_tables.pooling(2, 2, 0);
    result.push_back(with_tables.finish());
  }
  return result;
}

void mutate(std::vector<unsigned char>& bytes, std::mt19937& random) {
  static constexpr std::uint32_t kExtremes[] = {
      0,      1,       2,          0x7f,       0x80, 0xff,       0x100,      0x7fff,
      0xffff, 0x10000, 0x7fffffff, 0x80000000, 40,   0xfffffffe, 0xffffffff, 0x00ffffff};
  const auto at = [&] { return random() % bytes.size(); };
  switch (random() % 5) {
    case 0:
      bytes[at()] = static_cast<unsigned char>(random());
      break;
    case 1:
      bytes[at()] ^= static_cast<unsigned char>(1U << random() % 8);
      break;
    case 2: {
      const std::uint32_t value = kExtremes[random() % std::size(kExtremes)];
      const std::size_t place = at() & ~std::size_t{3};
      for (std::size_t i = 0; i < 4 && place + i < bytes.size(); ++i) {
        bytes[place + i] = static_cast<unsigned char>(value >> (8 * i));
      }
      break;
    }
    case 3: {
      const std::size_t from = at(), to = at(), count = random() % 64;
      for (std::size_t i = 0; i < count && from + i < bytes.size() && to + i < bytes.size(); ++i) {
        bytes[to + i] = bytes[from + i];
      }
      break;
    }
    default:
      if (random() % 8 == 0) bytes.resize(at() + 1);
  }
}

TEST(HostileLoadables, NeitherCrashNorHang) {
  const std::vector<std::vector<unsigned char>> originals = seeds();
  std::mt19937 random(static_cast<std::uint32_t>(fuzz::first_seed() + 19));
  const std::uint64_t count = fuzz::simulations(100'000, 0.1);
  std::uint64_t refused = 0, stopped = 0, ran = 0;
  auto slowest = std::chrono::steady_clock::duration::zero();
  for (std::uint64_t i = 0; i < count; ++i) {
    std::vector<unsigned char> bytes = originals[random() % originals.size()];
    for (std::uint32_t n = random() % 4 + 1; n > 0; --n) mutate(bytes, random);
    const auto start = std::chrono::steady_clock::now();
    try {
      const Loadable loadable = parse_loadable(bytes.data(), bytes.size(), "net");
      test::InstantDevice device(preset("nv_full"), 0);
      Driver driver(loadable, preset("nv_full"), device, {});
      driver.run();
      ++ran;
    } catch (const InputError&) {
      ++refused;
    } catch (const DriverError&) {
      ++stopped;
    }
    slowest = std::max(slowest, std::chrono::steady_clock::now() - start);
  }
  // All three ways are taken, so that the mutations reach every layer.
  EXPECT_GT(refused, count / 10);
  EXPECT_GT(stopped, count / 100);
  EXPECT_GT(ran, count / 10);
  EXPECT_LT(std::chrono::duration<double>(slowest).count(), 20.0);
  RecordProperty("refused", std::to_string(refused));
  RecordProperty("stopped", std::to_string(stopped));
  RecordProperty("ran", std::to_string(ran));
}

}  // namespace
}  // namespace nvdla::host
