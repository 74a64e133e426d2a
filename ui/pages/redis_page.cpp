#include "pages/redis_page.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/overview_power.h"
#include "pages/redis_facts.h"
#include "pages/redis_memory.h"
#include "pages/redis_topology.h"
#include "widgets/card.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/icon_button.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"
#include "widgets/page_scroll.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

const auto startCommand = QStringLiteral("vx11-tokend --mode hybrid --redis-url redis://127.0.0.1:6379/0");
constexpr int tableHeight = 160;
const auto tripsKey = QStringLiteral("round trips"), slowKey = QStringLiteral("slow log");

}  // namespace

RedisPage::RedisPage(const Services& services, QWidget* parent, WallClock wall)
    : Page(services, parent),
      wall_(wall ? std::move(wall) : WallClock([] { return QDateTime::currentDateTime(); })),
      header_(new PageHeader(tr("Redis"))),
      age_(new TextLabel({}, FontRole::Label, Token::Text2)),
      bar_(new InlineBar),
      nothing_(
          new EmptyState(QStringLiteral("database"),
                         tr("No Redis: memory mode. Each instance keeps its own tokens, and they end with it. To share "
                            "them, start the instances with --mode hybrid and the URL of a Redis."),
                         tr("Copy the start command"))),
      scroll_(new PageScroll) {
  setAccessibleName(tr("Redis"));
  header_->addAction(age_);
  scroll_->setContent(makeBody());
  scroll_->viewport()->setAutoFillBackground(false);
  scroll_->widget()->setAutoFillBackground(false);
  auto* top = new QVBoxLayout;
  top->setContentsMargins(metrics::pageSide, 0, metrics::pageSide, 0);
  top->setSpacing(metrics::cardGap);
  top->addWidget(header_);
  top->addWidget(bar_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, metrics::pageTop, 0, 0);
  column->setSpacing(metrics::cardGap);
  column->addLayout(top);
  column->addWidget(nothing_, 1);
  column->addWidget(scroll_, 1);

  second_.setInterval(1000);
  connect(&second_, &QTimer::timeout, this, &RedisPage::tick);
  connect(&cluster(), &cluster::Cluster::redisChanged, this, &RedisPage::refresh);
  connect(&cluster(), &cluster::Cluster::instancesChanged, this, &RedisPage::refresh);
  connect(nothing_, &EmptyState::activated, this, [this] {
    this->services().clipboard.copyPlain(startCommand);
    Q_EMIT message(tr("Command copied"));
  });
  connect(copySlow_, &LinkButton::clicked, this, [this] {
    this->services().clipboard.copyPlain(redis::slowLogText(cluster().redis()));
    Q_EMIT message(tr("Slow log copied"));
  });
  refresh();
  display();
}

QWidget* RedisPage::makeBody() {
  topologyCard_ = new Card(tr("Topology"));
  topology_ = new RedisTopology;
  topologyCard_->body()->addWidget(topology_);
  processes_ = new IconButton(QStringLiteral("three-dots"), tr("Stop, start, pause or kill its processes"));
  topologyCard_->addHeaderWidget(processes_);
  connect(topology_, &RedisTopology::menuWanted, this, &RedisPage::openMenu);
  connect(processes_, &QAbstractButton::clicked, this,
          [this] { openMenu({}, processes_->mapToGlobal(QPoint(0, processes_->height()))); });
  memory_ = new RedisMemoryCard;
  strip_ = new RedisStrip;
  auto* tripCard = new Card(tr("Round trip"));
  tripCard->setNote(tr("last minute"));
  tripCard->body()->setContentsMargins(1, 1, 1, 1);
  trips_ = new FactTable(tr("Round trips"), redis::roundTripColumns());
  trips_->setMinimumHeight(tableHeight);
  tripCard->body()->addWidget(trips_);
  slowCard_ = new Card(tr("Slow log"));
  slowCard_->body()->setContentsMargins(1, 1, 1, 1);
  slow_ = new FactTable(tr("Slow log"), redis::slowLogColumns());
  slow_->setMinimumHeight(tableHeight);
  noSlow_ = new TextLabel({}, FontRole::Body, Token::Text3);
  noSlow_->setAlignment(Qt::AlignCenter);
  noSlow_->setWordWrap(true);
  noSlow_->setMinimumHeight(tableHeight);
  slowCard_->body()->addWidget(slow_);
  slowCard_->body()->addWidget(noSlow_);
  copySlow_ = slowCard_->setHeaderLink(tr("Copy"));

  auto* body = new QWidget;
  auto* top = new QHBoxLayout;
  top->setSpacing(metrics::cardGap);
  top->addWidget(topologyCard_, 11);
  top->addWidget(memory_, 6);
  auto* tables = new QHBoxLayout;
  tables->setSpacing(metrics::cardGap);
  tables->addWidget(tripCard, 6);
  tables->addWidget(slowCard_, 5);
  auto* column = new QVBoxLayout(body);
  column->setSpacing(metrics::cardGap);
  column->addLayout(top);
  column->addWidget(strip_);
  column->addLayout(tables, 1);
  return body;
}

void RedisPage::setInView(bool inView) {
  inView_ = inView;
  if (inView)
    second_.start();
  else
    second_.stop();
  if (working()) display();
}

