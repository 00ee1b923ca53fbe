// SPDX-License-Identifier: Apache-2.0
#include "engine/levels/closed_form.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nvdla::engine {
namespace {

// Layers of more cycles are walked only for what costs them something: the walk takes longer than all else.
constexpr Cycle kLong = 1 << 16;

}  // namespace

void ClosedForm::started(EngineUnit& owner, Unit part, Activation activation, Cycle at) {
  taken_[static_cast<std::size_t>(part)] = TakenPart{activation, at};
  pass(at);
  consider(owner, at);
  if (level_ == amaix::Level::kRefined && !lumps_.empty()) look_ahead(owner, part, activation, at);
}

void ClosedForm::look_ahead(EngineUnit& owner, Unit part, Activation activation, Cycle at) {
  if (!engine::taken(taken_, part)) return;
  if (part == Unit::kCsc && shared_layers_.fetching()) {
    shared_layers_.fetch_on(taken_, lumps_);
    set_speeds();
    return;
  }
  // Others read nothing ahead of their layer.
  if ((part != Unit::kCdma && part != Unit::kSdpRdma) || slows_nobody(part)) return;
  const std::optional<ClosedFetch> fetch = owner.fetch_ahead(part, activation);
  if (!fetch) return;
  // What costs a thousandth of a long layer is not worth a walk.
  const std::optional<double> lost = lost_beside(*fetch);
  const bool little = lost && !shared_layers_.fetching() && lumps_.front().length > kLong &&
                      1000 * *lost <= static_cast<double>(lumps_.front().length);
  if (!little) {
    if (comes_to_be_walked(owner.engine())) return;
    if (ahead_.empty() && shared_layers_.fetch(taken_, *fetch, lumps_)) {
      set_speeds();
      return;
    }
  }
  if (lost) {
    taken_[static_cast<std::size_t>(part)]->at += nearest_cycle(*lost);
    return;
  }
  Ahead ahead{part, PortProfile(*fetch, memory_, core_.hardware)};
  ahead.at = at;
  ahead.lost = queued_before(ahead.profile);
  ahead.own = -ahead.lost;
  ahead_.push_back(std::move(ahead));
  shared_layers_.give_up(lumps_);
  set_speeds();
}

// The layer that begins with it will be walked with those that run: an engine that none of them uses.
bool ClosedForm::comes_to_be_walked(Engine engine) const {
  if (!shared_layers_.possible()) return false;
  return std::none_of(lumps_.begin(), lumps_.end(), [&](const Lump& lump) {
    return std::any_of(lump.layer.operations.begin(), lump.layer.operations.end(),
                       [&](const ClosedOperation& operation) { return operation.engine == engine; });
  });
}

// What a newcomer may cost somebody without being looked at: a thousandth of a layer that it runs beside, and
// of what the latency FIFOs of SDP's reader hold a hundredth.
bool ClosedForm::slows_nobody(Unit part) const {
  if (part == Unit::kSdpRdma) {
    double cycles = 0;
    for (const Client client : {Client::kSdp, Client::kSdpB, Client::kSdpN, Client::kSdpE})
      cycles += core_.hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)];
    cycles *= std::max(limits_[0].pace(), limits_[1].pace());
    return std::all_of(lumps_.begin(), lumps_.end(), [&](const Lump& lump) {
      const auto length = static_cast<double>(lump.length);
      return 100 * std::min(cycles, lump.layer.moves_until.value_or(length) - lump.own) <= length;
    });
  }
  const Lump* const lump = lone_fetched();
  if (lump == nullptr || lump->reads_on()) return false;
  double share = behind_share(*lump, MemorySpace::kDbb).most();
  if (memory_.cvsram) share = std::max(share, behind_share(*lump, MemorySpace::kCvsram).most());
  const auto length = static_cast<double>(lump->length);
  return share <= 0.5 && 1000 * share * (length - lump->own) <= length;
}

