#include "pages/overview_redis.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>

#include "pages/cluster_health.h"
#include "pages/redis_group.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/icon_button.h"
#include "widgets/key_value.h"
#include "widgets/limit_bar.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::RedisInfo;
using cluster::RedisServers;

/// "427 of 512 MiB, 83 %", "1.4 MiB, no limit", "unknown"; of an old value without the share, which the bar shows.
QString memoryWords(const RedisInfo& redis, bool old) {
  if (!redis.usedMemory) return format::unknown();
  const QString used = format::bytes(redis.usedMemory);
  if (!redis.maxMemory) return used;
  if (*redis.maxMemory <= 0) return RedisCard::tr("%1, no limit").arg(used);
  const auto usedParts = format::bytesParts(redis.usedMemory), mostParts = format::bytesParts(redis.maxMemory);
  const QString short_ = usedParts.unit == mostParts.unit ? usedParts.number : used;
  const QString words = RedisCard::tr("%1 of %2").arg(short_, mostParts.text());
  return old ? words : RedisCard::tr("%1, %2").arg(words, format::ratio(health::memoryShare(redis)));
}

QString tagOf(const RedisInfo& redis) {
  if (redis.servers.topology == RedisServers::Topology::Sentinel) return RedisCard::tr("sentinel");
  if (redis.servers.topology == RedisServers::Topology::Cluster) return RedisCard::tr("cluster");
  return redis.role == QStringLiteral("slave") ? RedisCard::tr("replica") : redis.role;
}

/// Who says so: "10.4.0.21:6379, told by a", "10.4.0.21:6379, asked directly".
QString sourceWords(const RedisInfo& redis) {
  const QString who = redis.source == RedisInfo::Source::Direct     ? RedisCard::tr("direct")
                      : redis.source == RedisInfo::Source::Instance ? RedisCard::tr("by %1").arg(redis.sourceName)
                                                                    : RedisCard::tr("not asked yet");
  return redis.address.isEmpty() ? who : QStringLiteral("%1, %2").arg(redis.address, who);
}

}  // namespace

RedisCard::RedisCard(QWidget* parent)
    : Card(tr("Redis"), parent),
      unused_(new EmptyState(QStringLiteral("database"), {})),
      used_(new QWidget),
      bar_(new LimitBar(tr("Redis memory of its limit"), health::memoryMark)),
      trouble_(new TextLabel({}, FontRole::Label, Token::Warn)),
      footRow_(nullptr),
      foot_(new ElidedLabel({}, FontRole::Label, Token::Text2, Qt::ElideMiddle)) {
  auto* facts = new KeyValueList;
  memory_ = new KeyValueRow(tr("Memory"));
  roundTrip_ = facts->add(tr("Round trip"));
  commands_ = facts->add(tr("Commands"));
  policy_ = facts->add(tr("Policy"));
  group_ = facts->add({});
  trouble_->setWordWrap(true);
  trouble_->hide();
  auto* column = new QVBoxLayout(used_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(memory_);
  column->addWidget(bar_);
  column->addWidget(facts);
  column->addWidget(trouble_);
  column->addStretch(1);
  body()->addWidget(unused_, 1);
  body()->addWidget(used_, 1);

  auto* menu = new IconButton(QStringLiteral("three-dots"), tr("More"));
  foot()->addWidget(foot_, 1);
  foot()->addWidget(menu);
  footRow_ = foot_->parentWidget();
  setClickable(true);
  connect(menu, &QAbstractButton::clicked, this, [this, menu] { openMenu(menu); });
  connect(this, &Card::activated, this, &RedisCard::openRequested);
}

void RedisCard::openMenu(QWidget* under) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  menu->addAction(tr("Open its page"), this, &RedisCard::openRequested);
  QAction* copy = menu->addAction(tr("Copy address"), this, [this] { Q_EMIT copyRequested(address_); });
  copy->setEnabled(!address_.isEmpty());
  if (address_.isEmpty()) copy->setToolTip(tr("Nobody has told its address yet."));
  if (extras_) extras_(*menu);
  menu->popup(under->mapToGlobal(QPoint(0, under->height())));
}

