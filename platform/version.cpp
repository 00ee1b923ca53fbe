// SPDX-License-Identifier: Apache-2.0
#include "platform/version.h"

namespace nvdla::platform {

const char* version() { return NVDLA_VERSION; }

}  // namespace nvdla::platform