// The convolution that runs alone, and has fetched all.
const Lump* ClosedForm::lone_fetched() const {
  if (lumps_.size() != 1 || !ahead_.empty() || lumps_.front().engine() != Engine::kConv) return nullptr;
  const auto& interrupts = lumps_.front().layer.other_interrupts;
  const bool fetched = std::all_of(interrupts.begin(), interrupts.end(),
                                   [](const ClosedInterrupt& interrupt) { return interrupt.raised; });
  return fetched ? &lumps_.front() : nullptr;
}

Lump::Share ClosedForm::behind_share(const Lump& lump, MemorySpace port) const {
  return lump.behind_share(port, limits_[static_cast<std::size_t>(port)], core_.hardware);
}

// Beside a convolution that has fetched all and needs less than half of the port it slows nothing down, and
// gets what that leaves: the cycles that it loses. Nothing: it is not so.
std::optional<double> ClosedForm::lost_beside(const ClosedFetch& fetch) const {
  const Lump* const lump = lone_fetched();
  if (lump == nullptr || lump->reads_on()) return std::nullopt;
  double most = 0;
  for (std::size_t i = 0; i < amaix::kPorts; ++i) {
    double beats = 0;
    for (const ClosedFetch::Reads& reads : fetch.reads)
      if (static_cast<std::size_t>(memory_.cvsram ? reads.space : MemorySpace::kDbb) == i)
        beats += reads.beats;
    if (beats == 0) continue;
    const Lump::Share share = behind_share(*lump, static_cast<MemorySpace>(i));
    if (share.most() > 0.5) return std::nullopt;
    const double together =
        static_cast<double>(lump->length) - lump->own - fetch.request - limits_[i].latency;
    // Reads that few may be open of need less than all of the port's time.
    const double lost = std::max(share.open, 1 - (1 - share.time) * limits_[i].pace() / limits_[i].beat);
    if (lost > 0)
      most = std::max(most, lost * std::clamp(together, 0.0, beats * limits_[i].pace() / (1 - lost)));
  }
  return most;
}

PortProfile& ClosedForm::profile(Lump& lump) {
  if (!lump.profile)
    lump.profile.emplace(lump.layer, static_cast<double>(lump.first_phase), memory_, core_.hardware);
  return *lump.profile;
}

// Memory answers in the order of requests: what others have asked for comes before a newcomer's first datum.
double ClosedForm::queued_before(const PortProfile& newcomer) {
  double most = 0;
  for (std::size_t i = 0; i < amaix::kPorts; ++i) {
    const auto port = static_cast<MemorySpace>(i);
    if (!newcomer.reads(port)) continue;
    double beats = 0, first = 0;
    const auto behind = [&](const PortProfile& other, double own) {
      const PortProfile::Queue queue = other.queue(own, port, limits_[i]);
      beats += queue.beats;
      first = std::max(first, queue.first);
    };
    for (Lump& lump : lumps_) behind(profile(lump), lump.own);
    for (const Ahead& ahead : ahead_) behind(ahead.profile, ahead.own);
    // If memory takes no more it is asked when the first returns.
    const bool full = beats >= limits_[i].open;
    const double taken = std::min(beats, limits_[i].open) * limits_[i].beat;
    most = std::max(most, first + (full ? std::max(taken, limits_[i].latency) : taken) - limits_[i].latency);
  }
  return most;
}

