// SPDX-License-Identifier: Apache-2.0
// Proves that what reports say of an operation's time is all of its time: for every trace, on
// memories like those of the recordings, at every level, the parts add up to done - begin, and the intervals
// that listeners hear follow each other without gap or overlap up to its end.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "host/runner.h"
#include "tests/torture/played.h"

namespace nvdla::torture {
namespace {

class Accounts : public engine::Listener {
 public:
  void on_stalled(OperationId id, Resource /*resource*/, Cycle from, Cycle to) override {
    EXPECT_LT(from, to);
    const auto [end, first] = told_.try_emplace(id, Told{from, to});
    if (first) return;
    EXPECT_EQ(end->second.end, from) << engine_name(id.engine) << ' ' << id.sequence;
    end->second.end = to;
  }
  void on_done(const engine::OperationRecord& record) override {
    SCOPED_TRACE(std::string(engine_name(record.id.engine)) + " " + std::to_string(record.id.sequence));
    EXPECT_EQ(std::accumulate(record.time.begin(), record.time.end(), Cycle{0}), record.done - record.begin);
    for (const Cycle part : record.time) EXPECT_GE(part, 0);
    const auto told = told_.find(record.id);
    ASSERT_NE(told, told_.end());
    EXPECT_LE(told->second.begin, std::max(record.begin, record.start));
    EXPECT_EQ(told->second.end, record.done);
    EXPECT_EQ(record.bound_by, bound_by(record.time));
    ++done;
  }
  std::size_t done = 0;

 private:
  struct Told {
    Cycle begin, end;
  };
  std::map<OperationId, Told> told_;
};

struct Setting {
  std::uint32_t latency;
  double bandwidth;
  std::uint32_t open;
};

class Account : public testing::TestWithParam<std::string> {};

TEST_P(Account, PartsAddUpAtEveryLevel) {
  const host::Program program((kTraces / GetParam() / "input.txn.gz").string());
  for (const amaix::Level level : {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic}) {
    // Those of the recordings, and one that allows few open reads.
    for (const Setting& setting : {Setting{20, 8, 256}, Setting{50, 64, 256}, Setting{128, 16, 256},
                                   Setting{128, 4, 256}, Setting{400, 64, 4}}) {
      SCOPED_TRACE(std::string(amaix::level_name(level)) + ", latency " + std::to_string(setting.latency));
      Accounts accounts;
      host::ReplayOptions options;
      options.hardware = hardware_of(GetParam());
      options.level = level;
      options.dbb.latency = setting.latency;
      options.dbb.bytes_per_cycle = std::min<double>(setting.bandwidth, options.hardware.dbb_width_bytes);
      options.dbb.max_outstanding = setting.open;
      options.listeners = {&accounts};
      (void)host::run(program, options);
      EXPECT_GT(accounts.done, 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Traces, Account, testing::ValuesIn(short_traces()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nvdla::torture
