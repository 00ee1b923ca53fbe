-- SPDX-License-Identifier: Apache-2.0
-- A QBox platform: router, memory, NVDLA, and a CPU stand-in that runs a driver-style program.
platform = {
    moduletype = "Container",
    quantum_ns = 1000000,

    router = { moduletype = "router" },

    ram = {
        moduletype = "gs_memory",
        latency = "60 ns",
        target_socket = { address = 0x80000000, size = 0x20000000, bind = "&router.initiator_socket" },
    },

    driver = {
        moduletype = "nvdla_driver",
        mem = { bind = "&router.target_socket" },
        reset = { bind = "&nvdla.reset" },
    },

    nvdla = {
        moduletype = "nvdla_qbox",
        config = "nv_full",
        period_ps = 1000,
        target_socket = { address = 0x10200000, size = 0x20000, bind = "&router.initiator_socket" },
        dbb = { bind = "&router.target_socket" },
        irq = { bind = "&driver.irq" },
    },
}