// A part of `owner` has taken its group: whose layer is that the last part of?
void ClosedForm::consider(const EngineUnit& owner, Cycle now) {
  for (const auto& unit : units_) {
    if (unit.get() != &owner && !owner.flies()) continue;
    std::optional<ClosedLayer> layer = unit->closed_form(taken_, memory_, level_);
    if (!layer) continue;
    Lump lump;
    lump.begin = level_ == amaix::Level::kRoofline ? core_.log.begin(id_of(layer->operations.front()))
                                                   : engine::taken(taken_, layer->first)->at;
    // A unit may take an operation while it runs another: their fill and drain overlap.
    Cycle& busy_until = busy_until_[static_cast<std::size_t>(layer->operations.front().engine)];
    const Cycle own = lump.begin + nearest_cycle(layer->cycles);
    lump.behind = nearest_cycle(layer->steady.value_or(layer->cycles));
    // Where it says when all is written, its output is queued instead.
    const bool behind = !layer->moves_until && busy_until > lump.begin;
    lump.length = std::max(now + 1, own) - lump.begin;
    lump.at = now;
    lump.own = static_cast<double>(now - lump.begin);
    lump.layer = std::move(*layer);
    for (const Unit part : lump.layer.parts) taken_[static_cast<std::size_t>(part)].reset();
    if (lumps_.empty() && ahead_.empty() && !shared_layers_.fetching()) shared_layers_.clear();
    const bool beside = !lumps_.empty() || shared_layers_.fetching();
    const bool walked = level_ == amaix::Level::kRefined && beside && shared_layers_.add(lump, lumps_);
    if (!walked && behind) lump.length = std::max(lump.length, busy_until + lump.behind - lump.begin);
    busy_until = lump.begin + lump.length;
    // Behind another layer of its engine it waits; of a convolution the estimate knows when.
    if (lump.layer.operations.front().engine != Engine::kConv) lump.first_phase = busy_until - own;
    const bool newcomer =
        level_ == amaix::Level::kRefined && !walked && lump.first_phase == 0 &&
        std::any_of(lumps_.begin(), lumps_.end(), [](const Lump& l) { return !l.quiet(); }) &&
        std::none_of(ahead_.begin(), ahead_.end(),
                     [&](const Ahead& ahead) { return ahead.part == lump.layer.first; });
    if (newcomer) lump.own -= queued_before(profile(lump));
    lump.set_dues();
    const auto complete = [&](const Ahead& ahead) { return !engine::taken(taken_, ahead.part); };
    if (!ahead_.empty()) ahead_.erase(std::remove_if(ahead_.begin(), ahead_.end(), complete), ahead_.end());
    lumps_.push_back(std::move(lump));
    set_speeds();
  }
}

void ClosedForm::pass(Cycle now) {
  for (Lump& lump : lumps_) lump.pass(now);
  for (Ahead& ahead : ahead_) {
    const auto passed = static_cast<double>(now - ahead.at);
    ahead.own += passed * ahead.speed;
    ahead.lost += passed * (1 - ahead.speed);
    ahead.at = now;
    const auto whole = static_cast<Cycle>(ahead.lost + kSlack);
    ahead.lost -= static_cast<double>(whole);
    taken_[static_cast<std::size_t>(ahead.part)]->at += whole;
  }
}

void ClosedForm::set_speeds() {
  if (level_ == amaix::Level::kRefined && uses_change()) {
    std::vector<amaix::PortUse> uses;
    uses.reserve(lumps_.size() + ahead_.size());
    const auto add = [&](const PortProfile& profile, double own, double speed) {
      uses.push_back(profile.at(own + kSlack));
      // What already shares has its reads among those of the others: it has asked for none before them.
      if (speed < 1)
        for (double& left : uses.back().left) left = left > 0 ? std::numeric_limits<double>::infinity() : 0;
    };
    for (std::size_t i = 0; i < lumps_.size(); ++i) {
      add(profile(lumps_[i]), lumps_[i].own + lumps_[i].lead, lumps_[i].speed);
      if (lumps_[i].lead > 0) uses.back().write = profile(lumps_[i]).at(lumps_[i].own + kSlack).write;
      // It may read, but writes behind the one before.
      if (lumps_[i].layer.moves_until ? writes_before(i) != i : waits(i)) uses.back().write = {};
    }
    for (const Ahead& ahead : ahead_) {
      add(ahead.profile, ahead.own, ahead.speed);
      uses.back().ahead = true;
    }
    for (std::size_t i = 0; i < lumps_.size(); ++i) set_lead(lumps_[i], uses[i]);
    const std::vector<double> speeds = amaix::speeds(uses, limits_);
    for (std::size_t i = 0; i < lumps_.size(); ++i) {
      lumps_[i].speed = speeds[i] / lumps_[i].write;
      queue_output(i);
    }
    for (std::size_t i = 0; i < ahead_.size(); ++i) ahead_[i].speed = speeds[lumps_.size() + i];
  }
  Cycle next = kNever;
  const auto wake_at = [&](double own, double speed, Cycle at, double due) {
    if (due > own + kSlack && std::isfinite(due))
      next = std::min(next,
                      at + std::max<Cycle>(1, static_cast<Cycle>(std::ceil((due - own) / speed - kSlack))));
  };
  for (const Lump& lump : lumps_) {
    if (lump.delay) {
      const double passed = lump.delay->passed(lump.own + lump.cycles_to_next());
      const auto at = lump.begin + static_cast<Cycle>(std::ceil(passed - kSlack));
      if (at > lump.at) next = std::min(next, at);
      continue;
    }
    wake_at(0, 1, lump.at, lump.cycles_to_next());
    if (shared_) wake_at(lump.own, lump.speed, lump.at, lump.profile->next_change(lump.own + kSlack));
    if (lump.lead <= 0) continue;
    const double computed = lump.own + lump.lead;
    wake_at(computed, 1, lump.at, lump.profile->next_change(computed + kSlack));
    if (lump.speed > 1) wake_at(0, 1, lump.at, lump.lead / (lump.speed - 1));
  }
  if (shared_)
    for (const Ahead& ahead : ahead_)
      wake_at(ahead.own, ahead.speed, ahead.at, ahead.profile.next_change(ahead.own + kSlack));
  if (next != kNever) wake(next);
}

