// The window over a real local cluster of three, and whole operations on it by clicks: dry run, start, pause, go on,
// abort, a failed step, one by hand, another's hold, and one that was interrupted and is resumed.
// With VX11_SHOTS a folder gets a picture of each state in both themes and two sizes.
#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>

#include "cluster/local_cluster.h"
#include "cluster/remote_cluster.h"
#include "dialogs/confirm_dialog.h"
#include "pages/rollback_page.h"
#include "pages/rollback_plan_view.h"
#include "pages/rollback_setup.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "support/needs_processes.h"
#include "widgets/inline_bar.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;

namespace {

constexpr int patienceMs = 30'000;

}  // namespace

class RollbackWindowTest : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<cluster::Cluster> remote_;  ///< the same instances, as a profile of their own
  std::unique_ptr<MainWindow> window_;
  QByteArray nginx_;
  QStringList clicked_;
  bool broken_ = false;

  [[nodiscard]] bool all(const QString& mode) const {
    const auto& instances = cluster_->instances();
    return std::all_of(instances.begin(), instances.end(), [&](const auto& one) {
      return one.state == cluster::InstanceState::Live && one.mode == mode;
    });
  }
  [[nodiscard]] QWidget& page() const { return *window_->pages().current(); }
  [[nodiscard]] QString verdict() const { return page().findChild<PageHeader*>()->verdict(); }
  [[nodiscard]] Mark mark() const { return page().findChild<PageHeader*>()->mark(); }
  [[nodiscard]] InlineBar& bar() const { return *page().findChild<InlineBar*>(); }
  [[nodiscard]] QString nginxPath() const { return dir_.filePath(QStringLiteral("upstream.conf")); }
  [[nodiscard]] QByteArray fileNow() const {
    QFile file(nginxPath());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  [[nodiscard]] QAbstractButton* find(QWidget& within, const QString& text) const {
    for (auto* each : within.findChildren<QAbstractButton*>())
      if (each->isVisible() && each->text() == text) return each;
    return nullptr;
  }
  /// As a hand does: where it is shown, once it can be pressed.
  void click(QWidget& within, const char* text) {
    const QString words = QString::fromUtf8(text);
    QTRY_VERIFY2_WITH_TIMEOUT(find(within, words) != nullptr, text, patienceMs);
    QTRY_VERIFY2_WITH_TIMEOUT(find(within, words)->isEnabled(), text, patienceMs);
    QTest::mouseClick(find(within, words), Qt::LeftButton);
    clicked_ << words;
  }
  void click(const char* text) { click(page(), text); }
  [[nodiscard]] ConfirmDialog* dialog() const { return window_->findChild<ConfirmDialog*>(); }
  void confirm() {
    QTRY_VERIFY(dialog());
    QTRY_VERIFY(dialog()->isVisible());
    QTest::mouseClick(dialog()->verbButton(), Qt::LeftButton);
    clicked_ << dialog()->verbButton()->text();
    QTRY_VERIFY(!dialog());
  }
  void waitFor(const QString& beginning) {
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().startsWith(beginning), qPrintable(beginning + QStringLiteral(" / ") + verdict()),
                              patienceMs);
  }
  /// The old tokens may live on for minutes: nobody waits here until they are gone.
  void waitForDrain() {
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().contains(QStringLiteral("letting old tokens run out.")), qPrintable(verdict()),
                              patienceMs);
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().contains(QStringLiteral(" left.")), qPrintable(verdict()), patienceMs);
  }
  void type(const char* field, const QString& text) {
    for (auto* each : page().findChildren<QLineEdit*>()) {
      if (each->accessibleName() != QString::fromUtf8(field)) continue;
      QTest::mouseClick(each, Qt::LeftButton);
      each->selectAll();
      text.isEmpty() ? QTest::keyClick(each, Qt::Key_Delete) : QTest::keyClicks(each, text);
    }
  }
  /// A run is on its way to `mode` with the nginx file and this reload command, and these minutes of watching.
  void begin(const char* segment, const char* verb, const QString& reload, const char* watch) {
    if (find(page(), QStringLiteral("New plan")) != nullptr) click("New plan");
    click(*page().findChild<RollbackSetup*>(), segment);
    type("nginx file", nginxPath());
    type("Reload command", reload);
    click(watch);
    QTRY_VERIFY_WITH_TIMEOUT(planHas(QStringLiteral("Reload nginx")), patienceMs);
    click(verb);
    allowCommand();
    confirm();
  }
  /// Asked at a command's first use on this machine; the question after it is another.
  void allowCommand() {
    const auto asks = [this] { return dialog() && dialog()->verbButton()->text() == QStringLiteral("Allow 1 command"); };
    QTRY_VERIFY(dialog() && dialog()->isVisible());
    if (!asks()) return;
    QTest::mouseClick(dialog()->verbButton(), Qt::LeftButton);
    clicked_ << QStringLiteral("Allow 1 command");
    QTRY_VERIFY(dialog() && !asks());
  }
  [[nodiscard]] bool planHas(const QString& title) const {
    const auto& plan = page().findChild<RollbackPlanView*>()->plan();
    for (int row = 0; row < plan.rowCount(); ++row)
      if (plan.index(row).data().toString() == title) return true;
    return false;
  }
  /// What runs in this process ends with it and is not kept: only of a remote cluster an operation can be resumed.
  void openRemote() {
    window_.reset();
    cluster::Profile profile;
    profile.name = QStringLiteral("eu-staging");
    profile.id = QStringLiteral("p1");
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.environment = cluster::Environment::Staging;
    for (const auto& info : cluster_->instances()) profile.instances << info.url;
    remote_ = cluster::openRemoteCluster(profile, cluster_->localPrincipal(), {});
    window_ = std::make_unique<MainWindow>(*remote_, *themes_, *settings_, *profiles_);
    window_->show();
    window_->showPage(PageId::Rollback);
  }
  void shoot(const char* name) {
    const QString folder = qEnvironmentVariable("VX11_SHOTS");
    if (folder.isEmpty()) return;
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
      themes_->choose(choice);
      for (const QSize size : {QSize(1024, 700), QSize(1280, 800)}) {
        window_->resize(size);
        QTest::qWait(150);
        window_->grab().save(QStringLiteral("%1/%2-%3-%4-%5x.png")
                                 .arg(folder, QString::fromLatin1(name)).arg(size.width())
                                 .arg(choice == ThemeChoice::Dark ? QStringLiteral("dark") : QStringLiteral("light"))
                                 .arg(window_->devicePixelRatioF()));
      }
    }
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    qputenv("XDG_STATE_HOME", dir_.filePath(QStringLiteral("state")).toLocal8Bit());
    if (const QString folder = qEnvironmentVariable("VX11_SHOTS"); !folder.isEmpty()) QDir().mkpath(folder);
    cluster::LocalClusterOptions options;
    options.firstPort = 0;
    options.tokendProgram = QStringLiteral(VX11_BIN_DIR "/vx11-tokend");
    themes_ = std::make_unique<ThemeManager>();
    settings_ = std::make_unique<SettingsStore>(dir_.path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_.filePath(QStringLiteral("profiles.json")))});
    cluster_ = cluster::openLocalCluster(options);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("hybrid")), patienceMs);
    QByteArray servers;
    for (const auto& info : cluster_->instances())
      servers += "  server " + info.url.host().toLatin1() + ':' + QByteArray::number(info.url.port()) + ";\n";
    nginx_ = "# kept\n# vx11 begin\nupstream operator_backend {\n" + servers + "}\n# vx11 end\n# kept, too\n";
    QFile file(nginxPath());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(nginx_);
    window_->showPage(PageId::Rollback);
  }
  // Each goes on where the one before left the cluster.
  void init() {
    if (broken_) QSKIP("what was before it failed");
  }
  void cleanup() { broken_ = broken_ || QTest::currentTestFailed(); }
  void cleanupTestCase() {
    window_.reset();
    remote_.reset();
    cluster_.reset();
  }

  void aDryRunChangesNothing() {
    shoot("before");
    click("Dry run");
    waitFor(QStringLiteral("It can be done."));
    QVERIFY(all(QStringLiteral("hybrid")));
    QCOMPARE(fileNow(), nginx_);
    shoot("dry-run");
  }

  void startsPausesGoesOnAndAborts() {
    begin("memory", "Roll back to memory…", QStringLiteral("true"), "1 min");
    click("Pause after this step");
    waitFor(QStringLiteral("Paused before step"));
    const QString where = verdict();
    QTest::qWait(1500);
    QCOMPARE(verdict(), where);  // nothing was begun meanwhile
    shoot("paused");
    click("Go on");
    waitForDrain();
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("memory")), patienceMs);
    QVERIFY(fileNow().contains("ip_hash"));
    shoot("running");
    click("Abort and put back…");
    QTRY_VERIFY(dialog());
    confirm();
    waitFor(QStringLiteral("Aborted. Everything is as it was."));
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("hybrid")), patienceMs);
    QCOMPARE(fileNow(), nginx_);
    shoot("aborted");
  }

  void aFailedReloadWaitsForTheOperator() {
    begin("memory", "Roll back to memory…", QStringLiteral("false"), "not at all");
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().contains(QStringLiteral("failed, reloading nginx.")), qPrintable(verdict()), patienceMs);
    QCOMPARE(mark(), Mark::Warning);
    QVERIFY(fileNow().contains("ip_hash"));
    click("Retry");
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().contains(QStringLiteral("failed, reloading nginx.")), qPrintable(verdict()), patienceMs);
    click("Skip…");
    shoot("failed");
    click("Abort and put back…");
    confirm();
    waitFor(QStringLiteral("Aborted."));
    QCOMPARE(fileNow(), nginx_);
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("hybrid")), patienceMs);
  }

  void aReloadByHandIsAsked() {
    begin("memory", "Roll back to memory…", QString(), "not at all");
    QTRY_VERIFY2_WITH_TIMEOUT(verdict().contains(QStringLiteral("waits for you")), qPrintable(verdict()), patienceMs);
    shoot("by-hand");
    click("Done, go on");
    waitFor(QStringLiteral("Done"));
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("memory")), patienceMs);
    shoot("done");
    begin("hybrid", "Roll forward to hybrid…", QStringLiteral("true"), "not at all");
    waitFor(QStringLiteral("Done"));
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("hybrid")), patienceMs);
    QVERIFY(!fileNow().contains("ip_hash"));
  }

  void anothersOperationIsNamedAndThenResumed() {
    openRemote();
    QProcess other;
    QStringList words;
    for (const auto& info : cluster_->instances())
      words << QStringLiteral("--instance") << info.url.toString(QUrl::StripTrailingSlash);
    words << QStringLiteral("rollback") << QStringLiteral("--to") << QStringLiteral("memory") << QStringLiteral("--yes")
          << QStringLiteral("--watch-seconds") << QStringLiteral("2");
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const Secret secret = cluster_->localPrincipal();
    const auto principal = secret.reveal();
    environment.insert(QStringLiteral("VX11_OPERATOR_TOKEN"),
                       QString::fromUtf8(principal.data(), static_cast<qsizetype>(principal.size())));
    environment.insert(QStringLiteral("USER"), QStringLiteral("ana"));
    other.setProcessEnvironment(environment);
    other.start(QStringLiteral(VX11_BIN_DIR "/vx11ctl"), words);
    QVERIFY(other.waitForStarted());
    QTRY_VERIFY2_WITH_TIMEOUT(all(QStringLiteral("memory")), qPrintable(verdict()), patienceMs);

    click(*page().findChild<RollbackSetup*>(), "redis");
    click("Dry run");
    QTRY_VERIFY_WITH_TIMEOUT(bar().isVisible(), patienceMs);
    QTRY_VERIFY2_WITH_TIMEOUT(bar().text().contains(QStringLiteral("holds the modes since")), qPrintable(bar().text()), patienceMs);
    QVERIFY2(bar().text().contains(QStringLiteral("ana@")), qPrintable(bar().text()));
    shoot("held");

    ::kill(static_cast<pid_t>(other.processId()), SIGKILL);
    other.waitForFinished();
    click(bar(), "Look again");
    QTRY_VERIFY2_WITH_TIMEOUT(bar().text().contains(QStringLiteral("was not ended")), qPrintable(bar().text()),
                              patienceMs);
    shoot("unfinished");
    click(bar(), "Resume");
    waitForDrain();
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("memory")), patienceMs);  // and no mode was changed again
    QVERIFY(!bar().isVisible());
    shoot("resumed");
    click("Abort and put back…");
    confirm();
    waitFor(QStringLiteral("Aborted. Everything is as it was."));
    QTRY_VERIFY_WITH_TIMEOUT(all(QStringLiteral("hybrid")), patienceMs);
    window_->showPage(PageId::Overview);
    window_->showPage(PageId::Rollback);
    QVERIFY(find(bar(), QStringLiteral("Resume")) == nullptr);  // nothing is left of it
  }

 public:
  [[nodiscard]] QString proof() const { return clicked_.join(QStringLiteral(", ")); }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  RollbackWindowTest test;
  const int failed = QTest::qExec(&test, argc, argv);
  std::printf("rollback in the window (%s): %s: by clicks on %s\n", qPrintable(QGuiApplication::platformName()),
              failed == 0 ? "proved" : "NOT proved", qPrintable(test.proof()));
  return failed;
}

#include "rollback_window_test.moc"
