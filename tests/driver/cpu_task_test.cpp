// SPDX-License-Identifier: Apache-2.0
// Tasks of the CPU: values, formats and places in memory; conversion of fp16.
#include <gmock/gmock.h>

#include <cmath>

#include "host/driver/cpu_executor.h"
#include "host/driver/driver_error.h"
#include "host/driver/half.h"
#include "tests/support/instant_device.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

TEST(Half, EveryPatternComesBack) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = half_to_float(static_cast<std::uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_EQ((bits & 0x7c00), 0x7c00U);
      EXPECT_TRUE(std::isnan(half_to_float(float_to_half(value))));
    } else {
      EXPECT_EQ(float_to_half(value), bits);
    }
  }
}

TEST(Half, RoundsToNearestAndTiesAwayFromZero) {
  EXPECT_EQ(float_to_half(1.0F + std::ldexp(1.0F, -11)), 0x3c01);   // half of a step
  EXPECT_EQ(float_to_half(1.0F + std::ldexp(0.99F, -11)), 0x3c00);  // just below
  EXPECT_EQ(float_to_half(-1.0F - std::ldexp(1.0F, -11)), 0xbc01);
  EXPECT_EQ(float_to_half(65519.0F), 0x7bff);
  EXPECT_EQ(float_to_half(65520.0F), 0x7c00);
  EXPECT_EQ(float_to_half(std::ldexp(1.0F, -25)), 0x0001);
  EXPECT_EQ(float_to_half(std::ldexp(0.99F, -25)), 0x0000);
  EXPECT_EQ(float_to_half(std::ldexp(1023.5F, -24)), 0x0400);  // carry into the exponent
  EXPECT_EQ(float_to_half(-0.0F), 0x8000);
}

class CpuTasks : public ::testing::Test {
 protected:
  // Runs one operation from address 0 to address 1, 4096 bytes each.
  void run(const CpuOperation& operation) {
    CpuTask task;
    task.place = "net: task_list[0]";
    task.operations.push_back(operation);
    execute_cpu_task(task, {{MemorySpace::kDbb, 0x1000, 4096}, {MemorySpace::kDbb, 0x3000, 4096}}, device_);
  }
  static CpuOperation operation(CpuOperationType type, CpuFormat format, std::uint16_t w, std::uint16_t h,
                                std::uint16_t c, std::uint32_t line, std::uint32_t surface) {
    CpuOperation o;
    o.type = type;
    o.source = {0, 0, 4096, format, w, h, c, line, surface};
    o.destination = {1, 0, 4096, format, w, h, c, line, surface};
    return o;
  }
  void put_half(std::uint64_t at, float value) {
    const std::uint16_t bits = float_to_half(value);
    const unsigned char bytes[2] = {static_cast<unsigned char>(bits), static_cast<unsigned char>(bits >> 8)};
    device_.write_memory(MemorySpace::kDbb, at, bytes, 2);
  }
  float get_half(std::uint64_t at) {
    unsigned char bytes[2];
    device_.read_memory(MemorySpace::kDbb, at, bytes, 2);
    return half_to_float(static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8));
  }
  void put_byte(std::uint64_t at, int value) {
    const auto byte = static_cast<unsigned char>(value);
    device_.write_memory(MemorySpace::kDbb, at, &byte, 1);
  }
  int get_byte(std::uint64_t at) {
    unsigned char byte = 0;
    device_.read_memory(MemorySpace::kDbb, at, &byte, 1);
    return static_cast<std::int8_t>(byte);
  }

  test::InstantDevice device_{preset("nv_full"), 0};
};

TEST_F(CpuTasks, PowerReachesEveryElementOfTheCube) {
  CpuOperation o = operation(CpuOperationType::kPower, CpuFormat::kHalf, 2, 2, 20, 64, 128);
  o.power = 2;
  o.scale = 0.5F;
  o.shift = 1;
  put_half(0x1000 + 0 + 64 + 32 + 2 * 3, 4);  // c 3, h 1, w 1
  put_half(0x1000 + 128 + 64 + 2 * 3, -6);    // c 19, h 1, w 0
  put_half(0x3000 + 128 + 64 + 2 * 4, 77);    // behind the last channel: stays
  run(o);
  EXPECT_EQ(get_half(0x3000 + 64 + 32 + 2 * 3), 9);
  EXPECT_EQ(get_half(0x3000 + 128 + 64 + 2 * 3), 4);
  EXPECT_EQ(get_half(0x3000), 1);
  EXPECT_EQ(get_half(0x3000 + 128 + 64 + 2 * 4), 77);
}

TEST_F(CpuTasks, Int8IsScaledAndClipped) {
  CpuOperation o = operation(CpuOperationType::kPower, CpuFormat::kInt8Atom8, 1, 1, 10, 8, 8);
  o.input_scale = 0.5F;
  o.output_scale = 0.25F;
  put_byte(0x1000, 10);       // 5 / 0.25
  put_byte(0x1000 + 9, 100);  // 200, clipped; channel 9 is in the second atom of 8
  put_byte(0x1000 + 2, -127);
  run(o);
  EXPECT_EQ(get_byte(0x3000), 20);
  EXPECT_EQ(get_byte(0x3000 + 9), 127);
  EXPECT_EQ(get_byte(0x3000 + 2), -128);
}

TEST_F(CpuTasks, SoftmaxSumsToOne) {
  const CpuOperation o = operation(CpuOperationType::kSoftmax, CpuFormat::kHalf, 1, 1, 4, 32, 32);
  const float inputs[] = {1, 2, 3, 4};
  for (int i = 0; i < 4; ++i) put_half(0x1000 + 2 * i, inputs[i]);
  run(o);
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += get_half(0x3000 + 2 * i);
  EXPECT_NEAR(sum, 1, 1e-3);
  EXPECT_NEAR(get_half(0x3000 + 6), 0.6439, 1e-3);
}

TEST_F(CpuTasks, BadBuffersAreErrors) {
  const auto error = [this](const CpuOperation& o) {
    return test::thrown_text<DriverError>([&] { run(o); });
  };
  CpuOperation o = operation(CpuOperationType::kPower, CpuFormat::kInt16, 1, 1, 4, 32, 32);
  EXPECT_THAT(error(o), HasSubstr("net: task_list[0] operation 0 source: format 2"));
  o = operation(CpuOperationType::kPower, CpuFormat::kHalf, 1, 100, 4, 64, 64);
  EXPECT_THAT(error(o), HasSubstr("exceed its memory of 4096"));
  o = operation(CpuOperationType::kPower, CpuFormat::kHalf, 60000, 60000, 60000, 0, 0);
  EXPECT_THAT(error(o), HasSubstr("exceeds its memory of 4096"));
  o = operation(CpuOperationType::kSoftmax, CpuFormat::kHalf, 1, 1, 4, 32, 32);
  o.destination.channel = 5;
  EXPECT_THAT(error(o), HasSubstr("other dimensions"));
  o.destination.format = CpuFormat::kInt8;
  EXPECT_THAT(error(o), HasSubstr("another format"));
}

}  // namespace
}  // namespace nvdla::host