// How far a convolution may compute ahead of its output, which asks for all of the port when some of it
// waits.
void ClosedForm::set_lead(Lump& lump, amaix::PortUse& use) const {
  lump.write = 1;
  const std::size_t port = use.write[0] > use.write[1] ? 0 : 1;
  double& write = use.write[port];
  if (lump.layer.write_buffer <= 0 || write <= 0 || use.read[0] + use.read[1] > 0) return;
  lump.most_lead = std::max(lump.lead, lump.layer.write_buffer * limits_[port].beat / write);
  if (lump.lead > kSlack) std::swap(lump.write, write);
}

// The layer of the engine that has still to write before lump `i` can; none: `i` itself.
std::size_t ClosedForm::writes_before(std::size_t i) const {
  if (lumps_[i].layer.moves_until)
    for (std::size_t k = i; k-- > 0;)
      if (lumps_[k].engine() == lumps_[i].engine() && lumps_[k].layer.moves_until && !lumps_[k].quiet())
        return k;
  return i;
}

// What is written stands behind what the layer before has still to write; it is computed meanwhile.
void ClosedForm::queue_output(std::size_t i) {
  const std::size_t k = writes_before(i);
  if (k == i) return;
  Lump& lump = lumps_[i];
  const Lump& before = lumps_[k];
  const double left = (*before.layer.moves_until - before.own) / before.speed;
  // It may have been taken for later than it is.
  const double late = std::max(lump.own + left - lump.layer.first_write, -lump.lead);
  const double beat = std::max(limits_[0].beat, limits_[1].beat);
  lump.own -= late;
  lump.lead += late;
  lump.most_lead = std::max(lump.lead, left + lump.layer.write_buffer * beat);
}

// Several use the ports, and not as they did when this was looked at last.
bool ClosedForm::uses_change() {
  if (lumps_.size() + ahead_.size() < 2 && !shared_) {
    running_ = lumps_.size();
    return false;
  }
  if (!lumps_.empty() && lumps_.front().delay) return false;
  const std::size_t before = running_;
  running_ = static_cast<std::size_t>(
      std::count_if(lumps_.begin(), lumps_.end(), [](const Lump& lump) { return !lump.quiet(); }));
  bool change = false;
  for (Ahead& ahead : ahead_) {
    const std::size_t part = ahead.profile.part_at(ahead.own + kSlack);
    change = change || part != ahead.at_part;
    ahead.at_part = part;
    if (!ahead.profile.over(part)) ++running_;
  }
  const bool late =
      std::any_of(lumps_.begin(), lumps_.end(), [](const Lump& lump) { return lump.lead > kSlack; });
  change = change || late;
  shared_ = running_ > 1 || late;
  if (!shared_) {
    for (Lump& lump : lumps_) lump.speed = 1;
    for (Ahead& ahead : ahead_) ahead.speed = 1;
    return false;
  }
  for (Lump& lump : lumps_) {
    const std::size_t part = profile(lump).part_at(lump.own + kSlack);
    change = change || part != lump.at_part;
    lump.at_part = part;
  }
  return change || running_ != before;
}

