// The dock's alerts over a watch: rows in their order and words, what can be said to them, the history, the runbooks,
// the thresholds; and the two worst on the Overview.
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <memory>

#include "cluster/alert_watch.h"
#include "core/cluster/fake_cluster.h"
#include "pages/alert_list.h"
#include "pages/alert_thresholds_view.h"
#include "pages/alert_words.h"
#include "pages/alerts_view.h"
#include "pages/log_text.h"
#include "pages/overview_alerts.h"
#include "pages/runbook_view.h"
#include "ui/alert_steps.h"
#include "widgets/empty_state.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Alert;
using cluster::AlertKey;
using cluster::AlertKind;
using cluster::AlertWatch;
using cluster::InstanceState;
using cluster::testing::FakeCluster;

class TestAlerts : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<AlertWatch> watch_;
  std::unique_ptr<AlertsView> view_;

  static constexpr AlertKey downA{AlertKind::InstanceDown, 0}, downB{AlertKind::InstanceDown, 1};

  void go(int seconds) { testing::go(*cluster_, *watch_, seconds); }
  void set(int slot, InstanceState state) { testing::set(*cluster_, slot, state); }
  [[nodiscard]] AlertList* list(const char* name) const {
    for (auto* one : view_->findChildren<AlertList*>())
      if (one->accessibleName() == QLatin1String(name)) return one;
    return nullptr;
  }
  [[nodiscard]] const QList<AlertRow*>& rows() const { return list("Alerts now")->rows(); }
  static QPushButton* button(const QWidget& in, const char* text) {
    for (auto* one : in.findChildren<QPushButton*>())
      if (one->text() == QString::fromUtf8(text)) return one;
    return nullptr;
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void init() {
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->setNow(1'000'000);
    for (const char* id : {"fra-1", "fra-2"}) {
      cluster::InstanceInfo info;
      info.id = QString::fromLatin1(id);
      info.state = InstanceState::Live;
      info.uptimeSec = 5;
      info.ttlSec = 60;
      info.liveTokens = 0;
      cluster_->addInstance(info);
    }
    watch_ = std::make_unique<AlertWatch>(*cluster_, nullptr, false);
    view_ = std::make_unique<AlertsView>(Services{*cluster_, *themes_, *clipboard_, watch_.get()});
    view_->resize(1000, 220);
    view_->show();
    QVERIFY(QTest::qWaitForWindowExposed(view_.get()));
    go(1);
  }
  void cleanup() {
    view_.reset();
    watch_.reset();
    cluster_.reset();
  }
  void cleanupTestCase() {
    clipboard_.reset();
    themes_.reset();
  }

  void nothingFires() {
    QCOMPARE(alerts::countWords(watch_.get()), QStringLiteral("No alerts"));
    QCOMPARE(alerts::countWords(nullptr), QStringLiteral("No alerts"));
    QVERIFY(rows().isEmpty());
    bool said = false;
    for (auto* empty : view_->findChildren<EmptyState*>())
      said = said || (empty->isVisible() && empty->sentence().startsWith(QStringLiteral("No alert. 11 rules")));
    QVERIFY(said);
    QVERIFY(!view_->findChild<RunbookView*>()->isVisible());
  }

  void aRowSaysWhatAndSinceWhen() {
    set(0, InstanceState::Unreachable);
    go(11);
    QCOMPARE(alerts::countWords(watch_.get()), QStringLiteral("1 pending"));
    QCOMPARE(rows().size(), 1);
    QVERIFY2(rows()[0]->accessibleName().startsWith(
                 QStringLiteral("Pending, fra-1 is down, Down for 10 s. Fires after 30 s.")),
             qPrintable(rows()[0]->accessibleName()));
    QVERIFY(!button(*rows()[0], "Acknowledge")->isEnabled());
    go(60);
    QCOMPARE(alerts::countWords(watch_.get()), QStringLiteral("1 alert"));
    QVERIFY2(rows()[0]->accessibleName().startsWith(
                 QStringLiteral("Critical, fra-1 is down, Down for 1 min. Its streams are cut; the others go on.")),
             qPrintable(rows()[0]->accessibleName()));
    QVERIFY(view_->findChild<RunbookView*>()->toPlainText().startsWith(QStringLiteral("Instance down")));
    set(0, InstanceState::Live);
    go(13);
    QVERIFY2(rows()[0]->accessibleName().startsWith(
                 QStringLiteral("Critical, fra-1 was down, Back for 12 s. Ends after 30 s.")),
             qPrintable(rows()[0]->accessibleName()));
  }

  void acknowledgedByButtonAndKey() {
    set(0, InstanceState::Unreachable);
    set(1, InstanceState::Unreachable);
    go(31);
    QCOMPARE(rows().size(), 2);
    const AlertKey first = rows()[0]->key(), second = rows()[1]->key();
    button(*rows()[1], "Acknowledge")->click();
    QVERIFY(watch_->find(second)->acknowledged && !watch_->find(first)->acknowledged);
    QVERIFY(rows()[1]->accessibleName().contains(QStringLiteral("acknowledged")));
    QCOMPARE(rows()[1]->key(), second);  // keeps its place
    QCOMPARE(view_->acknowledge(), QStringLiteral("Acknowledged: %1 is down").arg(watch_->find(first)->instance));
    QVERIFY(watch_->find(first)->acknowledged);
    QVERIFY(view_->acknowledge().isEmpty());
  }

  void silencedFromTheMenu() {
    set(0, InstanceState::Unreachable);
    go(31);
    button(*rows()[0], "Silence for…")->click();
    auto* menu = rows()[0]->findChild<QMenu*>();
    QVERIFY(menu);
    QStringList words;
    for (QAction* action : menu->actions()) words << action->text();
    QCOMPARE(words, QStringList({QStringLiteral("15 min"), QStringLiteral("1 h"), QStringLiteral("Until resolved")}));
    menu->actions().first()->trigger();
    menu->close();
    QCOMPARE(watch_->find(downA)->silencedUntil, cluster_->now() + 900'000);
    QVERIFY(rows()[0]->accessibleName().contains(QStringLiteral("silenced for 15 min")));
    QCOMPARE(alerts::countWords(watch_.get()), QStringLiteral("No alerts"));
    button(*rows()[0], "End silence")->click();
    QCOMPARE(alerts::countWords(watch_.get()), QStringLiteral("1 alert"));
  }

  void clearedGoToTheHistory() {
    set(0, InstanceState::Unreachable);
    go(31);
    set(0, InstanceState::Live);
    go(31);
    QVERIFY(rows().isEmpty());
    view_->showTab(AlertsView::Tab::Past);
    const auto& past = list("Alerts that cleared")->rows();
    QCOMPARE(past.size(), 1);
    QVERIFY(past[0]->accessibleName().startsWith(QStringLiteral("Cleared, fra-1 is down")));
    QVERIFY(!button(*past[0], "Acknowledge"));
    QVERIFY(view_->findChild<RunbookView*>()->isVisible());
  }

  void whatWasChosenStaysChosen() {
    set(0, InstanceState::Unreachable);
    go(31);
    AlertRow* row = rows()[0];
    row->setFocus();
    cluster::InstanceInfo info = cluster_->instances()[1];
    info.liveTokens = 9001;
    cluster_->setInstance(info);
    go(1);
    set(1, InstanceState::Unreachable);
    go(31);
    QCOMPARE(rows().size(), 3);
    QVERIFY(rows().contains(row));  // the same widget: focus and menus stay
    QVERIFY(row->hasFocus());
    QCOMPARE(list("Alerts now")->chosen(), downA);
    for (AlertRow* one : rows()) QTRY_VERIFY(one->isVisible());
    const qsizetype at = rows().indexOf(row);
    QTest::keyClick(row, at == 0 ? Qt::Key_Down : Qt::Key_Up);
    QVERIFY(list("Alerts now")->chosen() != downA);
    view_->choose({AlertKind::LiveTokens, 1});
    QVERIFY(view_->findChild<RunbookView*>()->toPlainText().startsWith(QStringLiteral("Live tokens")));
  }

  void everyRuleHasItsWords_data() {
    QTest::addColumn<int>("rule");
    for (std::size_t i = 0; i < cluster::alertRules().size(); ++i)
      QTest::newRow(cluster::alertRules()[i].key) << static_cast<int>(i);
  }
  void everyRuleHasItsWords() {
    QFETCH(int, rule);
    Alert alert;
    alert.key = {cluster::alertRules()[static_cast<std::size_t>(rule)].kind, 0};
    alert.instance = QStringLiteral("fra-1");
    alert.firing = true;
    QVERIFY(!alerts::title(alert, *cluster_).isEmpty());
    QVERIFY(!alerts::ruleSentence(alert.key.kind).isEmpty());
    const QString book = alerts::runbook(alert.key.kind);
    for (const char* part : {"# ", "**Look**", "**Do**"}) QVERIFY2(book.contains(QLatin1String(part)), part);
  }

  void titlesHaveFiguresAndThresholds_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("threshold");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("begins");
    const auto row = [](AlertKind kind, double value, double threshold, const char* title, const char* begins) {
      QTest::newRow(title) << static_cast<int>(kind) << value << threshold << QString::fromUtf8(title)
                           << QString::fromUtf8(begins);
    };
    row(AlertKind::Refusals, 12.4, 10, "Refusals 12.4/s on fra-1", "Over 10/s for 4 min. ");
    row(AlertKind::RedisMemory, 0.83, 0.8, "Redis memory 83 %", "Over 80 % for 4 min. At 100 % issuing answers 503.");
    row(AlertKind::LiveTokens, 9001, 9000, "9,001 live tokens on fra-1", "Over 9,000 for 4 min. ");
    row(AlertKind::PrincipalStreams, 0.22, 0.1, "Principals open 22 % of streams", "Over 10 % for 4 min. ");
    row(AlertKind::IssueLatency, 72, 50, "Issue p95 72 ms on fra-1", "Over 50 ms for 4 min. ");
    row(AlertKind::RedisDown, 1, 0, "Redis out of reach of 1 of 2 instances", "Down for 4 min. ");
    row(AlertKind::RedisDown, 2, 0, "Redis down", "Down for 4 min. ");
  }
  void titlesHaveFiguresAndThresholds() {
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QFETCH(int, kind);
    QFETCH(double, value);
    QFETCH(double, threshold);
    QFETCH(QString, begins);
    Alert alert;
    alert.key = {static_cast<AlertKind>(kind), 0};
    alert.instance = QStringLiteral("fra-1");
    alert.firing = true;
    alert.value = value;
    alert.threshold = threshold;
    alert.since = cluster_->now() - 240'000;
    QString title = alerts::title(alert, *cluster_), sentence = alerts::sentence(alert, *cluster_, 60);
    for (QString* text : {&title, &sentence}) text->replace(QChar(0x202f), u' ').replace(QChar(0xa0), u' ');
    QTEST(title, "title");
    QVERIFY2(sentence.startsWith(begins), qPrintable(sentence));
  }

  void refusalsTellOfADifferingMode() {
    cluster::InstanceInfo a = cluster_->instances()[0], b = cluster_->instances()[1];
    a.mode = QStringLiteral("memory");
    b.mode = QStringLiteral("hybrid");
    cluster_->setInstance(a);
    cluster_->setInstance(b);
    Alert alert;
    alert.key = {AlertKind::Refusals, 0};
    alert.firing = true;
    QVERIFY(alerts::sentence(alert, *cluster_, 60).endsWith(QStringLiteral("It runs in memory mode, others in hybrid.")));
  }

  void thresholdsChangeInPlace() {
    view_->showTab(AlertsView::Tab::Thresholds);
    const auto field = [this]<typename Field>(const char* name, Field*) {
      for (auto* one : view_->findChildren<Field*>())
        if (one->accessibleName() == QLatin1String(name)) return one;
      return static_cast<Field*>(nullptr);
    };
    auto* memory = field("Threshold of Redis memory", static_cast<QDoubleSpinBox*>(nullptr));
    auto* wait = field("How long Refusals has to last", static_cast<QSpinBox*>(nullptr));
    QVERIFY(memory && wait);
    QCOMPARE(memory->value(), 80.0);
    QSignalSpy kept(watch_.get(), &AlertWatch::stateChanged);
    memory->setValue(65);
    QCOMPARE(watch_->thresholds().of(AlertKind::RedisMemory).value, 0.65);
    wait->setValue(5);
    QCOMPARE(watch_->thresholds().of(AlertKind::Refusals).forSec, 5);
    QCheckBox* down = nullptr;
    for (auto* box : view_->findChildren<QCheckBox*>())
      if (box->text() == QStringLiteral("Instance down")) down = box;
    QVERIFY(down);
    down->click();
    QVERIFY(!watch_->thresholds().of(AlertKind::InstanceDown).on);
    QCOMPARE(kept.size(), 3);
    int resets = 0;
    for (auto* one : view_->findChildren<QAbstractButton*>()) {
      if (!one->isVisible() || !one->accessibleName().startsWith(QStringLiteral("Reset "))) continue;
      ++resets;
      one->click();
    }
    QCOMPARE(resets, 3);
    QCOMPARE(watch_->thresholds(), cluster::AlertThresholds());
    QCOMPARE(memory->value(), 80.0);
    set(0, InstanceState::Unreachable);
    go(31);
    QCOMPARE(watch_->firingCount(), 1);
  }

  void whatIsTypedStaysWhileAnAlertIsLookedAt() {
    view_->showTab(AlertsView::Tab::Thresholds);
    set(0, InstanceState::Unreachable);
    go(2);
    QVERIFY(!watch_->alerts().isEmpty());
    QDoubleSpinBox* memory = nullptr;
    for (auto* one : view_->findChildren<QDoubleSpinBox*>())
      if (one->accessibleName() == QStringLiteral("Threshold of Redis memory")) memory = one;
    QVERIFY(memory);
    auto* edit = memory->findChild<QLineEdit*>();
    QVERIFY(edit);
    memory->selectAll();
    QTest::keyClicks(edit, QStringLiteral("6"));
    const QString typed = edit->text();
    go(2);
    QCOMPARE(edit->text(), typed);
    QTest::keyClicks(edit, QStringLiteral("5"));
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(watch_->thresholds().of(AlertKind::RedisMemory).value, 0.65);
  }

  void theOverviewShowsTheTwoWorst() {
    AlertsCard card(watch_.get(), false);
    card.display(*cluster_);
    card.show();
    set(0, InstanceState::Unreachable);
    set(1, InstanceState::Unreachable);
    cluster::RedisInfo redis;
    redis.configured = true;
    redis.source = cluster::RedisInfo::Source::Direct;
    redis.up = false;
    cluster_->setRedis(redis);
    go(31);
    card.display(*cluster_);
    const auto shown = card.findChildren<AlertRow*>();
    QCOMPARE(std::count_if(shown.begin(), shown.end(), [](auto* row) { return !row->isHidden(); }), 2);
    QSignalSpy asked(watch_.get(), &AlertWatch::asked);
    button(*shown[0], "Runbook")->click();
    QCOMPARE(asked.size(), 1);
    button(*shown[0], "Acknowledge")->click();
    QVERIFY(watch_->find(shown[0]->key())->acknowledged);
  }

  void theVerdictNamesTheWorstUntilSomebodyHasSeenIt() {
    const overview::Verdict healthy{Mark::Live, QStringLiteral("Healthy."), QStringLiteral("2 of 2 instances live.")};
    const auto phrase = [&] { return overview::withAlerts(healthy, watch_.get(), *cluster_).phrase; };
    QCOMPARE(phrase(), healthy.phrase);
    set(0, InstanceState::Unreachable);
    set(1, InstanceState::Unreachable);
    go(31);
    const auto told = overview::withAlerts(healthy, watch_.get(), *cluster_);
    QCOMPARE(told.mark, Mark::Fail);
    QCOMPARE(told.phrase, QStringLiteral("2 alerts."));
    QVERIFY2(told.sentence.endsWith(QStringLiteral(". 2 of 2 instances live.")), qUtf8Printable(told.sentence));
    const overview::Verdict ill{Mark::Unreachable, QStringLiteral("Unreachable."), QStringLiteral("a is away.")};
    QCOMPARE(overview::withAlerts(ill, watch_.get(), *cluster_).phrase, ill.phrase);
    watch_->acknowledge(downA);
    QCOMPARE(phrase(), QStringLiteral("1 alert."));
    watch_->acknowledge(downB);
    QCOMPARE(phrase(), healthy.phrase);
  }

  void theLogHasTheirSentences() {
    set(0, InstanceState::Unreachable);
    go(31);
    const auto& entry = cluster_->journal().entries().back();
    QCOMPARE(logSentence(entry), QStringLiteral("Alert: Instance down, fra-1."));
    set(0, InstanceState::Live);
    go(31);
    QCOMPARE(logSentence(cluster_->journal().entries().back()), QStringLiteral("Alert over: Instance down, fra-1."));
  }
};

QTEST_MAIN(TestAlerts)
#include "test_alerts.moc"
