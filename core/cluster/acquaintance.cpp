#include "cluster/acquaintance.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {
namespace {

constexpr std::chrono::milliseconds pause{100};

}  // namespace

Acquaintance::Acquaintance(const QStringList& names, std::function<InstanceClient*(int slot)> client, QObject* parent)
    : QObject(parent), client_(std::move(client)) {
  for (const QString& name : names) members_.push_back({name, {}, false});
  again_.setInterval(pause);
  connect(&again_, &QTimer::timeout, this, &Acquaintance::askAll);
  limit_.setSingleShot(true);
  limit_.setInterval(patience);
  connect(&limit_, &QTimer::timeout, this, &Acquaintance::end);
}

Acquaintance::~Acquaintance() {
  for (Member& member : members_) member.call.cancel();
}

void Acquaintance::begin() {
  if (over_ || limit_.isActive()) return;
  limit_.start();
  again_.start();
  askAll();
}

QStringList Acquaintance::strangers() const {
  QStringList names;
  for (const Member& member : members_)
    if (!member.knowsAll) names.append(member.name);
  return names;
}

void Acquaintance::askAll() {
  for (std::size_t slot = 0; slot < members_.size(); ++slot) {
    Member& member = members_[slot];
    InstanceClient* client = client_(static_cast<int>(slot));
    if (member.knowsAll || member.call.active() || client == nullptr) continue;
    member.call = client->neighbours(
        [this, slot](const Answer<wire::Neighbours>& answer) { onAnswer(slot, answer); });
  }
}

void Acquaintance::onAnswer(std::size_t slot, const Answer<wire::Neighbours>& answer) {
  if (answer.has_error() || !answer->byRegistry) return;
  members_[slot].knowsAll = std::all_of(members_.begin(), members_.end(), [&](const Member& wanted) {
    return std::any_of(answer->all.begin(), answer->all.end(), [&](const wire::Neighbour& known) {
      return known.id == wanted.name && known.silentMs == 0;
    });
  });
  if (strangers().isEmpty()) end();
}

void Acquaintance::end() {
  if (std::exchange(over_, true)) return;
  again_.stop();
  limit_.stop();
  Q_EMIT over();
}

}  // namespace vx11::cluster
