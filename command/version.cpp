// SPDX-License-Identifier: Apache-2.0
#include "command/version.h"

namespace nvdla::command {

const char* version() { return NVDLA_VERSION; }

}  // namespace nvdla::command
