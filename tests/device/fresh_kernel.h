// SPDX-License-Identifier: Apache-2.0
// A SystemC kernel for one test: tests of one program may then run in one process.
#pragma once

#include <gtest/gtest.h>

#include <systemc>

namespace nvdla::device {

class FreshKernel : public ::testing::Test {
 protected:
  FreshKernel() { sc_core::sc_curr_simcontext = new sc_core::sc_simcontext; }
  ~FreshKernel() override {
    delete sc_core::sc_curr_simcontext;
    sc_core::sc_curr_simcontext = nullptr;
  }
};

}  // namespace nvdla::device
