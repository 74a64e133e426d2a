// How often the window asks: requests a second to each of three real instances, and INFO a second on their Redis, with
// the window in view, on a page that needs no polls, and minimised.
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>

#include "cluster/remote_cluster.h"
#include "core/cluster/tokend.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::testing::infosOf;
using cluster::testing::Tokend;
using cluster::testing::tokendPrincipal;

class TestWindowPolling : public QObject {
  Q_OBJECT
  std::unique_ptr<test::RedisServer> redis_;
  std::vector<std::unique_ptr<Tokend>> tokends_;

  struct Rates {
    double least = 1e9, most = 0;  ///< of the instances
    double info = 0;
  };
  [[nodiscard]] Rates during(const char* name, int seconds) const {
    QTest::qWait(1500);  // the change itself asks at once
    std::vector<double> before;
    for (const auto& tokend : tokends_) before.push_back(tokend->requests());
    const double infos = infosOf(*redis_);
    QElapsedTimer since;
    since.start();
    QTest::qWait(seconds * 1000);
    const double took = static_cast<double>(since.elapsed()) / 1000;
    Rates rates;
    QStringList all;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double rate = (tokends_[i]->requests() - before[i] - 1) / took;  // but for the question itself
      rates.least = std::min(rates.least, rate);
      rates.most = std::max(rates.most, rate);
      all.append(QString::number(rate, 'f', 2));
    }
    rates.info = (infosOf(*redis_) - infos - 1) / took;
    qInfo("%-22s requests/s of each instance: %s; INFO/s on Redis: %.2f", name,
          qPrintable(all.join(QStringLiteral(", "))), rates.info);
    return rates;
  }

 private Q_SLOTS:
  void followsWhatIsVisible() {
    VX11_NEEDS_PROCESSES();
    redis_ = std::make_unique<test::RedisServer>();
    if (!*redis_) QSKIP(redis_->error().c_str());
    cluster::Profile profile;
    profile.kind = cluster::ProfileKind::RemoteCluster;
    for (const char* id : {"a", "b", "c"}) {
      tokends_.push_back(std::make_unique<Tokend>(QString::fromLatin1(id), redis_->url()));
      QVERIFY2(tokends_.back()->start(), tokends_.back()->said().constData());
      profile.instances.append(tokends_.back()->url());
    }
    const auto remote = cluster::openRemoteCluster(profile, Secret(tokendPrincipal), {});
    const QTemporaryDir folder;
    ThemeManager themes;
    SettingsStore settings(folder.path());
    Profiles profiles(Profiles::Surroundings{cluster::ProfileStore(folder.filePath(QStringLiteral("profiles.json")))});
    MainWindow window(*remote, themes, settings, profiles);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QVERIFY(QTest::qWaitFor(
        [&] {
          const auto& all = remote->instances();
          return all.size() == 3 && remote->redis().up.value_or(false) &&
                 std::all_of(all.begin(), all.end(), [](const auto& one) { return one.state == InstanceState::Live; });
        },
        20'000));
    // One of the instances also tells how Redis is, and who else is there. Each asks Redis while it is asked.
    window.showPage(PageId::Overview);
    const Rates inView = during("in view (Overview)", 6);
    QVERIFY(inView.least > 0.7 && inView.most < 2.4 && inView.info < 3.4);
    window.showPage(PageId::Tokens);
    const Rates elsewhere = during("on another page", 11);
    QVERIFY(elsewhere.most < 0.7 && elsewhere.info < inView.info);
    window.showMinimized();
    const Rates minimised = during("minimised", 16);
    QVERIFY(minimised.most < 0.3 && minimised.info < elsewhere.info);
    window.showNormal();
    window.showPage(PageId::Overview);
    QVERIFY(during("in view again", 6).least > 0.7);
  }
};

QTEST_MAIN(TestWindowPolling)
#include "test_window_polling.moc"
