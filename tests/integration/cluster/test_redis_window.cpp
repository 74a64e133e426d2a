// The Redis page of a real window over three real instances and a Redis of its own: under load, paused, killed and
// back. What is looked at is what the page shows a person, above all how old it says that is.
#include <QApplication>
#include <QLabel>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "cluster/local_cluster.h"
#include "pages/redis_facts.h"
#include "pages/redis_page.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"
#include "support/redis_load.h"
#include "support/redis_server.h"
#include "widgets/figure.h"
#include "widgets/key_value.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using vx11::test::RedisLoad;
using vx11::test::RedisServer;

namespace {

constexpr int patienceMs = 30'000;

/// "told by a, as of 14:32:05, 12 s ago": 12; -1: no age.
double secondsIn(const QString& words) {
  static const QRegularExpression pattern(QStringLiteral("([0-9.,]+) s ago"));
  const auto match = pattern.match(words);
  return match.hasMatch() ? QLocale().toDouble(match.captured(1)) : -1;
}

}  // namespace

class TestRedisWindow : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<MainWindow> window_;
  RedisPage* page_ = nullptr;
  std::unique_ptr<RedisLoad> load_;
  QStringList proof_;

  [[nodiscard]] PageHeader& header() const { return *page_->findChild<PageHeader*>(); }
  [[nodiscard]] QString verdict() const { return header().verdict(); }
  /// Beside the title: who told, and when.
  [[nodiscard]] QString source() const {
    const auto labels = header().findChildren<QLabel*>();
    const auto found = std::find_if(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->isVisible() && (label->text().startsWith(QStringLiteral("told by ")) ||
                                    label->text().startsWith(QStringLiteral("asked ")));
    });
    return found == labels.end() ? QString() : (*found)->text();
  }
  /// Commands, clients, hit ratio, last save, AOF, up for.
  [[nodiscard]] QString figure(int place) const {
    return page_->findChild<RedisStrip*>()->figures().at(place)->text();
  }
  [[nodiscard]] bool isHealthy() const {
    return verdict().startsWith(QStringLiteral("Healthy.")) && secondsIn(source()) >= 0 && secondsIn(source()) < 3;
  }
  [[nodiscard]] double commandsPerSecond() const {
    return QLocale().toDouble(figure(0).section(u'/', 0, 0).trimmed());
  }
  void say(const char* phase) {
    proof_ << QStringLiteral("%1: \"%2\", %3, %4").arg(QLatin1String(phase), verdict(), source(), figure(0));
  }
  /// It says "Down.", what it showed stays, and the age it tells is that of the last answer.
  void verifyItAges(const char* phase) {
    QTRY_VERIFY_WITH_TIMEOUT(verdict().startsWith(QStringLiteral("Down.")), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(secondsIn(source()) >= 6, patienceMs);  // old from 5 s on: then with the time of day
    const QString version = figure(5), asOf = source().section(QStringLiteral(", "), 1, 1);
    const double age = secondsIn(source());
    QVERIFY2(asOf.startsWith(QStringLiteral("as of ")), qPrintable(source()));
    QTest::qWait(2'500);
    const double told = secondsIn(source());
    const double real = static_cast<double>(cluster_->now() - cluster_->redis().answeredAt) / 1000;
    QVERIFY2(told >= age + 1.5, qPrintable(source()));
    QVERIFY2(told <= real + 0.5 && told >= real - 2.5, qPrintable(QStringLiteral("%1 of %2").arg(told).arg(real)));
    QCOMPARE(figure(5), version);
    QVERIFY(figure(0) != QStringLiteral("unknown"));
    QVERIFY2(verdict().contains(QStringLiteral("What stands below is as of ")), qPrintable(verdict()));
    QCOMPARE(header().mark(), Mark::Unreachable);
    say(phase);
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    redis_ = std::make_unique<RedisServer>();
    if (!*redis_) QSKIP(redis_->error().c_str());
    cluster::LocalClusterOptions options;
    options.firstPort = 0;
    options.tokendProgram = QStringLiteral(VX11_BIN_DIR "/vx11-tokend");
    options.redisUrl = Secret(redis_->url());
    themes_ = std::make_unique<ThemeManager>();
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    cluster_ = cluster::openLocalCluster(options);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->resize(1280, 800);
    window_->show();
    window_->showPage(PageId::Redis);
    page_ = window_->findChild<RedisPage*>();
    QVERIFY(page_ != nullptr && page_->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(isHealthy(), patienceMs);
  }
  void cleanupTestCase() {
    load_.reset();
    window_.reset();
    cluster_.reset();
    redis_.reset();
  }

  void underLoad() {
    load_ = std::make_unique<RedisLoad>(redis_->port());
    QTRY_VERIFY_WITH_TIMEOUT(isHealthy() && commandsPerSecond() > 500, patienceMs);
    QCOMPARE(header().mark(), Mark::Live);
    say("under load");
  }
  /// What a backend in another language writes into the same Redis.
  void tokensOfForeignIssuers() {
    const auto row = [this] {
      for (const auto* each : page_->findChildren<KeyValueRow*>())
        if (each->accessibleName().startsWith(QStringLiteral("Tokens: "))) return each->value();
      return QString();
    };
    QCOMPARE(row(), QStringLiteral("0 live, none foreign"));
    vx11::test::RedisConsole redis(redis_->port());
    for (int i = 0; i < 3; ++i) {
      const QString name = QStringLiteral("vx11:ephemeral_token:") + QUuid::createUuid().toString(QUuid::WithoutBraces);
      QCOMPARE(redis.command({"SET", name.toStdString(),
                              R"({"created_at":1.5,"ttl_sec":60,"issued_by":"py-1"})", "EX", "60"}),
               std::string("OK"));
    }
    cluster::IssueSpec two;
    two.count = 2;
    cluster_->issue(two);
    QTRY_COMPARE_WITH_TIMEOUT(row(), QStringLiteral("5 live, 3 by py-1 (foreign)"), patienceMs);
    proof_ << QStringLiteral("two issued here and three by another backend: Tokens \"%1\"").arg(row());
  }
  void paused() {
    redis_->pause();
    verifyItAges("paused");
  }
  void resumed() {
    load_.reset();
    redis_->resume();
    QTRY_VERIFY_WITH_TIMEOUT(isHealthy(), patienceMs);
    say("resumed");
  }
  void killed() {
    redis_->kill();
    verifyItAges("killed");
  }
  void back() {
    QVERIFY(redis_->start_again());
    QTRY_VERIFY_WITH_TIMEOUT(isHealthy(), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(cluster_->redis().uptimeSec.value_or(99) < 30, patienceMs);
    QVERIFY2(secondsIn(figure(5) + QStringLiteral(" ago")) < 30, qPrintable(figure(5)));
    say("back");
  }

 public:
  [[nodiscard]] QString proof() const { return proof_.join(QStringLiteral("; ")); }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  TestRedisWindow test;
  const int failed = QTest::qExec(&test, argc, argv);
  std::printf("the Redis page of a window: %s: %s\n", failed == 0 ? "proved" : "NOT proved", qPrintable(test.proof()));
  return failed;
}

#include "test_redis_window.moc"
