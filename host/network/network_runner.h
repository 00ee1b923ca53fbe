// SPDX-License-Identifier: Apache-2.0
// Runs a compiled network as runtime, kernel driver and firmware of nvdla/sw would (host/driver) on the
// accelerator and the recordings' memories: which operations there are and how long each takes.
//
// Memory: entries of the network go to 0x80000000 (CVSRAM: 0x50000000), or to the begin of the port's window
// when that lies elsewhere. Limits: the software takes no time beyond its register accesses; where values are
// not computed (ReplayOptions::tensors), tasks of the CPU work on what memory held at the start.
//
// Safe to call from many threads at once, also with the same loadable.
#pragma once

#include "host/loadable/loadable.h"
#include "host/network/network_session.h"
#include "host/replay.h"

namespace nvdla::host {

// Of the options, stop_on_mismatch means nothing here. Throws ReplayError that names the file and the place
// in it: descriptors that the configuration cannot execute (and which ones could), memory that does not fit,
// an access that no memory holds; std::invalid_argument for inconsistent hardware or memory parameters.
[[nodiscard]] ReplayResult run_network(const Loadable& loadable, const ReplayOptions& options,
                                       const NetworkHooks& hooks = {});

}  // namespace nvdla::host
