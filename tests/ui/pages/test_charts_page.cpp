// The Charts page over a cluster that does what the test says: points appear, gaps and events are drawn, pause stands
// still, ranges and modes switch, and what is saved is what is seen.
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "charts/legend.h"
#include "charts/plot_area.h"
#include "charts/time_chart.h"
#include "core/cluster/fake_cluster.h"
#include "pages/charts_page.h"
#include "pages/charts_page_reader.h"
#include "widgets/page_header.h"

using namespace vx11::ui;
using namespace vx11::cluster;
using vx11::cluster::testing::FakeCluster;

namespace {

constexpr qint64 start = 1'700'000'000'000;

InstanceInfo instance(const QString& id, const QString& mode) {
  InstanceInfo info;
  info.id = id;
  info.mode = mode;
  info.state = InstanceState::Live;
  info.redisConfigured = mode != QStringLiteral("memory");
  return info;
}

}  // namespace

class ChartsPageTest : public QObject {
  Q_OBJECT

  ThemeManager* themes_ = nullptr;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<ChartsPage> page_;
  qint64 now_ = start;

  void second(double rate, int slot = 0) {
    cluster_->sample(slot, now_,
                     {{Metric::LiveTokens, 10},
                      {Metric::OpenStreams, 3},
                      {Metric::LocalHitRate, rate},
                      {Metric::MissRate, 1},
                      {Metric::CheckRate, rate + 1},
                      {Metric::IssueRate, 2},
                      {Metric::CheckP50, 0.2},
                      {Metric::CheckP95, 0.4},
                      {Metric::CheckP99, 0.9}});
  }
  /// One sample a second, from now on.
  void seconds(int n, double rate = 5) {
    for (int i = 0; i < n; ++i, now_ += 1000) second(rate);
    now_ -= 1000;
    page_->run();
  }
  [[nodiscard]] TimeChart* chart(const QString& title) const {
    for (TimeChart* c : page_->charts()) {
      if (c->spec().title == title) return c;
    }
    return nullptr;
  }
  [[nodiscard]] QString verdict() const { return page_->findChild<PageHeader*>()->verdict(); }

