#include <QRegularExpression>
#include <QtTest>

#include <limits>
#include <thread>

#include "observe/metrics.h"

using namespace vx11::observe;
using namespace std::chrono_literals;

namespace {
QString rendered(const Registry& registry) { return QString::fromStdString(registry.render()); }
}  // namespace

class MetricsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void losesNoIncrement();
  void rendersTheGoldenText();
  void rendersHistograms();
  void escapes();
  void givesTheSameCounterAgain();
  void rendersWhileOthersCount();
  void knowsTheProcess();
};

void MetricsTest::losesNoIncrement() {
  Counter counter;
  constexpr int threads = 20;  // more than there are stripes
  constexpr std::uint64_t each = 20'000;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&counter] {
      for (std::uint64_t n = 0; n < each; ++n) counter.add();
      counter.add(3);
    });
  }
  for (auto& thread : running) thread.join();
  QCOMPARE(counter.value(), threads * (each + 3));
}

void MetricsTest::rendersTheGoldenText() {
  Registry registry;
  registry.counter("a_total", "Counts a.", {{"kind", "x"}}).add(5);
  registry.sampled(Registry::Type::gauge, "b_bytes", "Size.", [] { return 1.5e9; });
  registry.sampled(Registry::Type::untyped, "c", "Old name.", [] { return 0.25; });
  registry.counter("a_total", "Counts a.", {{"kind", "y"}, {"by", "z"}}).add(7);
  registry.sampled(Registry::Type::counter, "d_total", "Read.", [] { return -0.0; });
  registry.sampled(Registry::Type::gauge, "e", "Odd.", [] { return std::numeric_limits<double>::quiet_NaN(); });
  registry.sampled(Registry::Type::gauge, "f", "Odd.", [] { return -std::numeric_limits<double>::infinity(); });
  registry.sampled(Registry::Type::gauge, "g", "Odd.", [] { return -3.0; });
  QCOMPARE(rendered(registry),
           "# HELP a_total Counts a.\n"
           "# TYPE a_total counter\n"
           "a_total{kind=\"x\"} 5\n"
           "a_total{kind=\"y\",by=\"z\"} 7\n"
           "# HELP b_bytes Size.\n"
           "# TYPE b_bytes gauge\n"
           "b_bytes 1500000000\n"
           "# HELP c Old name.\n"
           "# TYPE c untyped\n"
           "c 0.25\n"
           "# HELP d_total Read.\n"
           "# TYPE d_total counter\n"
           "d_total 0\n"
           "# HELP e Odd.\n"
           "# TYPE e gauge\n"
           "e NaN\n"
           "# HELP f Odd.\n"
           "# TYPE f gauge\n"
           "f -Inf\n"
           "# HELP g Odd.\n"
           "# TYPE g gauge\n"
           "g -3\n");
  QCOMPARE(rendered(registry), rendered(registry));
}

void MetricsTest::rendersHistograms() {
  Registry registry;
  auto& histogram = registry.histogram("t_seconds", "Time.", {0.001, 0.01, 1}, {{"op", "issue"}});
  histogram.observe(500us);
  histogram.observe(1ms);  // a bound includes its own value
  histogram.observe(5ms);
  histogram.observe(2s);
  histogram.observe(1h);  // over the last fine bucket
  QCOMPARE(rendered(registry),
           "# HELP t_seconds Time.\n"
           "# TYPE t_seconds histogram\n"
           "t_seconds_bucket{op=\"issue\",le=\"0.001\"} 2\n"
           "t_seconds_bucket{op=\"issue\",le=\"0.01\"} 3\n"
           "t_seconds_bucket{op=\"issue\",le=\"1\"} 3\n"
           "t_seconds_bucket{op=\"issue\",le=\"+Inf\"} 5\n"
           "t_seconds_sum{op=\"issue\"} 3602.0065\n"
           "t_seconds_count{op=\"issue\"} 5\n");
}

void MetricsTest::escapes() {
  Registry registry;
  registry.counter("a_total", "Back\\slash,\nline and \"quote\".", {{"path", "C:\\x\n\"y\""}});
  QCOMPARE(rendered(registry),
           "# HELP a_total Back\\\\slash,\\nline and \"quote\".\n"
           "# TYPE a_total counter\n"
           "a_total{path=\"C:\\\\x\\n\\\"y\\\"\"} 0\n");
}

void MetricsTest::givesTheSameCounterAgain() {
  Registry registry;
  auto& first = registry.counter("a_total", "A.", {{"k", "1"}});
  // Many more families and series must not move the first.
  for (int i = 0; i < 200; ++i) {
    registry.counter("a_total", "A.", {{"k", "other" + std::to_string(i)}});
    registry.counter("b" + std::to_string(i) + "_total", "B.");
  }
  auto& again = registry.counter("a_total", "A.", {{"k", "1"}});
  QCOMPARE(&first, &again);
  first.add(4);
  QCOMPARE(again.value(), std::uint64_t{4});
  QCOMPARE(rendered(registry).count("# TYPE a_total counter"), 1);
}

void MetricsTest::rendersWhileOthersCount() {
  Registry registry;
  auto& histogram = registry.histogram("t_seconds", "Time.", {0.001, 0.1});
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) histogram.observe(2ms);
  });
  const QRegularExpression values(R"(le="0\.1"\} (\d+)\n.*le="\+Inf"\} (\d+)\n.*_count (\d+))",
                                  QRegularExpression::DotMatchesEverythingOption);
  bool consistent = true;
  for (int i = 0; i < 200; ++i) {
    const auto match = values.match(rendered(registry));
    consistent = consistent && match.hasMatch() && match.captured(1) == match.captured(2) &&
                 match.captured(2) == match.captured(3);
  }
  stop = true;
  writer.join();
  QVERIFY(consistent);
}

void MetricsTest::knowsTheProcess() {
  Registry registry;
  register_process_metrics(registry);
  const QString text = rendered(registry);
  const auto value = [&text](const char* name) {
    const QRegularExpression line(QString("^%1 (.*)$").arg(name), QRegularExpression::MultilineOption);
    bool ok = false;
    const double number = line.match(text).captured(1).toDouble(&ok);
    return ok ? number : -1;
  };
  QVERIFY(value("process_cpu_seconds_total") >= 0);
  QVERIFY(value("process_resident_memory_bytes") > 1e6);
  QVERIFY(value("process_open_fds") >= 3);
  QVERIFY(value("process_max_fds") >= value("process_open_fds"));
  QVERIFY(value("process_threads") >= 1);
  const double now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
  QVERIFY(value("process_start_time_seconds") > now - 3600 && value("process_start_time_seconds") < now + 5);

  const double before = value("process_open_fds");
  QTemporaryFile file;
  QVERIFY(file.open());
  const QString later = rendered(registry);
  QVERIFY(later.contains(QString("\nprocess_open_fds %1\n").arg(before + 1)));
}

QTEST_GUILESS_MAIN(MetricsTest)
#include "metrics_test.moc"