void RedisPage::setPaused(bool paused) {
  paused_ = paused;
  if (working()) display();
}

QVariantMap RedisPage::viewState() const { return {{tripsKey, trips_->widths()}, {slowKey, slow_->widths()}}; }

void RedisPage::restoreViewState(const QVariantMap& state) {
  trips_->restoreWidths(state.value(tripsKey).toList());
  slow_->restoreWidths(state.value(slowKey).toList());
}

void RedisPage::tick() { refresh(); }

void RedisPage::refresh() {
  const auto& info = cluster().redis();
  const Mark mark = redis::verdictOf(info, redis::causesOf(info, cluster().instances(), look()), look()).mark;
  const Badge badge{{}, mark == Mark::Warning, mark == Mark::Unreachable};
  if (!(badge == badge_)) {
    badge_ = badge;
    Q_EMIT badgeChanged(badge);
  }
  if (working()) display();
}

void RedisPage::display() {
  const auto& info = cluster().redis();
  const redis::Look moment = look();
  const auto causes = redis::causesOf(info, cluster().instances(), moment);
  const auto verdict = redis::verdictOf(info, causes, moment);
  header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
  nothing_->setVisible(!info.configured);
  scroll_->setVisible(info.configured);
  age_->setVisible(info.configured);
  showCauses(causes);
  if (!info.configured) return;

  age_->setText(redis::sourceWords(info, moment));
  age_->setColor(redis::isStale(info, moment) ? Token::Text3 : Token::Text2);
  showTopology(info, moment);
  memory_->display(info, cluster().history(), moment);
  memory_->displayTokens(cluster(), moment);
  strip_->display(info, moment);
  trips_->setLines(redis::roundTrips(info, cluster().instances()));
  showSlowLog(info, moment);
}

void RedisPage::showTopology(const cluster::RedisInfo& info, const redis::Look& moment) {
  using Topology = cluster::RedisServers::Topology;
  const Topology topology = info.servers.topology;
  // What a server says of itself is no word on the group that it is in.
  topologyCard_->setTag(topology == Topology::Sentinel  ? tr("sentinel")
                        : topology == Topology::Cluster ? tr("cluster")
                                                        : info.mode);
  topologyCard_->setNote(topology == Topology::Sentinel                          ? info.servers.masterName
                         : topology == Topology::Cluster || !info.mode.isEmpty() ? QString()
                                                                                 : tr("mode unknown"));
  topology_->display(info, moment);
  const cluster::Supervisor* supervisor = cluster().supervisor();
  processes_->setVisible(supervisor != nullptr &&
                         std::any_of(supervisor->nodes().begin(), supervisor->nodes().end(),
                                     [](const auto& node) { return node.kind != cluster::NodeInfo::Kind::Instance; }));
}

void RedisPage::openMenu(const QString& address, const QPoint& at) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  if (!address.isEmpty()) {
    menu->addAction(tr("Copy address"), this, [this, address] {
      services().clipboard.copyPlain(address);
      Q_EMIT message(tr("Address copied"));
    });
    addServerEntries(*menu, cluster(), address, this);
  } else {
    addPowerEntries(*menu, cluster(), -1, this);
  }
  if (menu->isEmpty()) return menu->deleteLater();
  menu->popup(at);
}

void RedisPage::showSlowLog(const cluster::RedisInfo& info, const redis::Look& moment) {
  const auto shown = info.slowLog.size();
  slow_->setLines(redis::slowLog(info, moment.wall.date()));
  slow_->setVisible(shown > 0);
  noSlow_->setVisible(shown == 0);
  copySlow_->setVisible(shown > 0);
  slowCard_->setNote(shown == 0 ? QString()
                     : info.slowLogLength
                         ? tr("newest first, %1 of %2").arg(shown).arg(format::count(info.slowLogLength))
                         : tr("newest first"));
  noSlow_->setText(
      info.slowLogLength == 0    ? tr("No slow command")
      : !info.up.value_or(false) ? tr("Unknown: Redis has not told it")
      : info.source == cluster::RedisInfo::Source::Direct
          ? tr("Unknown: this user of Redis may not read it. Add +slowlog|get +slowlog|len to its ACL.")
          : tr("Not available: this Redis has no SLOWLOG, or forbids it to the instances. It harms nothing else."));
}

void RedisPage::showCauses(const QList<BarCause>& causes) {
  QStringList keys;
  for (const BarCause& cause : causes) keys << cause.key;
  for (const QString& old : std::as_const(causes_))
    if (!keys.contains(old)) bar_->clearCause(old);
  // What a process that is started again cures: Redis or its master away, a replica or a sentinel gone.
  const QStringList curable{QStringLiteral("down"),         QStringLiteral("failing-over"),
                            QStringLiteral("master-down"),  QStringLiteral("master-suspected"),
                            QStringLiteral("replica-lost"), QStringLiteral("replica-missing"),
                            QStringLiteral("no-replica"),   QStringLiteral("sentinel"),
                            QStringLiteral("sentinels")};
  for (BarCause cause : causes) {
    if (curable.contains(cause.key)) cause.actions = cureOf(cluster(), -1, this) + cause.actions;
    bar_->setCause(cause);
  }
  causes_ = keys;
}

}  // namespace vx11::ui
