// A chart as one sees and uses it: curves where their values are, gaps empty, the shared cursor, hidden curves, zoom.
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <limits>

#include "charts/legend.h"
#include "charts/plot_area.h"
#include "charts/time_chart.h"

using namespace vx11::ui;
using vx11::cluster::Metric;
using vx11::cluster::Point;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr qint64 start = 1'700'000'000'000;

ChartSpec twoCurves() {
  const auto format = [](double v) { return QString::number(v, 'f', 1); };
  return {
      QStringLiteral("Hits"),
      QStringLiteral("/s"),
      Scale::Decimal,
      {{QStringLiteral("Local hits"), metricStyle(Metric::LocalHitRate), false, format, {}},
       {QStringLiteral("Redis hits"), metricStyle(Metric::RedisHitRate), false, format, QStringLiteral("not used")}}};
}

/// A minute; curve 0 is constantly 10 with nothing from the 20th to the 40th second, curve 1 constantly 30.
ChartData aMinute() {
  ChartData data;
  data.range = {start, start + 60'000};
  data.curves.resize(2);
  for (int i = 0; i <= 60; ++i) {
    const bool gap = i >= 20 && i < 40;
    data.curves[0].push_back({start + i * 1000, gap ? none : 10.0});
    data.curves[1].push_back({start + i * 1000, 30.0});
  }
  return data;
}

/// Pixels near (time, value) that are nearer to the curve's colour than to the ground.
bool paintedAt(TimeChart& chart, int curve, qint64 at, double value) {
  PlotArea& plot = chart.plot();
  const PlotGeometry geometry = plot.geometryNow();
  const QImage image = plot.grab().toImage();
  const QColor wanted = themeOf(chart.palette()).series(chart.spec().curves.at(curve).style.slot);
  const QPoint centre = QPointF(geometry.x(at), geometry.y(value)).toPoint();
  for (int dy = -2; dy <= 2; ++dy) {
    if (!image.rect().contains(centre + QPoint(0, dy))) continue;
    const QColor seen = image.pixelColor(centre + QPoint(0, dy));
    const int distance = std::abs(seen.red() - wanted.red()) + std::abs(seen.green() - wanted.green()) +
                         std::abs(seen.blue() - wanted.blue());
    if (distance < 90) return true;
  }
  return false;
}

}  // namespace

class TimeChartTest : public QObject {
  Q_OBJECT

  ThemeManager* themes_ = nullptr;
  ChartCursor* cursor_ = nullptr;
  TimeChart* chart_ = nullptr;

