#include "pages/overview_alerts.h"
#include "pages/overview_page.h"

#include <QResizeEvent>
#include <QVBoxLayout>
#include <algorithm>

#include "cluster/alert_watch.h"
#include "dialogs/dangerous.h"
#include "pages/cluster_health.h"
#include "pages/overview_first.h"
#include "pages/overview_normal.h"
#include "pages/overview_power.h"
#include "pages/overview_steps.h"
#include "widgets/inline_bar.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"
#include "widgets/page_scroll.h"

namespace vx11::ui {
namespace {

constexpr int refreshMs = 250;
const auto everIssuedKey = QStringLiteral("everIssued");
const auto stepsHiddenKey = QStringLiteral("firstStepsHidden");
const auto startFailureKey = QStringLiteral("start");
const auto redisKey = QStringLiteral("redis");

}  // namespace

OverviewPage::OverviewPage(const Services& services, const OverviewOptions& options, QWidget* parent)
    : Page(services, parent),
      options_(options),
      header_(new PageHeader(tr("Overview"))),
      bar_(new InlineBar),
      scroll_(new PageScroll),
      first_(new FirstStartView(services, options.revealMs)),
      normal_(new NormalView(services.alerts)) {
  setAccessibleName(tr("Overview"));
  auto* body = new QWidget;
  auto* bodyColumn = new QVBoxLayout(body);
  bodyColumn->setSpacing(0);
  bodyColumn->addWidget(first_, 1);
  bodyColumn->addWidget(normal_, 1);
  scroll_->setContent(body);

  auto* top = new QVBoxLayout;
  top->setContentsMargins(metrics::pageSide, 0, metrics::pageSide, 0);
  top->setSpacing(metrics::cardGap);
  top->addWidget(header_);
  top->addWidget(bar_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, metrics::pageTop, 0, 0);
  column->setSpacing(metrics::cardGap);
  column->addLayout(top);
  column->addWidget(scroll_, 1);

  refreshTimer_.setSingleShot(true);
  secondTimer_.setInterval(1000);
  connect(&refreshTimer_, &QTimer::timeout, this, &OverviewPage::refresh);
  connect(&secondTimer_, &QTimer::timeout, this, &OverviewPage::everySecond);

  auto& source = cluster();
  for (const auto signal : {&cluster::Cluster::instancesChanged, &cluster::Cluster::sampled})
    connect(&source, signal, this, &OverviewPage::scheduleRefresh);
  connect(&source, &cluster::Cluster::instanceChanged, this, &OverviewPage::scheduleRefresh);
  connect(&source, &cluster::Cluster::canChangeChanged, this, &OverviewPage::scheduleRefresh);
  connect(&source, &cluster::Cluster::redisChanged, this, &OverviewPage::scheduleRefresh);
  connect(&source, &cluster::Cluster::startFailed, this, [this](const QString& sentence) {
    startFailure_ = sentence;
    scheduleRefresh();
  });
  if (services.alerts != nullptr)
    connect(services.alerts, &cluster::AlertWatch::changed, this, &OverviewPage::scheduleRefresh);
  connect(&source.tokens(), &cluster::Tokens::changed, this, &OverviewPage::scheduleRefresh);
  connect(&source.journal(), &cluster::Journal::appended, this, &OverviewPage::scheduleRefresh);

  connect(first_->steps(), &FirstSteps::issueRequested, this, &OverviewPage::issueRequested);
  connect(first_->steps(), &FirstSteps::clusterRequested, this,
          [this] { Q_EMIT actionRequested(QStringLiteral("profile.cluster")); });
  connect(first_->steps(), &FirstSteps::connectionRequested, this,
          [this] { Q_EMIT actionRequested(QStringLiteral("profile.new")); });
  connect(first_->steps(), &FirstSteps::hideRequested, this, [this] {
    stepsHidden_ = true;
    display();
  });
  connect(first_->steps(), &FirstSteps::streamCommandRequested, this, [this] {
    if (!cluster().instances().isEmpty())
      copyText(overview::streamCommand(cluster().instances().first().url), tr("Command copied"));
  });
  connect(first_->shell(), &ShellCard::copyAsked, this,
          [this](const QString& command) { copyText(command, tr("Command copied")); });
  connect(first_->server(), &LocalServerCard::chosen, this, [this](InstanceVerb verb) { perform(0, verb); });
  connect(normal_, &NormalView::chosen, this, &OverviewPage::perform);
  connect(normal_, &NormalView::issueRequested, this, &OverviewPage::issueRequested);
  connect(normal_, &NormalView::allTokensRequested, this, [this] { Q_EMIT openPage(PageId::Tokens); });
  connect(normal_, &NormalView::logRequested, this, &Page::openLog);
  connect(normal_, &NormalView::pageRequested, this, &Page::openPage);
  connect(normal_, &NormalView::copyRequested, this,
          [this](const QString& address) { copyText(address, tr("Address copied")); });
  refresh();
  display();
}

overview::Look OverviewPage::look() const { return {cluster().now(), options_.wall()}; }

void OverviewPage::focusInstance(int slot) { normal_->focusInstance(slot); }

bool OverviewPage::showsFirstStart() const {
  return !everIssued_ && !stepsHidden_ && cluster().profile().kind == cluster::ProfileKind::LocalServer &&
         cluster().instances().size() == 1;
}

void OverviewPage::setInView(bool inView) {
  if (inView == inView_) return;
  inView_ = inView;
  cluster().tokens().setActive(inView);
  if (inView && showsFirstStart())  // it may have been installed meanwhile
    first_->steps()->setClusterDisabledBecause(options_.whyNoLocalCluster().value_or(QString()));
  if (!inView) {
    first_->hidePrincipal();
    secondTimer_.stop();
    return;
  }
  Q_EMIT badgeChanged(badge_);  // nobody may have listened when it was found
  secondTimer_.start();
  if (!paused_) everySecond();
}

void OverviewPage::setPaused(bool paused) {
  paused_ = paused;
  if (working()) everySecond();
}

void OverviewPage::run() { cluster().retryNow(); }

void OverviewPage::escape() { first_->hidePrincipal(); }

QVariantMap OverviewPage::viewState() const {
  return {{everIssuedKey, everIssued_}, {stepsHiddenKey, stepsHidden_}};
}

void OverviewPage::restoreViewState(const QVariantMap& state) {
  everIssued_ = everIssued_ || state.value(everIssuedKey).toBool();
  stepsHidden_ = state.value(stepsHiddenKey).toBool();
  display();
}

void OverviewPage::resizeEvent(QResizeEvent* event) {
  Page::resizeEvent(event);
  normal_->setAvailableWidth(event->size().width() - 2 * metrics::pageSide);
}

void OverviewPage::scheduleRefresh() {
  // The first news after a quiet quarter second shows at once, what follows waits for its turn.
  if (refreshTimer_.isActive()) return;
  const qint64 since = sinceRefresh_.isValid() ? sinceRefresh_.elapsed() : refreshMs;
  refreshTimer_.start(static_cast<int>(std::clamp<qint64>(refreshMs - since, 0, refreshMs)));
}

void OverviewPage::everySecond() {
  if (!working()) return;
  if (!showsFirstStart()) normal_->drawCurves(cluster(), look());
  refresh();
}

void OverviewPage::refresh() {
  sinceRefresh_.start();
  const auto& instances = cluster().instances();
  everIssued_ = everIssued_ || cluster().tokens().count() > 0 ||
                std::any_of(instances.begin(), instances.end(),
                            [](const auto& info) { return info.issuedTotal.value_or(0) > 0; });
  if (std::any_of(instances.begin(), instances.end(), [](const auto& info) { return info.answeredAt >= 0; }))
    startFailure_.clear();

  // The badge is seen from every page.
  const Badge badge = overview::badgeOf(instances, cluster().redis(), startFailure_.isEmpty() ? 0 : 1);
  if (!(badge == badge_)) {
    badge_ = badge;
    Q_EMIT badgeChanged(badge);
  }
  if (working()) display();
}

void OverviewPage::display() {
  const auto instances = health::judged(cluster().instances(), cluster().redis());
  const overview::Look moment = look();
  const bool firstStart = showsFirstStart();
  if (first_->isHidden() == firstStart || normal_->isHidden() != firstStart) {
    first_->setVisible(firstStart);
    normal_->setVisible(!firstStart);
    if (!firstStart) {
      first_->hidePrincipal();
      normal_->drawCurves(cluster(), moment);
    }
  }
  const auto verdict = overview::withAlerts(
      overview::verdictOf(cluster().profile(), instances, cluster().redis(), moment, firstStart, startFailure_),
      services().alerts, cluster());
  header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
  showCauses(instances);
  if (firstStart) {
    first_->display(instances.first(), moment);
    const bool live = instances.first().state == cluster::InstanceState::Live;
    first_->steps()->setIssueDisabledBecause(
        live ? dangerous::whyNot(cluster()) : tr("The local server does not answer yet."));
  } else {
    normal_->display(cluster(), instances, moment);
  }
}

void OverviewPage::showCauses(const QList<cluster::InstanceInfo>& instances) {
  const overview::Look moment = look();
  QStringList keys;
  const QList<BarAction> actions{
      {tr("Retry now"), QStringLiteral("arrow-repeat"), [this] { cluster().retryNow(); }, {}},
      {tr("Open log"), QStringLiteral("journal-text"), [this] { Q_EMIT openLog(); }, {}},
  };
  if (!startFailure_.isEmpty()) {
    keys << startFailureKey;
    bar_->setCause({startFailureKey, Mark::Fail, tr("The local server could not start."), startFailure_, {}, actions});
  }
  const auto& redis = cluster().redis();
  const auto isDown = [](const auto& info) { return info.state == cluster::InstanceState::Unreachable; };
  for (const auto& info : instances) {
    const bool down = isDown(info);
    // What only the others tell of it stands on its card and in the verdict.
    const bool judged = info.reason == QStringLiteral("redis_down") || info.reason == QStringLiteral("other_mode");
    if ((!down && (judged || info.state != cluster::InstanceState::Degraded)) || !startFailure_.isEmpty()) continue;
    const auto words = overview::causeOf(info, moment);
    const QString key = QStringLiteral("instance %1").arg(info.slot);
    keys << key;
    bar_->setCause({key, markOf(info.state), words.what, words.meaning, words.next,
                    (down ? cureOf(cluster(), info.slot, this) : QList<BarAction>{}) + actions});
  }
  if (redis.configured && redis.up == false && !std::all_of(instances.begin(), instances.end(), isDown)) {
    const auto words = overview::redisCause(redis, instances, moment);
    keys << redisKey;
    bar_->setCause(
        {redisKey, Mark::Unreachable, words.what, words.meaning, words.next,
         cureOf(cluster(), -1, this) +
             QList<BarAction>{{tr("Retry now"), QStringLiteral("arrow-repeat"), [this] { cluster().retryNow(); }, {}},
                              {tr("Open Redis"), {}, [this] { Q_EMIT openPage(PageId::Redis); }, {}}}});
  }
  for (const QString& key : std::as_const(causes_)) {
    if (!keys.contains(key)) bar_->clearCause(key);
  }
  causes_ = keys;
}

void OverviewPage::perform(int slot, InstanceVerb verb) {
  if (slot < 0 || slot >= cluster().instances().size()) return;
  switch (verb) {
    case InstanceVerb::OpenTokens: Q_EMIT openPage(PageId::Tokens); break;
    case InstanceVerb::OpenCharts: Q_EMIT openPage(PageId::Charts); break;
    case InstanceVerb::CopyAddress:
      copyText(cluster().instances().at(slot).url.toString(QUrl::RemoveUserInfo), tr("Address copied"));
      break;
    case InstanceVerb::RetryNow: cluster().retryNow(); break;
  }
}

void OverviewPage::copyText(const QString& text, const QString& done) {
  services().clipboard.copyPlain(text);
  Q_EMIT message(done);
}

}  // namespace vx11::ui