// What is due at the layer's end or later goes with it.
void ClosedForm::do_early(Lump& lump, Cycle now) {
  if (lump.due(lump.length)) return;
  for (; lump.done < lump.due_count && lump.due(lump.dues[lump.done]); ++lump.done) {
    const Lump::Due& due = lump.dues[lump.done];
    if (due.kind == Lump::Due::Kind::kInterrupt) {
      raise(lump.layer.other_interrupts[due.index], now);
    } else if (due.kind == Lump::Due::Kind::kPart) {
      const Unit part = lump.layer.early[due.index].first;
      lump.release(part);
      core_.starter(part).release(now);
    } else {
      finish(lump, lump.layer.operations[due.index], now);
    }
  }
}

void ClosedForm::raise(ClosedInterrupt& interrupt, Cycle now) {
  if (interrupt.raised) return;
  interrupt.raised = true;
  core_.raise(interrupt.source, interrupt.group, now);
}

// Layers of an engine end in order.
bool ClosedForm::waits(std::size_t lump) const {
  for (std::size_t i = 0; i < lump; ++i)
    if (!lumps_[i].over && lumps_[i].engine() == lumps_[lump].engine()) return true;
  return false;
}

void ClosedForm::run(Cycle now) {
  pass(now);
  for (std::size_t i = 0; i < lumps_.size(); ++i) do_early(lumps_[i], now);
  for (std::size_t i = 0; i < lumps_.size(); ++i) {
    Lump& lump = lumps_[i];
    lump.over = lump.due(lump.length) && !waits(i);
    if (!lump.over) continue;
    for (std::size_t k = i + 1; k < lumps_.size(); ++k)
      if (lumps_[k].engine() == lump.engine() && !lump.layer.moves_until)
        lumps_[k].own = std::min(lumps_[k].own, static_cast<double>(lumps_[k].length - lumps_[k].behind));
  }
  for (Lump& lump : lumps_)
    if (lump.over) finish(lump, now);
  lumps_.erase(std::remove_if(lumps_.begin(), lumps_.end(), [](const Lump& lump) { return lump.over; }),
               lumps_.end());
  set_speeds();
}

void ClosedForm::finish(Lump& lump, Cycle now) {
  for (ClosedInterrupt& interrupt : lump.layer.other_interrupts) raise(interrupt, now);
  for (ClosedOperation& operation : lump.layer.operations) finish(lump, operation, now);
  for (const Unit part : lump.layer.parts)
    if (!lump.released(part)) core_.starter(part).release(now);
}

void ClosedForm::finish(const Lump& lump, ClosedOperation& operation, Cycle now) {
  if (operation.over) return;
  operation.over = true;
  const OperationId id = id_of(operation);
  core_.log.traffic(id, operation.dbb, operation.cvsram);
  // What slowed it down is spread over its phases.
  const double stretch = static_cast<double>(now - lump.begin) / lump.own;
  core_.log.account(id, lump.begin, operation.phases, stretch, now);
  for (const auto& unit : units_) {
    if (unit->engine() != operation.engine) continue;
    core_.finish_values(*unit, operation.activation.index, operation.activation.group);
    unit->forget(operation.activation.index);
  }
  core_.log.done(id, Resource::kPartner, now);
  core_.raise(engine_info(operation.engine).interrupt, operation.activation.group, now);
}

void ClosedForm::reset() {
  taken_ = {};
  lumps_.clear();
  ahead_.clear();
  busy_until_.fill(0);
}

}  // namespace nvdla::engine