 private Q_SLOTS:
  void initTestCase() { themes_ = new ThemeManager(this); }
  void init() {
    themes_->choose(ThemeChoice::Dark);
    cursor_ = new ChartCursor;
    chart_ = new TimeChart(*cursor_);
    chart_->resize(520, 160);
    chart_->setSpec(twoCurves());
    chart_->setData(aMinute());
    chart_->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart_));
  }
  void cleanup() {
    delete chart_;
    delete cursor_;
  }

  void curvesLieAtTheirValuesInBothThemes() {
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
      themes_->choose(choice);
      QCOMPARE(chart_->plot().geometryNow().top, 40.0);
      QVERIFY(paintedAt(*chart_, 0, start + 10'000, 10));
      QVERIFY(paintedAt(*chart_, 1, start + 10'000, 30));
      QVERIFY(!paintedAt(*chart_, 0, start + 10'000, 20));
    }
  }

  void aGapStaysEmpty() {
    QVERIFY(paintedAt(*chart_, 0, start + 15'000, 10));
    QVERIFY(!paintedAt(*chart_, 0, start + 30'000, 10));
    QVERIFY(paintedAt(*chart_, 0, start + 45'000, 10));
    QVERIFY(paintedAt(*chart_, 1, start + 30'000, 30));
  }

  void aLonePointIsSeen() {
    ChartData data = aMinute();
    for (auto& point : data.curves[0]) point.value = point.at == start + 50'000 ? 10 : none;
    chart_->setData(data);
    QVERIFY(paintedAt(*chart_, 0, start + 50'400, 10));
  }

  void manyGapsComeAndGo() {
    ChartData data = aMinute();
    for (int i = 0; i <= 60; i += 2) data.curves[0][static_cast<std::size_t>(i)].value = none;
    chart_->setData(data);
    QVERIFY(paintedAt(*chart_, 0, start + 5'300, 10));
    data.curves[0].clear();
    chart_->setData(data);
    QVERIFY(!paintedAt(*chart_, 0, start + 5'300, 10));
  }

  void hiddenCurvesGoAndOthersKeepTheirColour() {
    chart_->legend().setHidden(1, true);
    QVERIFY(!paintedAt(*chart_, 1, start + 10'000, 30));
    QCOMPARE(chart_->plot().geometryNow().top, 10.0);
    QVERIFY(paintedAt(*chart_, 0, start + 10'000, 10));
    chart_->legend().setHidden(1, false);
    QVERIFY(paintedAt(*chart_, 1, start + 10'000, 30));
  }

  void aClickOnANameHides() {
    auto* entry = chart_->legend().findChild<LegendEntry*>();
    QVERIFY(entry != nullptr);
    QTest::mouseClick(entry, Qt::LeftButton);
    QVERIFY(chart_->legend().isHidden(0));
    entry->setFocus();
    QTest::keyClick(entry, Qt::Key_Space);
    QVERIFY(!chart_->legend().isHidden(0));
  }

  void valuesAreReadAtTheCursor() {
    QCOMPARE(chart_->legend().value(0), QStringLiteral("10.0"));
    cursor_->setAt(start + 30'000);
    QCOMPARE(chart_->legend().value(0), QStringLiteral("unknown"));
    QCOMPARE(chart_->legend().value(1), QStringLiteral("30.0"));
    QVERIFY(std::isnan(chart_->value(0)));
    cursor_->setAt({});
    QCOMPARE(chart_->legend().value(0), QStringLiteral("10.0"));
  }

  void withoutAValueItSaysWhy() {
    ChartData data = aMinute();
    for (auto& point : data.curves[1]) point.value = none;
    data.gaps = {{{start + 20'000, start + 40'000}, QStringLiteral("no answer 20 s"), true}};
    chart_->setData(data);
    QCOMPARE(chart_->legend().value(1), QStringLiteral("not used"));
    cursor_->setAt(start + 30'000);
    QCOMPARE(chart_->legend().value(0), QStringLiteral("no answer"));
    QVERIFY(chart_->plot().wordsAt(chart_->plot().geometryNow().x(start + 30'000)).contains(QStringLiteral("20 s")));
  }

  void theCursorIsSharedAndSnaps() {
    TimeChart other(*cursor_);
    other.setSpec(twoCurves());
    other.setData(aMinute());
    const PlotGeometry geometry = chart_->plot().geometryNow();
    QTest::mouseMove(&chart_->plot(), QPoint(qRound(geometry.x(start + 12'000)) + 1, 40));
    QCOMPARE(cursor_->at(), std::optional<qint64>(start + 12'000));
    QCOMPARE(other.legend().value(0), QStringLiteral("10.0"));
  }

  void arrowsMoveTheCursor() {
    PlotArea& plot = chart_->plot();
    QTest::keyClick(&plot, Qt::Key_Left);
    QCOMPARE(cursor_->at(), std::optional<qint64>(start + 59'000));
    QTest::keyClick(&plot, Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(cursor_->at(), std::optional<qint64>(start + 49'000));
    QTest::keyClick(&plot, Qt::Key_Home);
    QTest::keyClick(&plot, Qt::Key_Left);
    QCOMPARE(cursor_->at(), std::optional<qint64>(start));
    QTest::keyClick(&plot, Qt::Key_End);
    QTest::keyClick(&plot, Qt::Key_Right);
    QCOMPARE(cursor_->at(), std::optional<qint64>(start + 60'000));
  }

  void aDragAsksForAZoom() {
    PlotArea& plot = chart_->plot();
    const PlotGeometry geometry = plot.geometryNow();
    QSignalSpy zooms(cursor_, &ChartCursor::zoomRequested);
    const QPoint a(qRound(geometry.x(start + 40'000)), 40), b(qRound(geometry.x(start + 20'000)), 40);
    QTest::mousePress(&plot, Qt::LeftButton, {}, a);
    QTest::mouseMove(&plot, b);
    QVERIFY(cursor_->band().has_value());
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, b);
    QVERIFY(!cursor_->band().has_value());
    QCOMPARE(zooms.size(), 1);
    QCOMPARE(zooms.first().first().value<TimeSpan>(), (TimeSpan{start + 20'000, start + 40'000}));
  }

  void aClickIsNoZoomAndEscapeDropsTheBand() {
    PlotArea& plot = chart_->plot();
    QSignalSpy zooms(cursor_, &ChartCursor::zoomRequested);
    QSignalSpy resets(cursor_, &ChartCursor::resetRequested);
    QTest::mouseClick(&plot, Qt::LeftButton, {}, QPoint(200, 40));
    QTest::mousePress(&plot, Qt::LeftButton, {}, QPoint(200, 40));
    QTest::mouseMove(&plot, QPoint(300, 40));
    QTest::keyClick(&plot, Qt::Key_Escape);
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, QPoint(300, 40));
    QCOMPARE(zooms.size(), 0);
    QCOMPARE(resets.size(), 0);
    QTest::keyClick(&plot, Qt::Key_Escape);
    QCOMPARE(resets.size(), 1);
  }

  void eventsSayTheirWordsOnHover() {
    ChartData data = aMinute();
    data.marks = {{start + 25'000, QStringLiteral("fra-3 back")}};
    chart_->setData(data);
    const PlotGeometry geometry = chart_->plot().geometryNow();
    QVERIFY(chart_->plot().wordsAt(geometry.x(start + 25'000) + 3).contains(QStringLiteral("fra-3 back")));
    QVERIFY(chart_->plot().wordsAt(geometry.x(start + 45'000)).isEmpty());
  }

  void aLimitIsInView() {
    ChartData data = aMinute();
    data.limits = {{48, QStringLiteral("80 %")}};
    chart_->setData(data);
    QCOMPARE(chart_->plot().geometryNow().top, 50.0);
  }

  void notUsedHasNoAxes() {
    chart_->setNotUsed(QStringLiteral("Not used: tokens are kept in memory"));
    QVERIFY(!chart_->plot().isVisible());
    QVERIFY(!chart_->legend().isVisible());
    QVERIFY(chart_->accessibleName().contains(QStringLiteral("Not used")));
    chart_->setNotUsed({});
    QVERIFY(chart_->plot().isVisible());
  }

  void aScreenReaderHearsTheNewestValues() {
    cursor_->setAt(start + 30'000);
    QCOMPARE(chart_->accessibleName(), QStringLiteral("Hits, /s. Local hits 10.0, Redis hits 30.0"));
  }

  void theLegendGivesWayInNarrowCharts() {
    ChartSpec spec = twoCurves();
    while (spec.curves.size() < 10) spec.curves += spec.curves.first();
    chart_->setSpec(spec);
    chart_->setMinimumSize(0, 0);
    chart_->resize(420, 160);
    QCoreApplication::processEvents();
    for (const auto* entry : chart_->legend().findChildren<LegendEntry*>()) {
      if (!entry->isVisible()) continue;
      QVERIFY(entry->x() >= 0 && entry->geometry().right() <= chart_->legend().width());
      QVERIFY(!entry->toolTip().isEmpty());
    }
  }
};

QTEST_MAIN(TimeChartTest)
#include "test_time_chart.moc"
