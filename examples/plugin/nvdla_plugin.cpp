// SPDX-License-Identifier: Apache-2.0
// NVDLA as a plug-in: a shared object with a factory under an unmangled name, for platforms that load their
// models at run time. The host and the plug-in must share one libsystemc: both link the shared library.
#include <exception>
#include <string>

#include "device/nvdla.h"

// Null when the configuration is unknown; the reason goes to SC_REPORT_WARNING. The host owns the module.
extern "C" nvdla::Nvdla* nvdla_create(const char* name, const char* configuration) {
  try {
    nvdla::NvdlaParameters parameters;
    parameters.hardware = nvdla::preset(configuration);
    parameters.dma_mode = nvdla::device::DmaMode::kBlocking;
    return new nvdla::Nvdla(name, parameters);
  } catch (const std::exception& error) {
    SC_REPORT_WARNING("nvdla", error.what());
    return nullptr;
  }
}
