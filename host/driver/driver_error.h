// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace nvdla::host {

// What keeps a network from running: a descriptor that the accelerator cannot execute, memory that does not
// fit, a device that does not answer. The text names the file and the place inside it.
class DriverError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nvdla::host