void RedisCard::display(const cluster::Cluster& cluster, const overview::Look& look) {
  const RedisInfo& redis = cluster.redis();
  unused_->setVisible(!redis.configured);
  used_->setVisible(redis.configured);
  footRow_->setVisible(redis.configured);
  if (!redis.configured) return showUnused(cluster);

  const Mark mark = health::redisMark(redis, cluster.instances());
  const QString age = health::redisAge(redis, look.now);
  setMark(mark);
  setTag(tagOf(redis));
  setHeaderWord(markWord(mark), markWordColor(mark));
  setEdge(mark == Mark::Unreachable ? Edge::Critical : isTrouble(mark) ? Edge::Warning : Edge::Quiet);
  showFigures(redis, age);

  // The header and the page's bar say the rest.
  QString trouble = health::redisDifference(redis, cluster.instances());
  if (!trouble.isEmpty()) trouble += u'.';
  trouble_->setText(trouble);
  trouble_->setVisible(!trouble.isEmpty());

  address_ = redis.address;
  const QString source = sourceWords(redis);
  foot_->setText(age.isEmpty() ? source : QStringLiteral("%1, %2").arg(source, age));
  setAccessibleName(QStringLiteral("%1, %2").arg(tr("Redis"), markWord(mark)));
  setAccessibleDescription(QStringLiteral("%1 %2 %3").arg(redis::groupLine(redis), trouble, foot_->text()).trimmed());
}

void RedisCard::showUnused(const cluster::Cluster& cluster) {
  const auto& instances = cluster.instances();
  const bool unknown = std::none_of(instances.begin(), instances.end(),
                                    [](const auto& info) { return info.redisConfigured.has_value(); });
  const bool local = cluster.profile().kind == cluster::ProfileKind::LocalServer;
  setMark({});
  setTag({});
  setHeaderWord({});
  setEdge(Edge::Quiet);
  unused_->setSentence(local     ? tr("Not used. A local server keeps its tokens in memory and they end with it.")
                       : unknown ? tr("Unknown: no instance has told whether it uses Redis.")
                                 : tr("No Redis: memory mode. Each instance knows only its own tokens."));
  setAccessibleName(tr("Redis"));
  setAccessibleDescription(unused_->sentence());
}

void RedisCard::showFigures(const RedisInfo& redis, const QString& age) {
  const auto share = health::memoryShare(redis);
  const bool full = share.value_or(0) >= health::memoryMark;
  memory_->setValue(memoryWords(redis, !age.isEmpty()), !redis.usedMemory ? Token::Text3
                                                        : full            ? Token::Warn
                                                                          : Token::Text);
  bar_->setVisible(share.has_value());
  bar_->setShare(share);
  bar_->setStale(!age.isEmpty());
  roundTrip_->setQuantity(format::latencyParts(health::roundTrip(redis)));
  const auto rate = redis.opsPerSec ? std::optional(static_cast<double>(*redis.opsPerSec)) : std::nullopt;
  commands_->setQuantity(format::rateParts(rate));
  if (redis.policy.isEmpty())
    policy_->setValue(format::unknown(), Token::Text3);
  else
    policy_->setValue(redis.policy, redis.mayEvict() ? Token::Warn : Token::Text);
  policy_->setToolTip(redis.mayEvict() ? tr("It may take live tokens away without a word. noeviction is the right one.")
                                       : QString());
  // Who the master is stands in the foot.
  const QString counts = redis::groupCounts(redis);
  group_->setVisible(!counts.isEmpty());
  group_->setLabel(redis.servers.topology == RedisServers::Topology::Cluster ? tr("Cluster") : tr("Sentinel"));
  group_->setValue(counts);
  for (KeyValueRow* row : {memory_, roundTrip_, commands_, policy_}) row->setStale(age);
}

}  // namespace vx11::ui
