// SPDX-License-Identifier: Apache-2.0
// Makes the component known to VCML by name: vcml::model("npu", "vcml_nvdla").
#include "nvdla_vcml.h"

VCML_EXPORT_MODEL(vcml_nvdla, name, args) {
  (void)args;
  return new vcml_nvdla(name);
}
