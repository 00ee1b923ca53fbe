// SPDX-License-Identifier: Apache-2.0
// A SystemC kernel for one test: tests of one program may then run in one process.
#pragma once

#include <gtest/gtest.h>

#include "platform/simulation_context.h"

namespace nvdla::device {

class FreshKernel : public ::testing::Test {
 private:
  platform::SimulationContext context_;
};

}  // namespace nvdla::device