 private Q_SLOTS:
  void initTestCase() {
    QLocale::setDefault(QLocale::c());
    themes_ = new ThemeManager(this);
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void init() {
    now_ = start;
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->addInstance(instance(QStringLiteral("local"), QStringLiteral("memory")));
    page_ = std::make_unique<ChartsPage>(Services{*cluster_, *themes_, *clipboard_}, nullptr, [this] { return now_; });
    page_->resize(1064, 704);
    page_->show();
    page_->setInView(true);
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
  }

  void eightChartsTwoByFour() {
    QStringList titles;
    for (TimeChart* c : page_->charts()) titles += c->spec().title;
    QCOMPARE(titles, QStringList({"Redis memory", "Redis commands", "Hits", "Misses", "Local hit ratio",
                                  "Issue and check rate", "Check latency", "Open streams"}));
    QCoreApplication::processEvents();
    QCOMPARE(page_->charts()[0]->y(), page_->charts()[1]->y());
    QVERIFY(page_->charts()[2]->y() > page_->charts()[0]->y());
    QCOMPARE(page_->charts()[2]->x(), page_->charts()[0]->x());
  }

  void oneColumnWhereTwoDontFit() {
    page_->resize(640, 500);
    QCoreApplication::processEvents();
    QCOMPARE(page_->charts()[1]->x(), page_->charts()[0]->x());
    QVERIFY(page_->charts()[1]->y() > page_->charts()[0]->y());
  }

  void emptyItSaysWhenTheFirstPointComes() {
    QVERIFY(verdict().contains(QStringLiteral("1 s")));
    page_->run();
    QCOMPARE(chart(QStringLiteral("Misses"))->plot().data().whenEmpty, QStringLiteral("first point in 1 s"));
  }

  void pointsAppearWithSamples() {
    second(5);
    now_ += 1000;
    second(7);
    TimeChart* hits = chart(QStringLiteral("Hits"));
    QCOMPARE(hits->value(0), 7.0);
    QCOMPARE(hits->legend().value(0), QStringLiteral("7.0"));
    QCOMPARE(hits->legend().value(1), QStringLiteral("not used"));
    QCOMPARE(chart(QStringLiteral("Open streams"))->legend().value(0), QStringLiteral("3"));
    QCOMPARE(chart(QStringLiteral("Local hit ratio"))->legend().value(0), QStringLiteral("88 %"));
    QVERIFY(verdict().startsWith(QStringLiteral("Up to date")));
  }

  void memoryModeHasNoRedisCharts() {
    seconds(3);
    QVERIFY(!page_->charts()[0]->plot().isVisible());
    QVERIFY(page_->charts()[0]->accessibleName().contains(QStringLiteral("Not used: tokens are kept in memory")));
    cluster_->setInstance([&] {
      auto info = cluster_->instances().first();
      info.redisConfigured = true;
      info.mode = QStringLiteral("hybrid");
      return info;
    }());
    page_->run();
    QVERIFY(page_->charts()[0]->plot().isVisibleTo(page_.get()));
  }

  void aLongSilenceIsAGapWithItsLength() {
    seconds(60);
    now_ += 31'000;
    seconds(60);
    const ChartData& data = chart(QStringLiteral("Hits"))->plot().data();
    QCOMPARE(data.gaps.size(), 1);
    QVERIFY(data.gaps.first().whole);
    QCOMPARE(data.gaps.first().words.left(10), QStringLiteral("no answer "));
    QCOMPARE(runs(data.curves[0]).size(), std::size_t{2});
    // At a step of 1 s the length is exact.
    page_->restoreViewState({{QStringLiteral("range"), 1}});
    QCOMPARE(chart(QStringLiteral("Hits"))->plot().data().gaps.first().words, QStringLiteral("no answer 30 s"));
  }

  void oneOfTwoSilentIsAStrip() {
    cluster_->addInstance(instance(QStringLiteral("b"), QStringLiteral("memory")));
    for (int i = 0; i < 90; ++i, now_ += 1000) {
      second(5, 0);
      if (i < 30 || i >= 60) second(5, 1);
    }
    page_->restoreViewState({{QStringLiteral("range"), 1}});
    const ChartData& data = chart(QStringLiteral("Hits"))->plot().data();
    QCOMPARE(data.gaps.size(), 1);
    QVERIFY(!data.gaps.first().whole);
    QCOMPARE(data.gaps.first().words, QStringLiteral("b: no answer 30 s"));
    QCOMPARE(runs(data.curves[0]).size(), std::size_t{1});
    const ChartData& streams = chart(QStringLiteral("Open streams"))->plot().data();
    QCOMPARE(runs(streams.curves[1]).size(), std::size_t{2});
  }

  void withoutChecksThereIsNoRatioAndNoGap() {
    for (int i = 0; i < 60; ++i, now_ += 1000)
      cluster_->sample(0, now_, {{Metric::LiveTokens, 0}, {Metric::CheckRate, 0}});
    const ChartData& ratio = chart(QStringLiteral("Local hit ratio"))->plot().data();
    QVERIFY(ratio.gaps.isEmpty());
    QCOMPARE(ratio.whenEmpty, QStringLiteral("no checks"));
    QCOMPARE(chart(QStringLiteral("Check latency"))->legend().value(1), QStringLiteral("no checks"));
    QCOMPARE(chart(QStringLiteral("Issue and check rate"))->legend().value(0), QStringLiteral("0.0"));
  }

  void eventsStandInEveryChartAndTheirWordsInOne() {
    seconds(30);
    cluster_->mark({TimeMark::Kind::InstanceBack, now_ - 5000, QStringLiteral("local"), {}});
    for (TimeChart* c : page_->charts()) {
      if (c->plot().isVisibleTo(page_.get()))
        QCOMPARE(c->plot().data().marks.first().words, QStringLiteral("local back"));
    }
  }

  void marksHaveWords_data() {
    QTest::addColumn<TimeMark>("mark");
    QTest::addColumn<QString>("words");
    const QString a = QStringLiteral("a");
    QTest::newRow("mode") << TimeMark{TimeMark::Kind::ModeSwitch, 0, a, QStringLiteral("hybrid")} << "a in hybrid mode";
    QTest::newRow("failover") << TimeMark{TimeMark::Kind::Failover, 0, a, {}} << "Redis failover";
    QTest::newRow("gone") << TimeMark{TimeMark::Kind::InstanceGone, 0, a, QStringLiteral("timed_out")} << "a gone";
    QTest::newRow("back") << TimeMark{TimeMark::Kind::InstanceBack, 0, a, {}} << "a back";
    QTest::newRow("drain") << TimeMark{TimeMark::Kind::Drain, 0, a, {}} << "a drains";
    QTest::newRow("alert") << TimeMark{TimeMark::Kind::Alert, 0, a, QStringLiteral("Refusals")} << "Refusals, a";
    QTest::newRow("alert of the whole") << TimeMark{TimeMark::Kind::Alert, 0, {}, QStringLiteral("Redis down")}
                                        << "Redis down";
    QTest::newRow("start") << TimeMark{TimeMark::Kind::ServerStarted, 0, a, QStringLiteral("http://x")} << "a started";
    QTest::newRow("redis gone") << TimeMark{TimeMark::Kind::RedisGone, 0, a, QStringLiteral("refused")} << "Redis gone";
    QTest::newRow("redis back") << TimeMark{TimeMark::Kind::RedisBack, 0, a, {}} << "Redis back";
    QTest::newRow("restart") << TimeMark{TimeMark::Kind::ServerStarted, 0, a, QStringLiteral("restarted")}
                             << "a restarted";
  }
  void marksHaveWords() {
    QFETCH(TimeMark, mark);
    QTEST(markWords(mark), "words");
  }

  void pauseStandsStill() {
    seconds(10);
    const TimeSpan before = page_->range();
    const auto points = chart(QStringLiteral("Hits"))->plot().data().curves[0].size();
    page_->setPaused(true);
    for (int i = 0; i < 20; ++i) {
      now_ += 1000;
      second(50);
    }
    QCOMPARE(page_->range(), before);
    QCOMPARE(chart(QStringLiteral("Hits"))->plot().data().curves[0].size(), points);
    QCOMPARE(chart(QStringLiteral("Hits"))->value(0), 5.0);
    QVERIFY(verdict().startsWith(QStringLiteral("Paused at")));
    page_->setPaused(false);
    QCOMPARE(chart(QStringLiteral("Hits"))->value(0), 50.0);
  }

  void theVerdictNamesWhoIsSilent() {
    seconds(3);
    auto info = cluster_->instances().first();
    info.state = InstanceState::Unreachable;
    cluster_->setInstance(info);
    page_->run();
    QVERIFY(verdict().startsWith(QStringLiteral("local does not answer.")));
    info.state = InstanceState::Stopped;
    cluster_->setInstance(info);
    page_->run();
    QVERIFY(verdict().startsWith(QStringLiteral("local is stopped.")));
  }

  void timeGoesOnWhileNobodyAnswers() {
    seconds(30);
    const qint64 before = page_->range().to;
    now_ += 40'000;
    page_->tick();
    const ChartData& data = chart(QStringLiteral("Hits"))->plot().data();
    QCOMPARE(data.range.to, before + 40'000);
    QCOMPARE(data.gaps.size(), 1);
    QCOMPARE(chart(QStringLiteral("Hits"))->legend().value(0), QStringLiteral("no answer"));
  }

  void outOfViewItDoesNothing() {
    seconds(3);
    page_->setInView(false);
    now_ += 1000;
    second(99);
    QCOMPARE(chart(QStringLiteral("Hits"))->value(0), 5.0);
    page_->setInView(true);
    QCOMPARE(chart(QStringLiteral("Hits"))->value(0), 99.0);
  }

  void ranges_data() {
    QTest::addColumn<int>("range");
    QTest::addColumn<qint64>("length");
    QTest::addColumn<qint64>("step");
    QTest::newRow("1 m") << 0 << qint64{60'000} << qint64{1000};
    QTest::newRow("5 m") << 1 << qint64{300'000} << qint64{1000};
    QTest::newRow("15 m") << 2 << qint64{900'000} << qint64{3000};
    QTest::newRow("1 h") << 3 << qint64{3'600'000} << qint64{12'000};
  }
  void ranges() {
    QFETCH(int, range);
    page_->setInView(false);
    now_ = start - 3'600'000;
    seconds(3601);
    page_->restoreViewState({{QStringLiteral("range"), range}});
    QTEST(page_->range().length(), "length");
    const ChartData& data = chart(QStringLiteral("Hits"))->plot().data();
    QTEST(data.step, "step");
    QVERIFY(data.curves[0].size() <= 600);
    QVERIFY(data.curves[0].front().at <= data.range.from + data.step);
    QCOMPARE(page_->viewState().value(QStringLiteral("range")).toInt(), range);
  }

  void nonsenseInTheViewStateIsIgnored() {
    page_->restoreViewState({{QStringLiteral("range"), 77}, {QStringLiteral("mode"), QStringLiteral("x")}});
    QCOMPARE(page_->range().length(), 900'000);
    QCOMPARE(page_->viewState().value(QStringLiteral("mode")).toInt(), 0);
  }

  /// Three instances and Redis on a lane of its own: sums, the worst, the ratio of sums, and the memory's mark.
  void severalAreSummedAndRedisIsNot() {
    for (int i = 0; i < 3; ++i) {
      if (i > 0) cluster_->addInstance(instance(QString(QChar(u'a' + i)), QStringLiteral("hybrid")));
      else cluster_->setInstance(instance(QStringLiteral("a"), QStringLiteral("hybrid")));
    }
    RedisInfo redis;
    redis.configured = true;
    redis.up = true;
    redis.usedMemory = qint64{90} << 20;
    redis.maxMemory = qint64{100} << 20;
    cluster_->setRedis(redis);
    for (int s = 0; s < 5; ++s, now_ += 1000) {
      for (int slot = 0; slot < 3; ++slot) {
        cluster_->editHistory().add(slot, now_, {{Metric::LiveTokens, 10}, {Metric::OpenStreams, slot},
                                                 {Metric::LocalHitRate, slot == 0 ? 30 : 0}, {Metric::RedisHitRate, 9},
                                                 {Metric::MissRate, 1}, {Metric::LocalMissRate, 10},
                                                 {Metric::HitRatio, slot == 0 ? 0.75 : 0}, {Metric::CheckP95, 1 + slot}});
      }
      cluster_->editHistory().add(-1, now_, {{Metric::RedisMemory, 90.0 * 1024 * 1024}, {Metric::RedisCommandRate, 31}});
    }
    now_ -= 1000;
    page_->run();
    const auto value = [&](const char* title, int curve) {
      return chart(QString::fromLatin1(title))->legend().value(curve);
    };
    QCOMPARE(value("Redis memory", 0), QStringLiteral("90 MiB"));
    QCOMPARE(value("Redis commands", 0), QStringLiteral("31.0"));
    QCOMPARE(value("Hits", 0), QStringLiteral("30.0"));
    QCOMPARE(value("Hits", 1), QStringLiteral("27.0"));
    QCOMPARE(value("Misses", 0), QStringLiteral("30.0"));
    QCOMPARE(value("Misses", 1), QStringLiteral("3.0"));
    QCOMPARE(value("Local hit ratio", 0), QStringLiteral("50 %"));
    QCOMPARE(value("Check latency", 1), QStringLiteral("3.0"));
    QCOMPARE(value("Open streams", 2), QStringLiteral("2"));
    const auto& limits = chart(QStringLiteral("Redis memory"))->plot().data().limits;
    QCOMPARE(limits.size(), 1);
    QCOMPARE(limits.first().value, 80.0);
  }

  void redisAwayIsAGapOfItsChartsAlone() {
    cluster_->setInstance(instance(QStringLiteral("a"), QStringLiteral("hybrid")));
    RedisInfo redis;
    redis.configured = true;
    redis.up = true;
    cluster_->setRedis(redis);
    for (int i = 0; i < 40; ++i, now_ += 1000) {
      second(5);
      if (i < 30) cluster_->editHistory().add(-1, now_, {{Metric::RedisMemory, 1024}, {Metric::RedisCommandRate, 31}});
    }
    now_ -= 1000;
    page_->restoreViewState({{QStringLiteral("range"), 0}});
    // Nobody said that it is gone: so far it was only not asked.
    QVERIFY(chart(QStringLiteral("Redis memory"))->plot().data().gaps.isEmpty());
    redis.up = false;
    cluster_->setRedis(redis);
    cluster_->editHistory().mark({TimeMark::Kind::RedisGone, now_ - 9000, QStringLiteral("127.0.0.1:6379"), {}});
    page_->run();
    for (const char* title : {"Redis memory", "Redis commands"}) {
      const auto& gaps = chart(QString::fromLatin1(title))->plot().data().gaps;
      QCOMPARE(gaps.size(), 1);
      QVERIFY(gaps.first().whole);
      QVERIFY2(gaps.first().words.startsWith(QStringLiteral("no answer ")), qPrintable(gaps.first().words));
    }
    QVERIFY(chart(QStringLiteral("Hits"))->plot().data().gaps.isEmpty());
    QVERIFY2(verdict().startsWith(QStringLiteral("Redis does not answer.")), qPrintable(verdict()));
  }

  void perInstanceNoChartMixesMetrics() {
    cluster_->addInstance(instance(QStringLiteral("b"), QStringLiteral("hybrid")));
    page_->restoreViewState({{QStringLiteral("mode"), 1}});
    QCOMPARE(page_->charts().size(), std::size_t{10});
    for (const ChartPlan& plan : chartPlans(ChartMode::PerInstance, cluster_->instances(), cluster_->redis())) {
      QCOMPARE(plan.sources.size(), plan.spec.curves.size());
      for (const CurveSource& source : plan.sources) QCOMPARE(source.metric, plan.sources.first().metric);
    }
    QCOMPARE(chart(QStringLiteral("Local misses"))->spec().curves.at(1).name, QStringLiteral("b"));
    page_->restoreViewState({{QStringLiteral("mode"), 0}});
    QCOMPARE(page_->charts().size(), std::size_t{8});
  }

  void theCursorIsReadInAllCharts() {
    for (int i = 0; i < 60; ++i, now_ += 1000) second(i);
    TimeChart* hits = chart(QStringLiteral("Hits"));
    page_->restoreViewState({{QStringLiteral("range"), 0}});
    hits->plot().setFocus();
    for (int i = 0; i < 10; ++i) QTest::keyClick(&hits->plot(), Qt::Key_Left);
    QVERIFY(verdict().startsWith(QStringLiteral("Cursor at ")));
    QCOMPARE(hits->value(0), 50.0);
    QCOMPARE(chart(QStringLiteral("Issue and check rate"))->value(0), 51.0);
    page_->escape();
    QCOMPARE(hits->value(0), 59.0);
  }

  void zoomIsSharedAndReset() {
    seconds(600);
    const TimeSpan wanted{now_ - 200'000, now_ - 100'000};
    PlotArea& plot = chart(QStringLiteral("Hits"))->plot();
    const PlotGeometry geometry = plot.geometryNow();
    QTest::mousePress(&plot, Qt::LeftButton, {}, QPoint(qRound(geometry.x(wanted.from)), 30));
    QTest::mouseMove(&plot, QPoint(qRound(geometry.x(wanted.to)), 30));
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, QPoint(qRound(geometry.x(wanted.to)), 30));
    QVERIFY(std::abs(page_->range().from - wanted.from) < 6000 && std::abs(page_->range().to - wanted.to) < 6000);
    QCOMPARE(chart(QStringLiteral("Misses"))->plot().data().range, page_->range());
    QTest::mouseDClick(&plot, Qt::LeftButton, {}, QPoint(100, 30));
    QCOMPARE(page_->range().length(), 900'000);
  }

  void theTableHasASecondALine() {
    seconds(60, 5);
    page_->restoreViewState({{QStringLiteral("range"), 0}});
    const QList<QByteArray> lines = page_->csv().trimmed().split('\n');
    QCOMPARE(lines.size(), 1 + 61);
    QVERIFY(lines.first().startsWith("time,redis_memory_bytes,redis_commands_per_s,local_hits_per_s,"));
    QVERIFY(lines.first().endsWith(",open_streams@local"));
    const QList<QByteArray> last = lines.last().split(',');
    QCOMPARE(last.size(), lines.first().split(',').size());
    QCOMPARE(last.at(0), QDateTime::fromMSecsSinceEpoch(now_, Qt::UTC).toString(Qt::ISODate).toUtf8());
    QCOMPARE(last.at(1), QByteArray());
    QCOMPARE(last.at(3), QByteArray("5"));
  }

  void aStrangeIdCannotAddColumns() {
    cluster_->clearInstances();
    cluster_->addInstance(instance(QStringLiteral("a,\"b\""), QStringLiteral("memory")));
    page_->run();
    QVERIFY(page_->csv().split('\n').first().endsWith(",\"open_streams@a,\"\"b\"\"\""));
  }

  void thePictureHasEverything() {
    seconds(5);
    page_->resize(1064, 400);
    QCoreApplication::processEvents();
    QVERIFY(page_->picture().height() > 4 * 132);
  }

  void screenReadersHearNewestValues() {
    seconds(5, 7);
    QVERIFY(chart(QStringLiteral("Hits"))->accessibleName().contains(QStringLiteral("Local hits 7.0")));
  }
};

QTEST_MAIN(ChartsPageTest)
#include "test_charts_page.moc"
